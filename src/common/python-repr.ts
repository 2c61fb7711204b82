/** Returns Python's name for the type of a JSON value, which Label Studio's error messages name. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "string") return "str";
  return Array.isArray(value) ? "list" : "dict";
}

/** Returns a JSON value as Python's repr() prints it, on one line: `{'text': None}`. */
export function pythonRepr(value: unknown): string {
  if (typeof value === "string") return quoteString(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${quoteString(key)}: ${pythonRepr(member)}`);
    return `{${members.join(", ")}}`;
  }
  return pythonStr(value);
}

/** Returns a JSON value as Python's str() prints it: as repr(), but a string without quotes. */
export function pythonStr(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "object") return pythonRepr(value);
  throw new TypeError(`Python has no literal for a ${typeof value}`);
}

/** Python uses an exponent of two digits below 0.0001, JavaScript one of any length below 0.000001. */
function formatNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, "e-0$1");
}

/** The characters that str.isprintable() denies: all of the categories Other and Separator but the space. */
const escaped = /[\\'"\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function quoteString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replace(escaped, (character) => escapeCharacter(character, quote)) + quote;
}

const shortEscapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCharacter(character: string, quote: string): string {
  if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
  const short = shortEscapes[character];
  if (short) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
