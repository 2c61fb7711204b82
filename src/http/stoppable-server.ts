import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

import { answerMalformedRequests } from "./malformed-requests.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** How long pending requests may take once the server stops, in milliseconds. Then their connections are closed. */
const responseTimeout = 8_000;

/** How long their handlers may go on without a connection, in milliseconds. */
const handlerTimeout = 3_000;

interface StoppableServer {
  server: http.Server;
  /** Accepts no connections any more, and resolves when the pending requests are handled. */
  stop: () => Promise<void>;
}

/**
 * Creates a server that knows its pending requests. While it stops, connections that clients have kept stay open as long as a
 * request is pending, so that the next request on them gets an answer.
 */
export function createStoppableServer(handle: Handler, options: http.ServerOptions): StoppableServer {
  const pending = new Map<ServerResponse, Promise<unknown>>();
  let isStopping = false;

  const server = http.createServer(options, (request, response) => {
    if (isStopping) response.setHeader("Connection", "close");
    const closed = new Promise((resolve) => response.once("close", resolve));
    const handled = Promise.allSettled([handle(request, response), closed]).then(() => {
      pending.delete(response);
      if (isStopping) request.socket.end();
    });
    pending.set(response, handled);
  });
  answerMalformedRequests(server);
  // http.Server#close calls it, and would cut connections on which a request is just arriving.
  server.closeIdleConnections = () => undefined;

  const allHandled = async (): Promise<void> => {
    while (pending.size > 0) await Promise.all(pending.values());
  };

  return {
    server,
    async stop() {
      isStopping = true;
      server.close();
      for (const response of pending.keys()) if (!response.headersSent) response.setHeader("Connection", "close");
      await withTimeout(allHandled(), responseTimeout);
      server.closeAllConnections();
      await withTimeout(allHandled(), handlerTimeout);
    },
  };
}

/** Resolves with the promise, or after the timeout. */
async function withTimeout(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
