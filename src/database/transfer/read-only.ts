import { pathToFileURL } from "node:url";

import knex from "knex";
import type { Knex } from "knex";

import { firstReason } from "../connection-errors.ts";
import { DatabaseError, databaseMessage } from "../error.ts";
import { locationName } from "../location.ts";
import type { DatabaseLocation } from "../location.ts";
import { silentLogging } from "../silent-logging.ts";

/**
 * Gives the work a database as it is at one moment, and changes nothing in it. Throws DatabaseError, which ends with the
 * advice when it can't be read.
 */
export async function readDatabase<Result>(
  place: DatabaseLocation,
  work: (database: Knex) => Promise<Result>,
  advice = "see that --from is right",
): Promise<Result> {
  const database = openReadOnly(place);
  try {
    const transaction = await begin(database, place, advice);
    try {
      return await work(transaction);
    } finally {
      await transaction.rollback();
    }
  } finally {
    await database.destroy();
  }
}

function openReadOnly(place: DatabaseLocation): Knex {
  const pool = { min: 0, max: 1 };
  if (place.client === "sqlite3") {
    // Knex adds flags to those for writing; the mode of an address wins over these.
    const connection = { filename: `${pathToFileURL(place.file).href}?mode=ro`, flags: ["OPEN_URI"] };
    return knex({ client: "sqlite3", connection, useNullAsDefault: true, pool, ...silentLogging });
  }
  const { client, ...connection } = place;
  return knex({
    client,
    connection: { ...connection, application_name: "atelier" },
    version: "13.0",
    pool,
    ...silentLogging,
  });
}

/** The first question decides which moment it is. */
async function begin(database: Knex, place: DatabaseLocation, advice: string): Promise<Knex.Transaction> {
  let transaction: Knex.Transaction | undefined;
  try {
    if (place.client === "pg") return await database.transaction({ isolationLevel: "repeatable read", readOnly: true });
    transaction = await database.transaction();
    await transaction("sqlite_master").first("name");
    return transaction;
  } catch (error) {
    // Otherwise the connection is never given back, and closing waits for it.
    await transaction?.rollback();
    const reason = firstReason(error) as NodeJS.ErrnoException;
    throw new DatabaseError(
      `${locationName(place)} can't be read (${databaseMessage(reason) || reason.code}): ${advice}.`,
    );
  }
}
