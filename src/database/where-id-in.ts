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
