/** Returns a JSON array: older versions stored null, an empty object or a single one. */
export function normalizeResult(json: string | null): string {
  const text = json?.trim() ?? "";
  if (text.startsWith("[")) return json ?? "[]";
  return /^\{\s*[^}\s]/.test(text) ? `[${text}]` : "[]";
}
