/**
 * How many things a result, a JSON array, speaks of, as Label Studio counts them: entries with the same `id` are about the
 * same region, such as a rectangle and the choices made for it, and all entries without one are about the whole task.
 */
export function countResults(result: string): number {
  const entries = JSON.parse(result) as unknown[];
  return new Set(entries.map((entry) => JSON.stringify((entry as { id?: unknown } | null)?.id ?? null))).size;
}
