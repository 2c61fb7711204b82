import type { Knex } from "knex";

import { isPostgres } from "./open.ts";

/**
 * Narrows a query to the rows whose `column` is one of `ids`, which is a query for them, and has each looked up by index:
 * PostgreSQL would read the whole table where it expects some thousands, or walk along another index in vain.
 */
export function whereIdIn(database: Knex, query: Knex.QueryBuilder, column: string, ids: Knex.QueryBuilder): void {
  if (isPostgres(database)) query.whereRaw("?? = any(array(?))", [column, ids]);
  else query.whereIn(column, ids);
}
