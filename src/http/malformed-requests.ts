import { STATUS_CODES } from "node:http";
import type { Server } from "node:http";
import type { Duplex } from "node:stream";

/** How long the rest of a request that is no HTTP is read before its connection is closed, in milliseconds. */
const readingTimeout = 2_000;

/** What Node's parser reports, with the status that says so; all else is 400. */
const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers requests that are no HTTP, and reads on for a moment: a connection that is closed while bytes arrive is reset, and a client
 * that still sends would not see the answer.
 */
export function answerMalformedRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
    const status = statuses[error.code ?? ""] ?? 400;
    // The parser would report each further byte.
    socket.removeAllListeners("data");
    socket.on("data", () => undefined).on("error", () => undefined);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    const timer = setTimeout(() => socket.destroy(), readingTimeout);
    socket.once("close", () => clearTimeout(timer));
  });
}
