import type { Knex } from "knex";

/** Results that one statement reads. */
const batchSize = 500;

/** Yields the results (JSON arrays) of the rows that a query selects, in the order of ids, by keyset pagination. */
export async function* iterateResults(query: () => Knex.QueryBuilder): AsyncGenerator<string> {
  for (let lastId = 0; ;) {
    const rows: { id: number; result: string }[] = await query()
      .where("id", ">", lastId)
      .orderBy("id")
      .limit(batchSize)
      .select("id", "result");
    for (const { result } of rows) yield result;
    lastId = rows.at(-1)?.id ?? 0;
    if (rows.length < batchSize) return;
  }
}
