import type { Knex } from "knex";

import { onPostgres } from "./database.ts";

/** Makes every such change of a table fail, on PostgreSQL with the condition of this name. */
export async function breakChanges(
  database: Knex,
  change: "insert" | "update" | "delete",
  table: string,
  condition = "raise_exception",
): Promise<void> {
  const name = `broken_${change}`;
  if (!onPostgres) {
    const body = "begin select raise(abort, 'no space left'); end";
    await database.raw(`create trigger ?? before ${change} on ?? ${body}`, [name, table]);
    return;
  }
  const body = `$$ begin raise 'no space left' using errcode = '${condition}'; end $$ language plpgsql`;
  await database.raw(`create or replace function broken() returns trigger as ${body}`);
  await database.raw(`create trigger ?? before ${change} on ?? for each row execute function broken()`, [name, table]);
}
