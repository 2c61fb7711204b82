/** A list of answers: older versions kept null or an object where there were none. */
export function resultFrom(json: string | null): string {
  const text = json?.trim() ?? "";
  if (text.startsWith("[")) return json ?? "[]";
  return /^\{\s*[^}\s]/.test(text) ? `[${text}]` : "[]";
}

/** How many answers a list has. */
export function countResults(result: string): number {
  const list: unknown = JSON.parse(result);
  return Array.isArray(list) ? list.length : 0;
}

/** A UUID with its hyphens, which SQLite leaves out there. */
export function uuidFrom(text: string | null): string | undefined {
  const digits = text?.replaceAll("-", "").toLowerCase() ?? "";
  if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
