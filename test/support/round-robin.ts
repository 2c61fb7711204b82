import { once } from "node:events";
import http from "node:http";
import net from "node:net";

import { listen } from "./listen.ts";
import type { TestHooks } from "./test-hooks.ts";

export interface Proxy {
  /** Ends without a slash. */
  url: string;
  /** Where requests go, in turn. */
  ports: number[];
  /** The port that the last request to this path went to. */
  servedBy: (path: string) => number | undefined;
}

/** A plain proxy: each request goes to the next server, or to the one after where nobody listens any more. */
export async function startProxy(t: TestHooks): Promise<Proxy> {
  const ports: number[] = [];
  const last = new Map<string, number>();
  let turn = 0;

  const connection = async (): Promise<{ socket: net.Socket; port: number } | undefined> => {
    for (let tries = 0; tries < ports.length; tries++) {
      const port = ports[turn++ % ports.length] ?? 0;
      const socket = net.connect(port, "127.0.0.1");
      const isOpen = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      if (isOpen) return { socket, port };
    }
    return undefined;
  };

  const pass = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const to = await connection();
    if (!to) return void response.writeHead(502).end();
    last.set(request.url?.replace(/\?.*/, "") ?? "", to.port);
    const headers = {
      ...request.headers,
      "x-forwarded-for": request.socket.remoteAddress,
      "x-forwarded-proto": "http",
    };
    const { method = "GET", url = "/" } = request;
    const passed = http.request({ method, path: url, headers, createConnection: () => to.socket }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    passed.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    request.pipe(passed);
  };

  const server = http.createServer((request, response) => void pass(request, response));
  const port = await listen(t, server);
  return { url: `http://localhost:${port}`, ports, servedBy: (path) => last.get(path) };
}
