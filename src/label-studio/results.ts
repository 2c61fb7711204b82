/** Returns a JSON array: older versions stored null, an empty object or a single one. */
export function normalizeResult(json: string | null): string {
  const text = json?.trim() ?? "";
  if (text.startsWith("[")) return json ?? "[]";
  return /^\{\s*[^}\s]/.test(text) ? `[${text}]` : "[]";
}

/** Returns the length of a JSON array. */
export function countResults(result: string): number {
  const list: unknown = JSON.parse(result);
  return Array.isArray(list) ? list.length : 0;
}
