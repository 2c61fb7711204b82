import net from "node:net";

/** A request as the bytes that are sent. */
export type RequestBytes = Buffer;

/** What a server is asked for, and with which status it answers. */
export interface LoadRequest {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: string | undefined;
}

export interface Load {
  /** This machine, unless another one is named. */
  host?: string;
  port: number;
  /** Sent in turn. */
  requests: LoadRequest[];
  status: number;
  connections: number;
  milliseconds: number;
}

/**
 * Sends requests over connections that are kept as long as the server keeps them, one at a time on each, and returns how many
 * were answered. By sockets and not by node:http, which would take as much time as the servers do; it finds where an answer ends,
 * and reads nothing else of it. Throws for an answer of another status.
 */
export async function sendLoad(load: Load): Promise<number> {
  const { host = "127.0.0.1", port, requests, status, connections, milliseconds } = load;
  const bytes = requests.map(toBytes);
  const end = performance.now() + milliseconds;
  let sent = 0;
  let answered = 0;
  const next = () => bytes[sent++ % bytes.length] as Buffer;
  const connect = () =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect({ port, host, noDelay: true }, () => socket.write(next()));
      const reader = answerReader(`HTTP/1.1 ${status} `);
      socket.on("data", (chunk) => {
        try {
          if (!reader(chunk)) return;
        } catch (error) {
          socket.destroy();
          reject(error as Error);
          return;
        }
        answered++;
        if (performance.now() < end) socket.write(next());
        else socket.destroy();
      });
      socket.on("close", () => resolve());
      socket.on("error", reject);
    });
  const client = async () => {
    while (performance.now() < end) await connect();
  };
  await Promise.all(Array.from({ length: connections }, client));
  return answered;
}

/** Sends the load, and returns how many requests a second were answered. */
export async function answersPerSecond(load: Load): Promise<number> {
  return (await sendLoad(load)) / (load.milliseconds / 1000);
}

function toBytes({ method, path, headers = {}, body }: LoadRequest): RequestBytes {
  const all = {
    Host: "127.0.0.1",
    ...headers,
    ...(body !== undefined && { "Content-Length": Buffer.byteLength(body) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`);
}

/** Returns a function that takes the pieces of answers, and says whether an answer ends with this one. */
function answerReader(expected: string): (chunk: Buffer) => boolean {
  let head: Buffer | undefined = Buffer.alloc(0);
  let left = 0;
  let isChunked = false;
  let tail = "";
  return (chunk) => {
    let body = chunk;
    if (head) {
      head = head.length > 0 ? Buffer.concat([head, chunk]) : chunk;
      const headEnd = head.indexOf("\r\n\r\n");
      if (headEnd === -1) return false;
      const text = head.toString("latin1", 0, headEnd);
      if (!text.startsWith(expected)) throw new Error(`Expected ${expected}, not ${head.toString("utf8", 0, 600)}`);
      body = head.subarray(headEnd + 4);
      isChunked = /\r\ntransfer-encoding: chunked/i.test(text);
      left = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
      head = undefined;
    }
    if (isChunked) {
      tail = (tail + body.toString("latin1")).slice(-5);
      if (tail !== "0\r\n\r\n") return false;
    } else {
      left -= body.length;
      if (left > 0) return false;
    }
    head = Buffer.alloc(0);
    tail = "";
    return true;
  };
}
