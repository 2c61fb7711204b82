import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

import type { TestHooks } from "./test-hooks.ts";

/** Starts a server on this machine, at a port that is free, which it resolves with. After the test the server and its connections are closed. */
export async function listen(t: TestHooks, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  t.after(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}
