import type { Knex } from "knex";

import { DatabaseError, databaseMessage } from "../error.ts";
import { keyOf } from "./rows.ts";
import type { Row } from "./rows.ts";
import type { Table } from "./schema.ts";

/** Adds rows as they are, with their ids. Throws DatabaseError that names the row which the database can't keep. */
export async function addRows(transaction: Knex, table: Table, rows: Row[]): Promise<void> {
  try {
    await insert(transaction, table, rows);
  } catch (error) {
    if (!isAboutValues(error)) throw error;
    for (const row of rows) await addRow(transaction, table, row);
    throw error;
  }
}

/** In a transaction inside of the other one, which goes on when this one fails. */
async function insert(transaction: Knex, table: Table, rows: Row[]): Promise<void> {
  const records = rows.map((row) => Object.fromEntries(table.columns.map(({ name }, at) => [name, row[at]])));
  await transaction.transaction((inner) => inner(table.name).insert(records));
}

async function addRow(transaction: Knex, table: Table, row: Row): Promise<void> {
  try {
    await insert(transaction, table, [row]);
  } catch (error) {
    if (!isAboutValues(error)) throw error;
    const values = keyOf(table, row);
    const key = table.key.map(({ name }, at) => `${name} ${JSON.stringify(values[at])}`).join(", ");
    throw new DatabaseError(
      `A row of ${table.name} can't be copied (${key.replaceAll('"', "")}: ${reason(error, table, row)}): put it right first. Nothing was copied.`,
    );
  }
}

/** Codes of PostgreSQL for values that a column can't hold or that break a constraint, and SQLite's. */
function isAboutValues(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    /^(2[23]\w{3}|SQLITE_(CONSTRAINT|MISMATCH|TOOBIG))$/.test(String(error.code))
  );
}

function reason(error: Error, table: Table, row: Row): string {
  const nul = table.columns.find((_, at) => String(row[at]).includes("\0"));
  return nul ? `${nul.name} holds a NUL character, which PostgreSQL can't keep` : databaseMessage(error);
}
