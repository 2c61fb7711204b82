/** JSON text that is passed on verbatim, with the order of its keys and all digits of its numbers. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** A list or an object that is being written. */
interface OpenValue {
  values: unknown[];
  /** Of an object's members. */
  names?: string[];
  next: number;
}

/**
 * As JSON.stringify, with the text of each RawJson verbatim, and at any depth: JSON that was stored before its depth was
 * limited may be nested deeper than calls can be.
 */
export function stringifyJson(value: unknown): string {
  const open: OpenValue[] = [];
  let text = "";
  const write = (each: unknown) => {
    if (each instanceof RawJson) text += each.text;
    else if (each === null || typeof each !== "object") text += JSON.stringify(each) ?? "null";
    else {
      text += Array.isArray(each) ? "[" : "{";
      open.push(Array.isArray(each) ? { values: each, next: 0 } : openObject(each));
    }
  };
  write(value);
  for (let current = open.at(-1); current; current = open.at(-1)) {
    const { values, names, next } = current;
    if (next === values.length) {
      text += names ? "}" : "]";
      open.pop();
    } else {
      if (next > 0) text += ",";
      if (names) text += `${JSON.stringify(names[next])}:`;
      current.next++;
      write(values[next]);
    }
  }
  return text;
}

function openObject(value: object): OpenValue {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return { values: members.map(([, member]): unknown => member), names: members.map(([name]) => name), next: 0 };
}

/** Returns the raw JSON of each member of an object by its name; the last one of a duplicate name. */
export function rawMembers(object: string): Map<string, string> {
  const members = splitItems(object).map((member): [string, string] => {
    const nameEnd = endOfString(member, 0);
    return [JSON.parse(member.slice(0, nameEnd)) as string, member.slice(member.indexOf(":", nameEnd) + 1).trim()];
  });
  return new Map(members);
}

/** Returns the raw JSON of each element of an array. */
export function rawElements(array: string): string[] {
  return splitItems(array);
}

/** Removes the whitespace outside of strings, as Label Studio does when it stores JSON. */
export function compactJson(text: string): string {
  let isInString = false;
  // Not one match per string: a pattern for a whole string overflows the stack on long ones.
  return text.replace(/\\.|"|\s+/g, (token) => {
    if (token === '"') isInString = !isInString;
    return isInString || token === '"' || token.startsWith("\\") ? token : "";
  });
}

/** Splits valid JSON at the commas of its outermost brackets. */
function splitItems(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = text.search(/[[{]/) + 1;
  for (let position = start - 1; position < text.length; position++) {
    const character = text[position];
    if (character === '"') position = endOfString(text, position) - 1;
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if ((character === "," && depth === 1) || (depth === 0 && (character === "]" || character === "}"))) {
      const item = text.slice(start, position).trim();
      if (item) items.push(item);
      start = position + 1;
    }
  }
  return items;
}

/** Returns the position after the next string from `start` on. */
function endOfString(text: string, start: number): number {
  const quote = text.indexOf('"', start);
  let position = quote + 1;
  while (text[position] !== '"') position += text[position] === "\\" ? 2 : 1;
  return position + 1;
}
