import type { Knex } from "knex";

import type { Column, Table } from "./schema.ts";

/** An integer comes as its digits, since it may be larger than a number can keep. */
export type Value = string | number | boolean | Buffer | null;

/** Values in the order of the table's columns, alike from every database. */
export type Row = Value[];

/** How many rows, how many values (a statement of SQLite takes no more) and how many bytes are in memory at once. */
const most = { rows: 500, values: 30_000, bytes: 4_000_000 };

/** Gives all rows of a table by its primary key, some at a time. */
export async function* readRows(database: Knex, table: Table): AsyncGenerator<Row[]> {
  for (let after: Value[] | undefined; ;) {
    const count = await countOfNext(database, table, after);
    if (count === 0) return;
    const found: Record<string, Value>[] = await next(database, table, after, count).select(selection(database, table));
    const rows = found.map((row) => table.columns.map((column, at) => valueOf(column, row[alias(at)] ?? null)));
    yield rows;
    after = keyOf(table, rows.at(-1) ?? []);
  }
}

export function keyOf(table: Table, row: Row): Value[] {
  return table.key.map(({ name }) => row[table.columns.findIndex((column) => column.name === name)] ?? null);
}

/** How many rows can be read at once: fewer where they are large. */
async function countOfNext(database: Knex, table: Table, after: Value[] | undefined): Promise<number> {
  const rows = Math.min(most.rows, Math.floor(most.values / table.columns.length));
  const sizes: { size: number }[] = await next(database, table, after, rows).select(sizeOf(database, table));
  let total = 0;
  const tooLarge = sizes.findIndex(({ size }, at) => (total += size) > most.bytes && at > 0);
  return tooLarge === -1 ? sizes.length : tooLarge;
}

function sizeOf(database: Knex, table: Table): Knex.Raw {
  const large = table.columns.filter(({ kind }) => kind === "text" || kind === "bytes");
  const sizes = large.map(() => "coalesce(octet_length(??), 0)");
  return database.raw(
    `${["0", ...sizes].join(" + ")} as size`,
    large.map(({ name }) => `${table.name}.${name}`),
  );
}

function next(database: Knex, table: Table, after: Value[] | undefined, count: number): Knex.QueryBuilder {
  const key = table.key.map(({ name }) => `${table.name}.${name}`);
  const rows = database(table.name).orderBy(key).limit(count);
  if (!after) return rows;
  const [names, values] = [key.map(() => "??"), key.map(() => "?")].map((marks) => marks.join(", "));
  return rows.whereRaw(`(${names}) > (${values})`, [...key, ...after]);
}

/** Under names of their own, which nothing else knows and changes. */
function selection(database: Knex, table: Table): Knex.Raw[] {
  return table.columns.map(({ name, kind }, at) =>
    database.raw(kind === "integer" ? "cast(?? as text) as ??" : "?? as ??", [`${table.name}.${name}`, alias(at)]),
  );
}

function alias(at: number): string {
  return `value_${at}`;
}

/** SQLite keeps booleans as 1 and 0. */
function valueOf({ kind }: Column, value: Value): Value {
  return kind === "boolean" && typeof value === "number" ? value !== 0 : value;
}
