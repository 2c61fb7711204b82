import type { Knex } from "knex";

import { isPostgres } from "./open.ts";

/** Begins a transaction that reads everything as it was at one moment, as every one does in SQLite. */
export async function readAsOfNow(transaction: Knex): Promise<void> {
  if (isPostgres(transaction)) await transaction.raw("set transaction isolation level repeatable read");
}

/** Begins a transaction that alone changes these tables. */
export async function changeAlone(transaction: Knex, tables: string[]): Promise<void> {
  if (isPostgres(transaction)) {
    const names = tables.map(() => "??").join(", ");
    await transaction.raw(`lock table ${names} in share row exclusive mode`, tables);
    return;
  }
  // Whoever writes has the whole file.
  await transaction.raw("PRAGMA user_version = 0");
}
