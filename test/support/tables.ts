import type { Knex } from "knex";

import { isPostgres } from "../../src/database/open.ts";

/** Everything that the database holds, as one text: to search it for what must not be kept. */
export async function databaseContents(database: Knex): Promise<string> {
  const contents = [];
  for (const name of await tableNames(database)) contents.push(await database(name).select());
  return JSON.stringify(contents);
}

/** Adds copies of a task, which differ by their ids and their numbers in the project alone. */
export async function copyTask(database: Knex, id: number, count: number): Promise<void> {
  const { id: _, inner_id: __, ...row } = await database("tasks").where({ id }).first();
  const columns = Object.keys(row).join(", ");
  await database.raw(
    `with recursive copies (number) as (select 1 union all select number + 1 from copies where number < ?)
      insert into tasks (inner_id, ${columns})
      select (select max(inner_id) from tasks) + number, ${columns} from tasks, copies where id = ?`,
    [count, id],
  );
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
