import type { Knex } from "knex";

import { DatabaseError } from "../error.ts";
import { appliedMigrations, hasMigrations, unknownMigration } from "../migrate.ts";
import { isPostgres } from "../open.ts";

/** Where a server notes the key that it is started with: what holds nothing else is empty. */
const notedAtStart = new Set(["installation"]);

/**
 * Throws DatabaseError unless the database holds nothing, with the schema of this program or without one. Until the end of the
 * transaction nobody else puts something in.
 */
export async function assertEmpty(transaction: Knex, name: string): Promise<{ hasSchema: boolean }> {
  const tables = await tableNames(transaction);
  if (tables.length === 0) return { hasSchema: false };
  if (!(await hasMigrations(transaction))) throw full(name, `tables of another program, such as ${tables[0]}`);
  if (unknownMigration(await appliedMigrations(transaction)))
    throw full(name, "a schema that this version doesn't know");
  for (const table of tables) {
    if (table.startsWith("knex_")) continue;
    if (isPostgres(transaction)) await transaction.raw("lock table ?? in access exclusive mode", [table]);
    if (!notedAtStart.has(table) && (await transaction(table).first(transaction.raw("1 as one"))))
      throw full(name, `rows in ${table}`);
  }
  return { hasSchema: true };
}

function full(name: string, what: string): DatabaseError {
  return new DatabaseError(`${name} is not empty, and was left as it is (it holds ${what}): choose an empty database.`);
}

async function tableNames(database: Knex): Promise<string[]> {
  const names: string[] = isPostgres(database)
    ? await database("pg_tables").whereRaw("schemaname = current_schema()").pluck("tablename")
    : await database("sqlite_master").where({ type: "table" }).whereNot("name", "like", "sqlite_%").pluck("name");
  return names.sort();
}
