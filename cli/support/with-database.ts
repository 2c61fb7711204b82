import type { Knex } from "knex";

import type { Config } from "../../src/config/config.ts";
import { waitUntilReady } from "../../src/database/wait-until-ready.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { installation } from "../../src/repositories/accounts/installation.ts";
import { createKeys } from "../../src/repositories/keys.ts";
import type { Keys } from "../../src/repositories/keys.ts";
import { printLine } from "./io.ts";
import type { Io } from "./io.ts";

/** The configured database with the current schema, and the keys of its repositories. */
export interface OpenDatabase {
  database: Knex;
  keys: Keys;
  /** Whether this run has created its schema. */
  isNew: boolean;
}

/**
 * Opens the configured database for some work, migrates it, and closes it afterwards. Throws DatabaseError and WrongKeyError.
 * The work creates the repositories that it needs: loading all of them takes longer than most commands.
 */
export async function withDatabase<Result>(
  io: Io,
  config: Config,
  work: (open: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(config.database, { connections: config.database_connections });
  try {
    await waitUntilReady(database, config.database, retryOptions(io, config));
    const { isNew } = await migrate(database);
    await installation(database).claim(config.secret_key);
    return await work({ database, keys: createKeys(config), isNew });
  } finally {
    await database.destroy();
  }
}

/** How long a database that does not answer is waited for, which standard error tells meanwhile. */
export function retryOptions({ stderr }: Io, { database_wait }: Config) {
  return { waitSeconds: database_wait, onRetry: (line: string) => printLine(stderr, line) };
}
