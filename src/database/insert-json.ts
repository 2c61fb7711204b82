import type { Knex } from "knex";

import { isPostgres } from "./open.ts";

interface Rest {
  /** Columns that are the same in all rows. */
  common: Record<string, Knex.Value>;
  /** Columns to return, in rows of any order. */
  returning?: readonly string[];
}

/**
 * Inserts rows, whose columns hold texts, numbers, truth values and nulls, as one value of JSON: the statement is the same for any
 * number of rows, so that it is prepared once, and a database takes longer to bind thousands of values than to read them.
 */
export async function insertAsJson<Returned extends object = never>(
  transaction: Knex,
  table: string,
  rows: readonly object[],
  { common, returning = [] }: Rest,
): Promise<Returned[]> {
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first);
  const shared = Object.keys(common);
  const names = [...columns, ...shared];
  const list = names.map(() => "??").join(", ");
  const end = returning.length > 0 ? ` returning ${returning.map(() => "??").join(", ")}` : "";
  const into = `insert into ?? (${list})`;
  const json = JSON.stringify(rows);
  if (isPostgres(transaction)) {
    // The table's own columns say what type a member becomes.
    const from = "json_populate_recordset(json_populate_record(null::??, ?::json), ?::json)";
    const bindings = [table, ...names, ...names, table, JSON.stringify(common), json, ...returning];
    const { rows: returned } = await transaction.raw(`${into} select ${list} from ${from}${end}`, bindings);
    return returned;
  }
  const values = [...columns.map(() => "value ->> ?"), ...shared.map(() => "?")].join(", ");
  const bindings: Knex.RawBinding[] = [table, ...names, ...columns, ...Object.values(common), json, ...returning];
  const returned = await transaction.raw(`${into} select ${values} from json_each(?)${end}`, bindings);
  return returned as Returned[];
}
