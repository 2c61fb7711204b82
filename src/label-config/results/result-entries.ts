import { objectMembers } from "../task-values.ts";

/** The members of each entry of a result, a JSON array; none of any other JSON. */
export function resultEntries(result: string): Record<string, unknown>[] {
  const entries: unknown = JSON.parse(result);
  return Array.isArray(entries) ? entries.map(objectMembers) : [];
}
