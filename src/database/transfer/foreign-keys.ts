import type { Knex } from "knex";

import { DatabaseError } from "../error.ts";
import { isPostgres } from "../open.ts";

/**
 * Does some work in a transaction in which rows may come before those they refer to. At its end all references are checked.
 * Throws DatabaseError for one that leads nowhere.
 */
export async function withoutForeignKeys<Result>(transaction: Knex, work: () => Promise<Result>): Promise<Result> {
  return (isPostgres(transaction) ? withoutPostgresKeys : withLateSqliteKeys)(transaction, work);
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/** Only a superuser could switch them off; and adding them at the end takes less time and memory than deferring them. */
async function withoutPostgresKeys<Result>(transaction: Knex, work: () => Promise<Result>): Promise<Result> {
  const keys: ForeignKey[] = await transaction("pg_constraint as k")
    .join("pg_class as c", "c.oid", "k.conrelid")
    .whereRaw("k.contype = 'f' and k.conparentid = 0 and c.relnamespace = current_schema()::regnamespace")
    .orderBy(["c.relname", "k.conname"])
    .select("c.relname as table", "k.conname as name")
    .select(transaction.raw("pg_get_constraintdef(k.oid) as definition"));
  for (const { table, name } of keys) await transaction.raw("alter table ?? drop constraint ??", [table, name]);
  const result = await work();
  for (const { table, name, definition } of keys) {
    try {
      await transaction.raw(`alter table ?? add constraint ?? ${definition}`, [table, name]);
    } catch (error) {
      const { code, detail = "" } = error as { code?: string; detail?: string };
      throw code === "23503" ? leadsNowhere(`${table}: ${detail}`) : error;
    }
  }
  return result;
}

/** Tables come in the order of their references, so nothing is looked for in vain. */
async function withLateSqliteKeys<Result>(transaction: Knex, work: () => Promise<Result>): Promise<Result> {
  await transaction.raw("PRAGMA defer_foreign_keys = ON");
  const result = await work();
  const lost = await lostReference(transaction);
  if (lost) throw leadsNowhere(lost);
  await transaction.raw("PRAGMA defer_foreign_keys = OFF");
  return result;
}

/** For SQLite: says which row refers to one that is not there. */
export async function lostReference(database: Knex): Promise<string | undefined> {
  const [lost]: { table: string; rowid: number | null; parent: string }[] = await database.raw(
    "select * from pragma_foreign_key_check limit 1",
  );
  return lost && `${lost.table}, row ${lost.rowid ?? "without a number"}, refers to ${lost.parent}`;
}

function leadsNowhere(which: string): DatabaseError {
  return new DatabaseError(`A row refers to one that is not there (${which}): nothing was copied.`);
}
