import { existsSync, rmSync } from "node:fs";

import type { Knex } from "knex";

import { waitUntilReady } from "../wait-until-ready.ts";
import type { RetryOptions } from "../wait-until-ready.ts";
import { assertEmpty } from "./assert-empty.ts";
import { DatabaseError, databaseMessage } from "../error.ts";
import { withoutForeignKeys } from "./foreign-keys.ts";
import { applyMigrations, endMigrations, undoMigrations, waitForMigrations } from "../migrate.ts";
import { openDatabase } from "../open.ts";
import { locationName } from "../location.ts";
import type { DatabaseLocation } from "../location.ts";
import { isBeingRead } from "./source.ts";

export interface FillOptions extends RetryOptions {
  /** The migrations that make the schema which the work fills. */
  migrations: string[];
}

/**
 * Has the work fill an empty database, in one transaction: what goes wrong leaves it as it was. Afterwards it is brought up
 * to this program's schema. Throws DatabaseError, such as for a database that holds something.
 */
export async function fillDatabase<Result>(
  place: DatabaseLocation,
  options: FillOptions,
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  return withTarget(place, options, async (database) => {
    const result = await database.transaction(async (transaction) => {
      await beginEmpty(transaction, place, options.migrations);
      const filled = await withoutForeignKeys(transaction, () => work(transaction));
      await applyMigrations(transaction);
      return filled;
    });
    await endMigrations(database);
    return result;
  });
}

/** The same for a new SQLite file that keeps the schema which it was filled in, and is moved as it is. */
export async function fillFile<Result>(
  file: string,
  migrations: string[],
  work: (transaction: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  const place: DatabaseLocation = { client: "sqlite3", file };
  return withTarget(place, { wait: 0, tell: () => undefined }, (database) =>
    database.transaction(async (transaction) => {
      await beginEmpty(transaction, place, migrations);
      return withoutForeignKeys(transaction, () => work(transaction));
    }),
  );
}

async function beginEmpty(transaction: Knex, place: DatabaseLocation, migrations: string[]): Promise<void> {
  await waitForMigrations(transaction);
  if (await isBeingRead(transaction))
    throw new DatabaseError(
      `${locationName(place)} is the database that is copied: choose another one to copy it into.`,
    );
  const { hasSchema } = await assertEmpty(transaction, locationName(place));
  if (hasSchema) await undoMigrations(transaction);
  await applyMigrations(transaction, migrations);
}

async function withTarget<Result>(
  place: DatabaseLocation,
  patience: RetryOptions,
  work: (database: Knex) => Promise<Result>,
): Promise<Result> {
  const isNewFile = place.client === "sqlite3" && !existsSync(place.file);
  const database = openDatabase(place, { connections: 1 });
  let isDone = false;
  try {
    await waitUntilReady(database, place, patience);
    const result = await work(database);
    isDone = true;
    return result;
  } catch (error) {
    throw explained(error, place);
  } finally {
    await database.destroy();
    if (isNewFile && !isDone) removeFile(place.file);
  }
}

/** What a database says of itself, such as that its disk is full or that its server has stopped. */
function explained(error: unknown, place: DatabaseLocation): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error;
  const isOfDatabase = "code" in error || /connection/i.test(error.message);
  if (!isOfDatabase) return error;
  return new DatabaseError(`${locationName(place)} can't be filled (${databaseMessage(error)}): nothing was copied.`, {
    cause: error,
  });
}

function removeFile(file: string): void {
  for (const ending of ["", "-journal", "-wal", "-shm"]) rmSync(`${file}${ending}`, { force: true });
}
