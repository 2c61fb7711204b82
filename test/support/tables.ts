import type { Knex } from "knex";

import { isPostgres } from "../../src/database/open.ts";

/** Everything that the database holds, as one text: to search it for what must not be kept. */
export async function everythingKept(database: Knex): Promise<string> {
  const contents = [];
  for (const name of await tableNames(database)) contents.push(await database(name).select());
  return JSON.stringify(contents);
}

/** All tables, by name. */
export async function tableNames(database: Knex): Promise<string[]> {
  return isPostgres(database)
    ? database("pg_tables").whereRaw("schemaname = current_schema()").orderBy("tablename").pluck("tablename")
    : database("sqlite_master")
        .where({ type: "table" })
        .whereNot("name", "like", "sqlite_%")
        .orderBy("name")
        .pluck("name");
}
