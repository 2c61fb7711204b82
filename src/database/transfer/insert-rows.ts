import type { Knex } from "knex";

import { DatabaseError, databaseMessage } from "../errors.ts";
import { keyOf } from "./rows.ts";
import type { Row } from "./rows.ts";
import type { Table } from "./schema.ts";

/** Inserts a batch of rows with their ids. Throws DatabaseError that names the row which the database refuses. */
export async function insertRows(transaction: Knex, table: Table, rows: Row[]): Promise<void> {
  try {
    await insert(transaction, table, rows);
  } catch (error) {
    if (!isDataError(error)) throw error;
    for (const row of rows) await insertRow(transaction, table, row);
    throw error;
  }
}

/** Inside a savepoint, since PostgreSQL runs nothing more in a transaction in which a statement has failed. */
async function insert(transaction: Knex, table: Table, rows: Row[]): Promise<void> {
  const records = rows.map((row) => Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index]])));
  await transaction.transaction((savepoint) => savepoint(table.name).insert(records));
}

async function insertRow(transaction: Knex, table: Table, row: Row): Promise<void> {
  try {
    await insert(transaction, table, [row]);
  } catch (error) {
    if (!isDataError(error)) throw error;
    const values = keyOf(table, row);
    const key = table.key.map(({ name }, index) => `${name} ${JSON.stringify(values[index])}`).join(", ");
    throw new DatabaseError(
      `A row of ${table.name} can't be copied (${key.replaceAll('"', "")}: ${reason(error, table, row)}): put it right first. Nothing was copied.`,
    );
  }
}

/** Whether a value doesn't fit its column or breaks a constraint: SQLSTATE classes 22 and 23, or SQLite's codes for them. */
function isDataError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    /^(2[23]\w{3}|SQLITE_(CONSTRAINT|MISMATCH|TOOBIG))$/.test(String(error.code))
  );
}

function reason(error: Error, table: Table, row: Row): string {
  const nul = table.columns.find((_, index) => String(row[index]).includes("\0"));
  return nul ? `${nul.name} holds a NUL character, which PostgreSQL can't keep` : databaseMessage(error);
}
