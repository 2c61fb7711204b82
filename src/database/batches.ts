import type { Knex } from "knex";

/** Rows per statement: databases limit the number of values in one, SQLite to 32,766. */
const batchSize = 500;

/** Yields the rows in batches that are small enough for one statement each. */
export function* batchesOf<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += batchSize) yield rows.slice(start, start + batchSize);
}

/** Inserts any number of rows into a table. Unlike Knex's batchInsert it opens no transaction of its own. */
export async function insertInBatches(transaction: Knex, table: string, rows: readonly object[]): Promise<void> {
  for (const batch of batchesOf(rows)) await transaction(table).insert(batch);
}
