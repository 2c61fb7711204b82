import type { Knex } from "knex";

import type { Config } from "../src/config/config.ts";
import { waitUntilReady } from "../src/database/wait-until-ready.ts";
import { migrate } from "../src/database/migrate.ts";
import { openDatabase } from "../src/database/open.ts";
import { openRepositories } from "../src/repositories/index.ts";
import type { Repositories } from "../src/repositories/index.ts";

/** The configured database, brought up to date, with what a command or a server does in it. */
export interface Opened {
  database: Knex;
  repositories: Repositories;
  /** There was none. */
  isNew: boolean;
}

/** Opens the configured database for some work, and closes it afterwards. Throws DatabaseError and SealError. */
export async function withDatabase<Result>(config: Config, work: (opened: Opened) => Promise<Result>): Promise<Result> {
  const database = openDatabase(config.database, { connections: config.database_connections });
  try {
    await waitUntilReady(database, config.database, { wait: config.database_wait, tell: tell });
    const { isNew } = await migrate(database);
    const repositories = openRepositories(database, config);
    await repositories.installation.claim(config.secret_key);
    return await work({ database, repositories, isNew });
  } finally {
    await database.destroy();
  }
}

/** The same for a command that needs the repositories alone. */
export async function withRepositories<Result>(
  config: Config,
  work: (repositories: Repositories, about: { isNew: boolean }) => Promise<Result>,
): Promise<Result> {
  return withDatabase(config, ({ repositories, isNew }) => work(repositories, { isNew }));
}

export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
