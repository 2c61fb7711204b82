import { stringifyJson } from "../../common/raw-json.ts";

/**
 * Returns `result_count`, as Label Studio counts: the number of distinct regions in a result (a JSON array; 0 for any other
 * JSON). Entries with the same `id` belong to the same region, such as a rectangle and the choices made for it; all entries
 * without an id belong to the task as a whole.
 */
export function countResults(result: string): number {
  const entries: unknown = JSON.parse(result);
  if (!Array.isArray(entries)) return 0;
  const regions = entries.map((entry: { id?: unknown } | null) => {
    const id = entry?.id ?? null;
    // A shortcut for what ids are but for mistakes: stringifyJson takes most of the time.
    return typeof id === "string" ? JSON.stringify(id) : stringifyJson(id);
  });
  return new Set(regions).size;
}
