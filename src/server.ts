import http from "node:http";
import type { AddressInfo, Socket } from "node:net";

import type { Knex } from "knex";

import { createApp } from "./app.ts";
import { startCleanup } from "./background/cleanup.ts";
import type { Logger } from "./common/logger.ts";
import { OperationalError } from "./common/operational-error.ts";
import type { Config } from "./config/config.ts";

/** The server can't listen on its address or port. The message says what to do. */
class ListenError extends OperationalError {}

interface RunningServer {
  port: number;
  /** Accepts no new requests, and resolves when all pending ones are answered (graceful shutdown). */
  close(): Promise<void>;
}

/** How long pending requests may take once the server stops, in milliseconds. */
const shutdownTimeout = 10_000;

/** How long it may take to receive a request, in milliseconds: an upload of 200 MB over a slow connection. */
const requestTimeout = 30 * 60_000;

/** How many ports after the configured one are tried while they are in use. */
const maxPortRetries = 1000;

/** Starts an HTTP server over the database, and its background jobs. `onPortInUse` is called for each port that is in use. */
export async function serve(
  { config, database, log }: { config: Config; database: Knex; log: Logger },
  onPortInUse: (port: number, next: number) => void,
): Promise<RunningServer> {
  const app = await createApp({ config, database, log });
  const handle = app.callback();
  const server = http.createServer({ requestTimeout }, (request, response) => void handle(request, response));
  const close = trackConnections(server);
  await listen(server, config, onPortInUse);
  if (config.host?.protocol !== "https:") {
    log.warn(
      "Served over plain http: others on the network can read passwords and sessions. Put https in front, and set --host.",
    );
  }
  const { importer, exporter, repositories } = app.context;
  const jobRunners = [importer.jobRunner, exporter.jobRunner];
  for (const jobRunner of jobRunners) await jobRunner.open();
  const stopCleanup = startCleanup(repositories, log);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopCleanup();
      for (const jobRunner of jobRunners) await jobRunner.close();
      await close();
    },
  };
}

/** Throws ListenError where `serve` would, before anything else is done. */
export async function assertCanListen(config: Pick<Config, "port" | "internal_host">): Promise<void> {
  const server = http.createServer();
  await listen(server, config, () => undefined);
  await new Promise((resolve) => server.close(resolve));
}

/**
 * Returns the function that stops the server: it waits for the responses of pending requests and closes idle keep-alive
 * connections, also those that have sent no request yet, for which server.close() would wait.
 */
function trackConnections(server: http.Server): () => Promise<void> {
  const connections = new Set<Socket>();
  const pendingRequests = new Map<Socket, number>();
  let isClosing = false;
  server.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  server.on("request", ({ socket }, response) => {
    pendingRequests.set(socket, (pendingRequests.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const remaining = (pendingRequests.get(socket) ?? 1) - 1;
      if (remaining > 0) pendingRequests.set(socket, remaining);
      else pendingRequests.delete(socket);
      if (isClosing && remaining === 0) socket.end();
    });
  });
  return () =>
    new Promise((resolve) => {
      isClosing = true;
      server.close(() => resolve());
      for (const connection of connections) if (!pendingRequests.has(connection)) connection.destroy();
      // Clients that send or read too slowly are disconnected.
      setTimeout(() => server.closeAllConnections(), shutdownTimeout).unref();
    });
}

async function listen(
  server: http.Server,
  { port, internal_host }: Pick<Config, "port" | "internal_host">,
  onPortInUse: (port: number, next: number) => void,
): Promise<void> {
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOn(server, candidate, internal_host);
    } catch (error) {
      const isInUse = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!isInUse || candidate - port >= maxPortRetries || candidate >= 65_535)
        throw listenError(internal_host, candidate, error);
      onPortInUse(candidate, candidate + 1);
    }
  }
}

function listenOn(server: http.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function listenError(host: string, port: number, error: unknown): ListenError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new ListenError(
    `Can't listen on ${host}, port ${port} (${reason}): choose another with --internal-host or --port.`,
  );
}
