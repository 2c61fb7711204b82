/** JSON that is passed on as it came: the order of keys, the digits of numbers and all. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** As JSON.stringify, with the text of each JsonText as it is. */
export function stringifyJson(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(stringifyJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${stringifyJson(member)}`).join(",")}}`;
}

/** The text of each member of a JSON object, without the spaces around it; of a name that comes twice, the last. */
export function rawMembers(object: string): Map<string, string> {
  const parts = partsOf(object).map((part): [string, string] => {
    const colon = endOfString(part, 0);
    return [JSON.parse(part.slice(0, colon)) as string, part.slice(part.indexOf(":", colon) + 1).trim()];
  });
  return new Map(parts);
}

/** The text of each element of a JSON array. */
export function rawElements(array: string): string[] {
  return partsOf(array);
}

/** Without the spaces between its signs, as upstream keeps it. */
export function compactJson(text: string): string {
  let isInString = false;
  // A piece at a time: a pattern for whole strings runs out of stack on long ones.
  return text.replace(/\\.|"|\s+/g, (piece) => {
    if (piece === '"') isInString = !isInString;
    return isInString || piece === '"' || piece.startsWith("\\") ? piece : "";
  });
}

/** What stands between the commas of the outermost brackets of well-formed JSON. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = text.search(/[[{]/) + 1;
  for (let at = start - 1; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at) - 1;
    else if (sign === "[" || sign === "{") depth++;
    else if (sign === "]" || sign === "}") depth--;
    if ((sign === "," && depth === 1) || (depth === 0 && (sign === "]" || sign === "}"))) {
      const part = text.slice(start, at).trim();
      if (part) parts.push(part);
      start = at + 1;
    }
  }
  return parts;
}

/** The place after the string that begins here. */
function endOfString(text: string, start: number): number {
  const quote = text.indexOf('"', start);
  let at = quote + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
