import type { Knex } from "knex";

import { DatabaseError } from "../errors.ts";
import { isPostgres } from "../open.ts";

/**
 * Runs `work` in the transaction without enforcing foreign keys, so that rows may be inserted before those they refer to, and
 * checks all of them at the end. Throws DatabaseError for a reference to a missing row.
 */
export async function withoutForeignKeys<Result>(transaction: Knex, work: () => Promise<Result>): Promise<Result> {
  return (isPostgres(transaction) ? withDroppedPostgresKeys : withDeferredSqliteKeys)(transaction, work);
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/** Only a superuser may disable the checks; and adding the keys at the end takes less time and memory than deferring them. */
async function withDroppedPostgresKeys<Result>(transaction: Knex, work: () => Promise<Result>): Promise<Result> {
  const keys: ForeignKey[] = await transaction("pg_constraint as k")
    .join("pg_class as c", "c.oid", "k.conrelid")
    .whereRaw("k.contype = 'f' and k.conparentid = 0 and c.relnamespace = current_schema()::regnamespace")
    .orderBy(["c.relname", "k.conname"])
    .select("c.relname as table", "k.conname as name")
    .select(transaction.raw("pg_get_constraintdef(k.oid) as definition"));
  const tables = [...new Set(keys.map(({ table }) => table))].map(
    (name) => [name, keys.filter(({ table }) => table === name)] as const,
  );
  for (const [table, own] of tables) {
    const drops = own.map(() => "drop constraint ??").join(", ");
    await transaction.raw(`alter table ?? ${drops}`, [table, ...own.map(({ name }) => name)]);
  }
  const result = await work();
  for (const [table, own] of tables) {
    const additions = own.map(({ definition }) => `add constraint ?? ${definition}`).join(", ");
    try {
      await transaction.raw(`alter table ?? ${additions}`, [table, ...own.map(({ name }) => name)]);
    } catch (error) {
      const { code, detail = "" } = error as { code?: string; detail?: string };
      throw code === "23503" ? brokenReferenceError(`${table}: ${detail}`) : error;
    }
  }
  return result;
}

/** Deferring is cheap here, since tables are filled after those they refer to: few references are ever pending. */
async function withDeferredSqliteKeys<Result>(transaction: Knex, work: () => Promise<Result>): Promise<Result> {
  await transaction.raw("PRAGMA defer_foreign_keys = ON");
  const result = await work();
  const broken = await findBrokenReference(transaction);
  if (broken) throw brokenReferenceError(broken);
  await transaction.raw("PRAGMA defer_foreign_keys = OFF");
  return result;
}

/** For SQLite: describes a row that refers to a missing one. Returns undefined if there is none. */
export async function findBrokenReference(database: Knex): Promise<string | undefined> {
  const [broken]: { table: string; rowid: number | null; parent: string }[] = await database.raw(
    "select * from pragma_foreign_key_check limit 1",
  );
  return broken && `${broken.table}, row ${broken.rowid ?? "without a number"}, refers to ${broken.parent}`;
}

function brokenReferenceError(reference: string): DatabaseError {
  return new DatabaseError(`A row refers to one that is not there (${reference}): nothing was copied.`);
}
