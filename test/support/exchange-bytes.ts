import net from "node:net";

/** Sends bytes that need not be HTTP to a port of this machine, and resolves with what comes until the connection is closed. */
export function exchangeBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("latin1").on("data", (text: string) => (received += text));
    socket.on("error", () => undefined).once("close", () => resolve(received));
  });
}
