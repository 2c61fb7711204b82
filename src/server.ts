import http from "node:http";
import type { AddressInfo, Socket } from "node:net";

import type { Knex } from "knex";

import { createApp } from "./app.ts";
import { OperationalError } from "./common/operational-error.ts";
import type { Config } from "./config/config.ts";
import { startCleanup } from "./background/cleanup.ts";
import type { Logger } from "./common/logger.ts";

/** An address or port that can't be had. The message says what to do. */
export class ListenError extends OperationalError {}

export interface RunningServer {
  port: number;
  /** Takes no new requests, finishes those under way, and resolves when the last one is answered. */
  close(): Promise<void>;
}

/** How long requests under way may take once the server is asked to stop, in milliseconds. */
const patience = 10_000;

/** How long a request may take to arrive, in milliseconds: 200 MB may come over a slow line. Headers have a minute. */
const arrivalPatience = 30 * 60_000;

/** How many ports after the configured one are tried when it is taken. */
const portsToTry = 1000;

/** Listens with an app over this database. `onPortTaken` hears of each port that another program has. */
export async function serve(
  { config, database, log }: { config: Config; database: Knex; log: Logger },
  onPortTaken: (taken: number, next: number) => void,
): Promise<RunningServer> {
  const app = await createApp({ config, database, log });
  const handle = app.callback();
  const server = http.createServer(
    { requestTimeout: arrivalPatience },
    (request, response) => void handle(request, response),
  );
  const close = closer(server);
  await listen(server, config, onPortTaken);
  if (config.host?.protocol !== "https:") {
    log.warn(
      "Served over plain http: others on the network can read passwords and sessions. Put https in front, and set --host.",
    );
  }
  const { importer, exporter, repositories } = app.context;
  const works = [importer.jobRunner, exporter.jobRunner];
  for (const work of works) await work.open();
  const stopHousekeeping = startCleanup(repositories, log);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopHousekeeping();
      for (const work of works) await work.close();
      await close();
    },
  };
}

/**
 * Gives the function that ends a server: requests under way are answered, and connections without one are closed, which
 * browsers keep for later and Node's own close() would wait for.
 */
function closer(server: http.Server): () => Promise<void> {
  const connections = new Set<Socket>();
  const underWay = new Map<Socket, number>();
  let isClosing = false;
  server.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  server.on("request", ({ socket }, response) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const left = (underWay.get(socket) ?? 1) - 1;
      if (left > 0) underWay.set(socket, left);
      else underWay.delete(socket);
      if (isClosing && left === 0) socket.end();
    });
  });
  return () =>
    new Promise((resolve) => {
      isClosing = true;
      server.close(() => resolve());
      for (const connection of connections) if (!underWay.has(connection)) connection.destroy();
      // Who sends or reads too slowly is not waited for.
      setTimeout(() => server.closeAllConnections(), patience).unref();
    });
}

async function listen(
  server: http.Server,
  { port, internal_host }: Config,
  onPortTaken: (taken: number, next: number) => void,
): Promise<void> {
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOn(server, candidate, internal_host);
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!taken || candidate - port >= portsToTry || candidate >= 65_535)
        throw unusable(internal_host, candidate, error);
      onPortTaken(candidate, candidate + 1);
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

function unusable(host: string, port: number, error: unknown): ListenError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new ListenError(
    `Can't listen on ${host}, port ${port} (${reason}): choose another with --internal-host or --port.`,
  );
}
