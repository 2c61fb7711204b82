import type { Knex } from "knex";

import { isPostgres } from "./open.ts";

/**
 * Must be the transaction's first statement: all that the transaction reads comes from one snapshot (REPEATABLE READ on
 * PostgreSQL), as in every transaction of SQLite.
 */
export async function beginSnapshot(transaction: Knex): Promise<void> {
  if (isPostgres(transaction)) await transaction.raw("set transaction isolation level repeatable read");
}

/** Locks the tables against writes of others until the end of the transaction. */
export async function lockTables(transaction: Knex, tables: string[]): Promise<void> {
  // A transaction of SQLite has locked the whole file when it began.
  if (!isPostgres(transaction)) return;
  const names = tables.map(() => "??").join(", ");
  await transaction.raw(`lock table ${names} in share row exclusive mode`, tables);
}

/** The first half of the advisory locks' keys, the second is the project's id; the number is arbitrary. */
const projectLockClass = 417;

/**
 * Takes a shared advisory lock on the projects until the end of the transaction: others may add and change annotations in
 * them at the same time, but no one recomputes which tasks count as labeled. `project_ids` are ids, or a query that selects
 * them. SQLite needs no lock, since it has one writer at a time.
 */
export async function lockProjectsShared(transaction: Knex, project_ids: number[] | Knex.QueryBuilder): Promise<void> {
  if (!isPostgres(transaction)) return;
  // In the order of ids, so that two transactions never deadlock.
  await transaction("projects")
    .whereIn("id", project_ids)
    .orderBy("id")
    .select(transaction.raw("pg_advisory_xact_lock_shared(?, id)", [projectLockClass]));
}

/** Takes the exclusive advisory lock on a project until the end of the transaction: waits for those who share it. */
export async function lockProjectExclusive(transaction: Knex, project_id: number): Promise<void> {
  if (isPostgres(transaction))
    await transaction.raw("select pg_advisory_xact_lock(?, ?)", [projectLockClass, project_id]);
}

/*
 * Row locks. Every transaction takes locks in the same order, so that no two deadlock: first of the organization, then of users, then
 * of projects (advisory locks), then of tasks.
 */

/** Serializes the transactions that change who is a member, may log in, and owns the organization. */
export async function lockOrganization(transaction: Knex): Promise<void> {
  await transaction("organizations").forNoKeyUpdate().select("id");
}

/**
 * Keeps these users from being deleted until the end of the transaction (FOR KEY SHARE). Ids of deleted users are ignored.
 * SQLite needs no lock, since it has one writer at a time.
 */
export async function lockUsersShared(transaction: Knex, ids: (number | null | undefined)[]): Promise<void> {
  const present = ids.filter((id) => id !== null && id !== undefined);
  if (present.length > 0 && isPostgres(transaction))
    await transaction("users").whereIn("id", present).orderBy("id").forKeyShare().select("id");
}

/** Serializes the transactions that change what belongs to a user, until the end of each (FOR NO KEY UPDATE). */
export async function lockUser(transaction: Knex, id: number): Promise<void> {
  await transaction("users").where({ id }).forNoKeyUpdate().select("id");
}

/** Locks a user before deletion (FOR UPDATE): waits for transactions that insert rows with references to the user. */
export async function lockUserExclusive(transaction: Knex, id: number): Promise<void> {
  if (isPostgres(transaction)) await transaction("users").where({ id }).forUpdate().select("id");
}
