const defaultBatchSize = 100;

/**
 * Reads at most `limit` rows by keyset pagination: `read` returns the rows after the last one of the batch before. A list
 * of a million is never in memory as a whole.
 */
export async function* readBatches<Row>(
  read: (last: Row | undefined, limit: number) => Promise<Row[]>,
  { limit = Infinity, batchSize = defaultBatchSize } = {},
): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  for (let remaining = limit; remaining > 0;) {
    const size = Math.min(remaining, batchSize);
    const rows = await read(last, size);
    yield rows;
    remaining = rows.length < size ? 0 : remaining - rows.length;
    last = rows.at(-1);
  }
}

/** Presents each batch as a whole, so that related records are queried once a batch. */
export async function* mapBatches<Row, Record>(
  batches: AsyncIterable<Row[]>,
  present: (rows: Row[]) => Record[] | Promise<Record[]>,
): AsyncGenerator<Record[]> {
  for await (const rows of batches) yield await present(rows);
}
