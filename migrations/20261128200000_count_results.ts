import type { Knex } from "knex";

/** How many annotations are read at a time: a result may be large. */
const batchSize = 200;

/**
 * Counts the results of annotations again: those that came by the API or an import were counted by their entries, others by
 * the regions that these are about. Every one of them was JSON when it was stored.
 */
export async function up(database: Knex): Promise<void> {
  for (let after = 0; ;) {
    const rows: { id: number; result: string; result_count: number }[] = await database("annotations")
      .where("id", ">", after)
      .orderBy("id")
      .limit(batchSize)
      .select("id", "result", "result_count");
    for (const { id, result, result_count } of rows) {
      const count = countRegions(result);
      if (count !== result_count) await database("annotations").where({ id }).update({ result_count: count });
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

function countRegions(result: string): number {
  const entries: unknown = JSON.parse(result);
  if (!Array.isArray(entries)) return 0;
  return new Set(entries.map((entry) => JSON.stringify((entry as { id?: unknown } | null)?.id ?? null))).size;
}

/** The counts were wrong before. */
export async function down(): Promise<void> {}
