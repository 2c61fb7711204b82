import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

import knex from "knex";
import type { Knex } from "knex";

import { DatabaseError, databaseMessage, firstReason } from "../errors.ts";
import { locationName } from "../location.ts";
import type { DatabaseLocation } from "../location.ts";
import { openDatabase } from "../open.ts";
import { findConnectionFailure } from "../probe.ts";
import { silentLogging } from "../silent-logging.ts";

/**
 * Runs `work` over a read-only snapshot of a database. Throws DatabaseError, whose message ends with the advice, when the
 * database can't be read.
 */
export async function withReadOnlyDatabase<Result>(
  location: DatabaseLocation,
  work: (database: Knex) => Promise<Result>,
  advice = "see that --from is right",
): Promise<Result> {
  await assertAnswers(location);
  const hadLog = hasWriteAheadLog(location);
  const database = openReadOnly(location);
  try {
    const transaction = await beginSnapshot(database, location, advice);
    try {
      return await work(transaction);
    } finally {
      await transaction.rollback();
    }
  } finally {
    await database.destroy();
    if (!hadLog && hasWriteAheadLog(location)) await removeWriteAheadLog(location);
  }
}

function hasWriteAheadLog(location: DatabaseLocation): boolean {
  return location.client === "sqlite3" && existsSync(`${location.file}-wal`);
}

/** SQLite's last connection does, unless it is a read-only one, which leaves what it had to make. */
async function removeWriteAheadLog(location: DatabaseLocation): Promise<void> {
  const database = openDatabase(location);
  try {
    await database("sqlite_master").first("name");
  } catch {
    // It stays, empty, where this user may not write.
  } finally {
    await database.destroy();
  }
}

async function assertAnswers(location: DatabaseLocation): Promise<void> {
  if (location.client === "sqlite3") return;
  const failure = await findConnectionFailure(location, { option: "--from", isSource: true });
  if (failure)
    throw new DatabaseError(`${locationName(location)} can't be read (${failure.reason}): ${failure.remedy}.`);
}

function openReadOnly(location: DatabaseLocation): Knex {
  const pool = { min: 0, max: 1 };
  if (location.client === "sqlite3") {
    // Knex always adds the flags for writing; `mode` in a file's URI overrides them.
    const connection = { filename: `${pathToFileURL(location.file).href}?mode=ro`, flags: ["OPEN_URI"] };
    return knex({ client: "sqlite3", connection, useNullAsDefault: true, pool, ...silentLogging });
  }
  const { client, ...connection } = location;
  return knex({
    client,
    connection: { ...connection, application_name: "atelier" },
    version: "13.0",
    pool,
    ...silentLogging,
  });
}

async function beginSnapshot(database: Knex, location: DatabaseLocation, advice: string): Promise<Knex.Transaction> {
  let transaction: Knex.Transaction | undefined;
  try {
    if (location.client === "pg")
      return await database.transaction({ isolationLevel: "repeatable read", readOnly: true });
    transaction = await database.transaction({ readOnly: true });
    // SQLite takes the snapshot at the first read.
    await transaction("sqlite_master").first("name");
    return transaction;
  } catch (error) {
    // Returns the connection to the pool, which destroy() would wait for.
    await transaction?.rollback();
    const reason = firstReason(error) as NodeJS.ErrnoException;
    throw new DatabaseError(
      `${locationName(location)} can't be read (${databaseMessage(reason) || reason.code}): ${advice}.`,
    );
  }
}
