import http from "node:http";
import type { AddressInfo } from "node:net";

import type { Knex } from "knex";

import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { startHousekeeping } from "./housekeeping.ts";
import type { Log } from "./log.ts";
import { openRepositories } from "./repositories/index.ts";

export interface RunningServer {
  port: number;
  /** Takes no new requests, finishes those under way, and resolves when the last one is answered. */
  close(): Promise<void>;
}

/** How many ports after the configured one are tried when it is taken. */
const portsToTry = 1000;

/** Listens with an app over this database. `onPortTaken` hears of each port that another program has. */
export async function serve(
  { config, database, log }: { config: Config; database: Knex; log: Log },
  onPortTaken: (taken: number, next: number) => void,
): Promise<RunningServer> {
  const app = await createApp({ config, database, log });
  const handle = app.callback();
  const server = http.createServer((request, response) => void handle(request, response));
  await listen(server, config, onPortTaken);
  if (config.host?.protocol !== "https:") {
    log.warn(
      "Served over plain http: others on the network can read passwords and sessions. Put https in front, and set --host.",
    );
  }
  const stopHousekeeping = startHousekeeping(openRepositories(database, config), log);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        stopHousekeeping();
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
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
      if (!taken || candidate - port >= portsToTry || candidate >= 65_535) throw error;
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
