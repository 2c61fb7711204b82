/** How Python names the type of a value that came as JSON. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "string") return "str";
  return Array.isArray(value) ? "list" : "dict";
}

/** A value that came as JSON as Python prints it within others: `{'text': None}`. */
export function pythonRepr(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([key, member]) => `${quoted(key)}: ${pythonRepr(member)}`)
      .join(", ")}}`;
  return pythonText(value);
}

/** A value that came as JSON as Python puts it into a sentence: text without quotes. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : pythonRepr(value);
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\p{C}\p{Zl}\p{Zp}]|'/gu, (sign) => {
    if (sign === "'") return quote === "'" ? "\\'" : sign;
    return named[sign] ?? escapeOf(sign.codePointAt(0) ?? 0);
  });
  return quote + escaped + quote;
}

const named: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeOf(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
