import type { Knex } from "knex";

import { isPostgres } from "./open.ts";

/**
 * Adds `where column in (ids)` to a query, where `ids` is a subquery, so that PostgreSQL looks each id up by index. For a plain
 * IN with a subquery its planner may choose a scan of the whole table or of an index that serves only the order.
 */
export function whereIdIn(database: Knex, query: Knex.QueryBuilder, column: string, ids: Knex.QueryBuilder): void {
  if (isPostgres(database)) query.whereRaw("?? = any(array(?))", [column, ids]);
  else query.whereIn(column, ids);
}

/**
 * Adds `where column in (ids)` for many ids as one value, so that the statement is the same for any number of them: it is compiled and
 * prepared once.
 */
export function whereIdAmong(database: Knex, query: Knex.QueryBuilder, column: string, ids: number[]): void {
  if (isPostgres(database)) query.whereRaw("?? = any(?)", [column, ids]);
  else query.whereRaw("?? in (select value from json_each(?))", [column, JSON.stringify(ids)]);
}
