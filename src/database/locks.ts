import type { Knex } from "knex";

import { isPostgres } from "./open.ts";

/** Begins a transaction that reads everything as it was at one moment, as every one does in SQLite. */
export async function beginSnapshot(transaction: Knex): Promise<void> {
  if (isPostgres(transaction)) await transaction.raw("set transaction isolation level repeatable read");
}

/** Begins a transaction that alone changes these tables. */
export async function lockTables(transaction: Knex, tables: string[]): Promise<void> {
  if (isPostgres(transaction)) {
    const names = tables.map(() => "??").join(", ");
    await transaction.raw(`lock table ${names} in share row exclusive mode`, tables);
    return;
  }
  // Whoever writes has the whole file.
  await transaction.raw("PRAGMA user_version = 0");
}

/** Any number that all servers agree on. */
const lockClass = 417;

/**
 * Until the transaction's end nobody changes how tasks of these projects count as labeled, but others may work in them, too.
 * `project_ids`: ids, or a query that gives them. SQLite has one writer at a time anyway.
 */
export async function lockProjectsShared(transaction: Knex, project_ids: number[] | Knex.QueryBuilder): Promise<void> {
  if (!isPostgres(transaction)) return;
  await transaction("projects")
    .whereIn("id", project_ids)
    .orderBy("id")
    .select(transaction.raw("pg_advisory_xact_lock_shared(?, id)", [lockClass]));
}

/** Waits for those who work in the project, and they wait until the transaction's end. */
export async function lockProjectExclusive(transaction: Knex, project_id: number): Promise<void> {
  if (isPostgres(transaction)) await transaction.raw("select pg_advisory_xact_lock(?, ?)", [lockClass, project_id]);
}
