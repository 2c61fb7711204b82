import { loadConfig } from "../src/config.ts";
import type { Config } from "../src/config.ts";
import { migrate, openDatabase } from "../src/database.ts";
import { createLog } from "../src/log.ts";
import { openRepositories } from "../src/repositories/index.ts";
import { serve } from "../src/server.ts";
import { createFirstUser } from "./first-user.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";
import { readPassword } from "./terminal.ts";

/** Serves until SIGINT or SIGTERM, then finishes what is under way. Makes the user that is asked for first. */
export async function start(options: CommandOptions): Promise<void> {
  const password = options.passwordStdin ? { password: await readPassword() } : {};
  const config = loadConfig({ ...configOptions(options), ...password });
  const log = createLog(config.log_level);
  const database = openDatabase(config.database_file);
  try {
    const { isNew } = await migrate(database);
    if (isNew) print("Initializing database..");
    if (config.username) print(await createFirstUser(openRepositories(database, config), config));

    const stopped = stopSignal();
    const server = await serve({ config, database, log }, warnOfPort);
    const address = addressOf(config, server.port);
    print(`Atelier is running at ${address}\nQuit the server with CONTROL-C.`);
    if (options.browser !== false) await openBrowser(address);
    await stopped;
    await server.close();
  } finally {
    await database.destroy();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function warnOfPort(taken: number, next: number): void {
  print(`*** WARNING! ***\n* Port ${taken} is in use.\n* Trying to start at ${next}\n****************`);
}

function addressOf({ host, internal_host }: Config, port: number): string {
  if (host) return host.href;
  const name = ["0.0.0.0", "::"].includes(internal_host) ? "localhost" : internal_host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}/`;
}

/** On a machine without a screen nothing opens, and nothing is said. */
async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import("open");
  const browser = await open(address).catch(() => undefined);
  browser?.on("error", () => undefined);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
