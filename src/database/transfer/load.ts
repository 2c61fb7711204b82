import { existsSync, rmSync } from "node:fs";

import type { Knex } from "knex";

import { withDryRunLocation } from "../dry-run.ts";
import { DatabaseError, databaseMessage } from "../errors.ts";
import { databaseFailure } from "../failures.ts";
import { locationName } from "../location.ts";
import type { DatabaseLocation } from "../location.ts";
import { applyMigrations, finishMigrations, lockMigrations, rollbackMigrations } from "../migrate.ts";
import { openDatabase } from "../open.ts";
import { withoutServer } from "../server-lock.ts";
import { inTransactionOrDryRun } from "../transaction.ts";
import { waitUntilReady } from "../wait-until-ready.ts";
import type { RetryOptions } from "../wait-until-ready.ts";
import { assertEmpty } from "./assert-empty.ts";
import { withoutForeignKeys } from "./foreign-keys.ts";
import { isBeingCopied } from "./source.ts";

interface LoadOptions extends RetryOptions {
  /** The names of the migrations whose schema `work` fills. */
  migrations: string[];
  /** Whether to roll everything back at the end. */
  isDryRun?: boolean;
}

/**
 * Runs `work`, which fills an empty database of an older or the current schema, and then applies the remaining migrations, all
 * in one transaction. Throws DatabaseError, also for a database that is not empty or that a server on SQLite uses.
 */
export async function loadDatabase<Result>(
  location: DatabaseLocation,
  options: LoadOptions,
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  const load = () =>
    options.isDryRun
      ? withDryRunLocation(location, (to) => loadInto(to, options, work))
      : loadInto(location, options, work);
  if (location.client === "pg") return load();
  return withoutServer(location.file, load);
}

async function loadInto<Result>(
  location: DatabaseLocation,
  options: LoadOptions,
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  const { isDryRun = false } = options;
  return withTarget(location, options, async (database) => {
    const result = await inTransactionOrDryRun(database, { isDryRun }, async (transaction) => {
      await createSchema(transaction, location, options.migrations, isDryRun);
      const loaded = await withoutForeignKeys(transaction, () => work(transaction));
      await applyMigrations(transaction);
      return loaded;
    });
    if (!isDryRun) await finishMigrations(database);
    return result;
  });
}

/** The same for a new SQLite file, which keeps the schema of these migrations. */
export async function loadFile<Result>(
  file: string,
  migrations: string[],
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  const location: DatabaseLocation = { client: "sqlite3", file };
  return withTarget(location, { waitSeconds: 0 }, (database) =>
    database.transaction(async (transaction) => {
      await createSchema(transaction, location, migrations);
      return withoutForeignKeys(transaction, () => work(transaction));
    }),
  );
}

async function createSchema(
  transaction: Knex,
  location: DatabaseLocation,
  migrations: string[],
  isDryRun = false,
): Promise<void> {
  await lockMigrations(transaction, { isDryRun });
  if (await isBeingCopied(transaction))
    throw new DatabaseError(
      `${locationName(location)} is the database to copy from. Choose another one to copy it into.`,
    );
  const { hasSchema } = await assertEmpty(transaction, locationName(location));
  if (hasSchema) await rollbackMigrations(transaction);
  await applyMigrations(transaction, migrations);
}

/** Deletes an SQLite file that it has created when `work` fails. */
async function withTarget<Result>(
  location: DatabaseLocation,
  retry: RetryOptions,
  work: (database: Knex) => Promise<Result>,
): Promise<Result> {
  const isNewFile = location.client === "sqlite3" && !existsSync(location.file);
  const database = openDatabase(location, { connections: 1 });
  let isDone = false;
  try {
    await waitUntilReady(location, retry);
    const result = await work(database);
    isDone = true;
    return result;
  } catch (error) {
    throw toDatabaseError(error, location);
  } finally {
    await database.destroy();
    if (isNewFile && !isDone) removeFile(location.file);
  }
}

/** Wraps what a database reports of itself, such as a full disk or a server that stopped; returns other errors as they are. */
function toDatabaseError(error: unknown, location: DatabaseLocation): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error;
  const isFromDatabase = "code" in error || /connection/i.test(error.message);
  if (!isFromDatabase) return error;
  const failure = databaseFailure(error, location);
  if (failure) return new DatabaseError(`${failure.message} Nothing was copied.`, { cause: error });
  return new DatabaseError(
    `${locationName(location)} can't be filled (${databaseMessage(error)}): nothing was copied.`,
    { cause: error },
  );
}

function removeFile(file: string): void {
  for (const ending of ["", "-journal", "-wal", "-shm"]) rmSync(`${file}${ending}`, { force: true });
}
