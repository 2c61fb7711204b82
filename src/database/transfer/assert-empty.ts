import type { Knex } from "knex";

import { DatabaseError } from "../errors.ts";
import { appliedMigrations, findUnknownMigration, hasMigrations } from "../migrate.ts";
import { isPostgres } from "../open.ts";

/** Every start records the secret key in this one, so its rows don't make a database count as used. */
const filledAtStart = new Set(["installation"]);

/**
 * Throws DatabaseError unless the database is empty: without tables, or with this program's schema and no rows. On PostgreSQL
 * its tables stay locked until the end of the transaction, so that no one else fills them meanwhile. `name` is for messages.
 */
export async function assertEmpty(transaction: Knex, name: string): Promise<{ hasSchema: boolean }> {
  const tables = await tableNames(transaction);
  if (tables.length === 0) return { hasSchema: false };
  if (!(await hasMigrations(transaction))) throw notEmptyError(name, `tables of another program, such as ${tables[0]}`);
  if (findUnknownMigration(await appliedMigrations(transaction)))
    throw notEmptyError(name, "a schema that this version doesn't know");
  for (const table of tables) {
    if (table.startsWith("knex_")) continue;
    if (isPostgres(transaction)) await transaction.raw("lock table ?? in access exclusive mode", [table]);
    if (!filledAtStart.has(table) && (await transaction(table).first(transaction.raw("1 as one"))))
      throw notEmptyError(name, `rows in ${table}`);
  }
  return { hasSchema: true };
}

function notEmptyError(name: string, content: string): DatabaseError {
  return new DatabaseError(
    `${name} is not empty, and was left as it is (it holds ${content}): choose an empty database.`,
  );
}

async function tableNames(database: Knex): Promise<string[]> {
  const names: string[] = isPostgres(database)
    ? await database("pg_tables").whereRaw("schemaname = current_schema()").pluck("tablename")
    : await database("sqlite_master").where({ type: "table" }).whereNot("name", "like", "sqlite_%").pluck("name");
  return names.sort();
}
