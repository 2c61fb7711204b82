import type { Knex } from "knex";

import type { Column, Table } from "./schema.ts";

/** Integers are strings of their digits, since 64-bit ones don't fit a JavaScript number. */
export type Value = string | number | boolean | Buffer | null;

/** Values in the order of the table's columns, equal from every database. */
export type Row = Value[];

/** Limits of a batch. A statement of SQLite takes 32,766 values at most; the bytes are what is in memory at once. */
const maxBatch = { rows: 500, values: 30_000, bytes: 4_000_000 };

/** Yields all rows of a table in batches, in the order of the primary key (keyset pagination). */
export async function* readRows(database: Knex, table: Table): AsyncGenerator<Row[]> {
  for (let after: Value[] | undefined; ;) {
    const count = await nextBatchSize(database, table, after);
    if (count === 0) return;
    const records: Record<string, Value>[] = await nextRows(database, table, after, count).select(
      selectColumns(database, table),
    );
    const rows = records.map((record) =>
      table.columns.map((column, index) => toValue(column, record[alias(index)] ?? null)),
    );
    yield rows;
    after = keyOf(table, rows.at(-1) ?? []);
  }
}

export function keyOf(table: Table, row: Row): Value[] {
  return table.key.map(({ name }) => row[table.columns.findIndex((column) => column.name === name)] ?? null);
}

/** Returns how many rows the next batch has: fewer where rows are large, but at least one; 0 at the end of the table. */
async function nextBatchSize(database: Knex, table: Table, after: Value[] | undefined): Promise<number> {
  const maxRows = Math.min(maxBatch.rows, Math.floor(maxBatch.values / table.columns.length));
  const sizes: { size: number }[] = await nextRows(database, table, after, maxRows).select(selectSize(database, table));
  let total = 0;
  const firstTooMany = sizes.findIndex(({ size }, index) => (total += size) > maxBatch.bytes && index > 0);
  return firstTooMany === -1 ? sizes.length : firstTooMany;
}

/** The bytes of a row's texts and binaries. */
function selectSize(database: Knex, table: Table): Knex.Raw {
  const large = table.columns.filter(({ type }) => type === "text" || type === "bytes");
  const sizes = large.map(() => "coalesce(octet_length(??), 0)");
  return database.raw(
    `${["0", ...sizes].join(" + ")} as size`,
    large.map(({ name }) => `${table.name}.${name}`),
  );
}

function nextRows(database: Knex, table: Table, after: Value[] | undefined, count: number): Knex.QueryBuilder {
  const key = table.key.map(({ name }) => `${table.name}.${name}`);
  const rows = database(table.name).orderBy(key).limit(count);
  if (!after) return rows;
  const [names, values] = [key.map(() => "??"), key.map(() => "?")].map((marks) => marks.join(", "));
  return rows.whereRaw(`(${names}) > (${values})`, [...key, ...after]);
}

/** Under aliases, so that the conversion of booleans in sqlite.ts, which goes by the columns' names, does not apply. */
function selectColumns(database: Knex, table: Table): Knex.Raw[] {
  return table.columns.map(({ name, type }, index) =>
    database.raw(type === "integer" ? "cast(?? as text) as ??" : "?? as ??", [`${table.name}.${name}`, alias(index)]),
  );
}

function alias(index: number): string {
  return `value_${index}`;
}

/** SQLite stores booleans as 1 and 0. */
function toValue({ type }: Column, value: Value): Value {
  return type === "boolean" && typeof value === "number" ? value !== 0 : value;
}
