import { existsSync } from "node:fs";

import type { Knex } from "knex";

import type { Config, LoadedConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/settings.ts";
import { withDryRunLocation } from "../../src/database/dry-run.ts";
import { databaseFailure } from "../../src/database/failures.ts";
import { inTransactionOrDryRun } from "../../src/database/transaction.ts";
import { randomToken } from "../../src/security/crypto.ts";
import { waitUntilReady } from "../../src/database/wait-until-ready.ts";
import { closeDatabase } from "../../src/database/close.ts";
import { applyMigrations, assertUsable, hasMigrations, lockMigrations, migrate } from "../../src/database/migrate.ts";
import { locationName } from "../../src/database/location.ts";
import { openDatabase } from "../../src/database/open.ts";
import { acquireServerLock } from "../../src/database/server-lock.ts";
import type { ServerLock } from "../../src/database/server-lock.ts";
import { createKeys } from "../../src/repositories/keys.ts";
import type { Keys } from "../../src/repositories/keys.ts";
import { printLine } from "./io.ts";
import type { Io } from "./io.ts";
import { claimSecretKey, findSecretKey, prepareDatabaseFolder } from "./secret-key.ts";

/** The configured database with the current schema, and the keys of its repositories. */
export interface OpenDatabase {
  database: Knex;
  keys: Keys;
  /** The configuration with the secret key that this database is used with. */
  config: Config;
  /** Whether this run has created its schema. */
  isNew: boolean;
  /** Records the address of the server that holds the lock. */
  announce: (address: string) => void;
}

export interface OpenOptions {
  /** Whether to keep servers from a file of SQLite meanwhile; PostgreSQL is for several. */
  lock?: boolean;
  isServer?: boolean;
  /** Called before a database that was never used is made, which does not happen when it throws. */
  beforeCreation?: () => Promise<void>;
}

/**
 * Opens the configured database for some work, migrates it, and closes it afterwards. A database that was never used gets a
 * secret key unless there is one. Throws DatabaseError, ConfigError and WrongKeyError, and changes nothing then.
 * The work creates the repositories that it needs: loading all of them takes longer than most commands.
 */
export async function withDatabase<Result>(
  io: Io,
  config: LoadedConfig,
  work: (open: OpenDatabase) => Promise<Result>,
  options: OpenOptions = {},
): Promise<Result> {
  const inspect = (database: Knex) => findSecretKey(database, config);
  return withOpenDatabase(io, config, { ...options, inspect }, async ({ database, announce }) => {
    let secret_key = "";
    const { isNew } = await migrate(database, async (transaction) => {
      secret_key = await claimSecretKey(transaction, config);
    });
    const keyed = { ...config, secret_key };
    return work({ database, keys: createKeys(keyed), config: keyed, isNew, announce });
  });
}

/**
 * The same over the database as it is or would be made, in a transaction that is rolled back; a secret key that it would get
 * is not kept.
 */
export async function withDryRun<Result>(
  io: Io,
  config: LoadedConfig,
  work: (open: Pick<OpenDatabase, "database" | "keys" | "config">) => Promise<Result>,
): Promise<Result> {
  prepareDatabaseFolder(config, true);
  const inspect = (database: Knex) => findSecretKey(database, config);
  return withDryRunLocation(config.database, (location) =>
    withOpenDatabase(io, { ...config, database: location }, { inspect }, ({ database }) =>
      inTransactionOrDryRun(database, { isDryRun: true }, async (transaction) => {
        await lockMigrations(transaction, { isDryRun: true });
        await applyMigrations(transaction);
        const secret_key = (await findSecretKey(transaction, config)) ?? randomToken(50);
        const keyed = { ...config, secret_key };
        return work({ database: transaction, keys: createKeys(keyed), config: keyed });
      }),
    ),
  );
}

/** The same without migrating it or looking for its secret key. `inspect` throws before anything is written. */
export async function withOpenDatabase<Result>(
  io: Io,
  config: LoadedConfig,
  {
    lock: isLocking = false,
    isServer = false,
    beforeCreation,
    inspect,
  }: OpenOptions & { inspect: (database: Knex) => Promise<unknown> },
  work: (open: Pick<OpenDatabase, "database" | "announce">) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(config.database, { connections: config.database_connections, isServer });
  let lock: ServerLock | undefined;
  try {
    await waitUntilReady(config.database, retryOptions(io, config));
    // To open a file of SQLite that is not there would create it.
    const isThere = config.database.client === "pg" || existsSync(config.database.file);
    if (isThere) await assertUsable(database);
    const isNew = !isThere || !(await hasMigrations(database));
    if (isNew && config.must_exist) throw unusedError(config);
    if (isThere) await inspect(database);
    if (isNew) await beforeCreation?.();
    prepareDatabaseFolder(config);
    if (isLocking && config.database.client === "sqlite3") lock = await acquireServerLock(config.database.file);
    return await work({ database, announce: (address) => lock?.announce(address) });
  } catch (error) {
    throw databaseFailure(error, config.database) ?? error;
  } finally {
    await closeDatabase(database);
    await lock?.release();
  }
}

function unusedError({ database }: LoadedConfig): ConfigError {
  return new ConfigError(
    `${locationName(database)} holds no data of Atelier. Name the server's database with --data-dir, --database or DATABASE_URL`,
  );
}

/** How long a database that does not answer is waited for, which standard error tells meanwhile. */
export function retryOptions({ stderr }: Io, { database_wait }: LoadedConfig) {
  return { waitSeconds: database_wait, onRetry: (line: string) => printLine(stderr, line) };
}
