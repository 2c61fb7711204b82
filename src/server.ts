import http from "node:http";
import type { AddressInfo } from "node:net";

import type { Knex } from "knex";

import { createApp } from "./app.ts";
import { startCleanup } from "./background/cleanup.ts";
import type { Logger } from "./common/logger.ts";
import { OperationalError } from "./common/operational-error.ts";
import type { Config } from "./config/config.ts";
import { createStoppableServer } from "./http/stoppable-server.ts";

/** The server can't listen on its address or port. The message says what to do. */
class ListenError extends OperationalError {}

interface RunningServer {
  port: number;
  /**
   * Accepts no new requests, and resolves when the pending ones are answered and nothing here uses the database (graceful
   * shutdown). Requests that take longer than eight seconds are cut off.
   */
  close(): Promise<void>;
}

/** How long it may take to receive a request, in milliseconds: an upload of 200 MB over a slow connection. */
const requestTimeout = 30 * 60_000;

/** How many ports after the configured one are tried while they are in use. */
const maxPortRetries = 1000;

/** Starts an HTTP server over the database, and its background jobs. `onPortInUse` is called for each port that is in use. */
export async function serve(
  { config, database, log }: { config: Config; database: Knex; log: Logger },
  onPortInUse: (port: number, next: number) => void,
): Promise<RunningServer> {
  const stopping = new AbortController();
  const app = await createApp({ config, database, log, stopping: stopping.signal });
  const { server, stop } = createStoppableServer(app.callback(), { requestTimeout });
  await listen(server, config, onPortInUse);
  if (config.host?.protocol !== "https:") {
    log.warn(
      "Served over plain http: unless a proxy in front adds https, others on the network can read passwords and sessions.",
    );
  }
  const { importer, exporter, projectDeleter, repositories, outages, mailer } = app.context;
  const jobRunners = [importer.jobRunner, exporter.jobRunner, projectDeleter.jobRunner];
  for (const jobRunner of jobRunners) await jobRunner.open();
  const stopCleanup = startCleanup(repositories, config, outages);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopping.abort();
      // Before the requests are waited for, since some wait for their job.
      for (const jobRunner of jobRunners) jobRunner.stop();
      await stop();
      await importer.close();
      await exporter.jobRunner.close();
      await projectDeleter.jobRunner.close();
      await stopCleanup();
      await mailer?.close();
    },
  };
}

/** Throws ListenError where `serve` would, before anything else is done. */
export async function assertCanListen(config: Pick<Config, "port" | "internal_host">): Promise<void> {
  const server = http.createServer();
  await listen(server, config, () => undefined);
  await new Promise((resolve) => server.close(resolve));
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
