/** Reads what Python's repr() writes of dict, list, str, int, bool and None, and nothing else: no other spacing, no JSON. */
export function readPythonLiteral(text: string): unknown {
  const { value, rest } = read(text);
  if (rest !== "") throw new SyntaxError(`Not read: ${rest}`);
  return value;
}

interface Read<Value = unknown> {
  value: Value;
  rest: string;
}

function read(text: string): Read {
  if (text.startsWith("{")) {
    const { value, rest } = readItems(text.slice(1), "}", readEntry);
    return { value: Object.fromEntries(value), rest };
  }
  if (text.startsWith("[")) return readItems(text.slice(1), "]", read);
  if (/^['"]/.test(text)) return readString(text);
  const word = /^(None|True|False|-?(?:0|[1-9]\d*))(?=[,}\]]|$)/.exec(text)?.[0];
  if (word === undefined) throw new SyntaxError(`No literal: ${text}`);
  const names: Record<string, unknown> = { None: null, True: true, False: false };
  return { value: word in names ? names[word] : Number(word), rest: text.slice(word.length) };
}

function readItems<Item>(text: string, end: string, readItem: (text: string) => Read<Item>): Read<Item[]> {
  const items: Item[] = [];
  let rest = text;
  while (!rest.startsWith(end)) {
    if (items.length > 0) rest = skip(rest, ", ");
    const item = readItem(rest);
    items.push(item.value);
    rest = item.rest;
  }
  return { value: items, rest: rest.slice(end.length) };
}

function readEntry(text: string): Read<[string, unknown]> {
  const key = readString(text);
  const { value, rest } = read(skip(key.rest, ": "));
  return { value: [key.value, value], rest };
}

function skip(text: string, expected: string): string {
  if (!text.startsWith(expected)) throw new SyntaxError(`No ${JSON.stringify(expected)}: ${text}`);
  return text.slice(expected.length);
}

const escapes: Record<string, string> = { "\\": "\\", "'": "'", '"': '"', n: "\n", r: "\r", t: "\t" };

function readString(text: string): Read<string> {
  const literal = /^(?:'(?:[^'\\\p{Cc}]|\\.)*'|"(?:[^"\\\p{Cc}]|\\.)*")/u.exec(text)?.[0];
  if (literal === undefined) throw new SyntaxError(`No string: ${text}`);
  const value = literal
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gu, (_, x, u, U, name: string) => {
      const code: string | undefined = x ?? u ?? U;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      const meant = escapes[name];
      if (meant === undefined) throw new SyntaxError(`No escape: \\${name}`);
      return meant;
    });
  return { value, rest: text.slice(literal.length) };
}
