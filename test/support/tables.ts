import type { Knex } from "knex";

/** Everything that the database holds, as one text: to search it for what must not be kept. */
export async function everythingKept(database: Knex): Promise<string> {
  const tables: { name: string }[] = await database("sqlite_master").where({ type: "table" }).select("name");
  const contents = [];
  for (const { name } of tables) contents.push(await database(name).select());
  return JSON.stringify(contents);
}
