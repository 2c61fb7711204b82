/** Records that are read and presented at a time, so that a list of a million is never in memory. */
const atOnce = 100;

/** Reads at most `limit` rows, some at a time: each time those after the last row that was read. */
export async function* inBatches<Row>(
  read: (last: Row | undefined, limit: number) => Promise<Row[]>,
  limit = Infinity,
): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  for (let rest = limit; rest > 0;) {
    const asked = Math.min(rest, atOnce);
    const rows = await read(last, asked);
    yield rows;
    rest = rows.length < asked ? 0 : rest - rows.length;
    last = rows.at(-1);
  }
}

/** Presents each piece as a whole, so that what belongs to its rows is asked for once. */
export async function* presentBatches<Row, Record>(
  pieces: AsyncIterable<Row[]>,
  present: (rows: Row[]) => Promise<Record[]>,
): AsyncGenerator<Record[]> {
  for await (const rows of pieces) yield await present(rows);
}
