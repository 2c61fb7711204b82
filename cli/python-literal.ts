/**
 * A value as Python would print it, since scripts written for Label Studio read the user's record so.
 * Source: Python's repr() of dict, list, str, int, float, bool and None.
 */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return stringLiteral(value);
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value === "number") return String(value);
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([key, each]) => `${stringLiteral(key)}: ${pythonLiteral(each)}`);
    return `{${entries.join(", ")}}`;
  }
  throw new TypeError(`A ${typeof value} has no Python literal`);
}

function stringLiteral(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + [...text].map((character) => escape(character, quote)).join("") + quote;
}

const named: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escape(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const name = named[character];
  if (name) return name;
  // What Python calls not printable: controls, formats, surrogates, unassigned, private use, separators but the space.
  if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}
