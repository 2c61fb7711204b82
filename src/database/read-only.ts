import { pathToFileURL } from "node:url";

import knex from "knex";
import type { Knex } from "knex";

import { DatabaseError } from "./error.ts";
import { placeName } from "./place.ts";
import type { DatabasePlace } from "./place.ts";
import { quiet } from "./quiet.ts";

/** Gives the work a database of another program as it is at one moment, and changes nothing in it. Throws DatabaseError. */
export async function readDatabase<Result>(
  place: DatabasePlace,
  work: (database: Knex) => Promise<Result>,
): Promise<Result> {
  const database = openReadOnly(place);
  try {
    const transaction = await begin(database, place);
    try {
      return await work(transaction);
    } finally {
      await transaction.rollback();
    }
  } finally {
    await database.destroy();
  }
}

function openReadOnly(place: DatabasePlace): Knex {
  const pool = { min: 0, max: 1 };
  if (place.client === "sqlite3") {
    // Knex adds flags to those for writing; the mode of an address wins over these.
    const connection = { filename: `${pathToFileURL(place.file).href}?mode=ro`, flags: ["OPEN_URI"] };
    return knex({ client: "sqlite3", connection, useNullAsDefault: true, pool, ...quiet });
  }
  const { client, ...connection } = place;
  return knex({ client, connection: { ...connection, application_name: "atelier" }, version: "13.0", pool, ...quiet });
}

/** The first question decides which moment it is. */
async function begin(database: Knex, place: DatabasePlace): Promise<Knex.Transaction> {
  const isolation = place.client === "pg" ? ({ isolationLevel: "repeatable read", readOnly: true } as const) : {};
  let transaction: Knex.Transaction | undefined;
  try {
    transaction = await database.transaction(isolation);
    await transaction.raw(place.client === "pg" ? "select 1" : "select name from sqlite_master limit 1");
    return transaction;
  } catch (error) {
    await transaction?.rollback();
    // Of several addresses of a host the first one that failed says why.
    const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
    const { message, code } = (first ?? error) as NodeJS.ErrnoException;
    throw new DatabaseError(`${placeName(place)} can't be read (${message || code}): see that --from is right.`);
  }
}
