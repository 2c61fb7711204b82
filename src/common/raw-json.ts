import { randomUUID } from "node:crypto";

/** Stands for the text of a RawJson while JSON.stringify writes what is around it; nobody can guess it. */
const mark = randomUUID();
const writtenMark = JSON.stringify(mark);

/** The texts that the marks stand for, in their order, while JSON.stringify writes. */
let markedTexts: string[] | undefined;

/** JSON text that is passed on verbatim, with the order of its keys and all digits of its numbers. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    if (!markedTexts) return JSON.parse(this.text);
    markedTexts.push(this.text);
    return mark;
  }
}

/**
 * As JSON.stringify, with the text of each RawJson verbatim, and at any depth: JSON that was stored before its depth was
 * limited may be nested deeper than calls can be.
 */
export function stringifyJson(value: unknown): string {
  const texts: string[] = [];
  markedTexts = texts;
  try {
    return withTexts(JSON.stringify(value) ?? "null", texts);
  } catch (error) {
    if (error instanceof RangeError) return stringifyAtAnyDepth(value);
    throw error;
  } finally {
    markedTexts = undefined;
  }
}

/** Puts the texts where their marks are. */
function withTexts(marked: string, texts: string[]): string {
  let json = "";
  let start = 0;
  for (const text of texts) {
    const end = marked.indexOf(writtenMark, start);
    json += marked.slice(start, end) + text;
    start = end + writtenMark.length;
  }
  return json + marked.slice(start);
}

/** A list or an object that is being written. */
interface OpenValue {
  values: unknown[];
  /** Of an object's members. */
  names?: string[];
  next: number;
}

/** The same without calls inside of calls, at three times the cost. */
function stringifyAtAnyDepth(value: unknown): string {
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

/** The JSON of an object with these members, each in raw JSON. */
export function joinMembers(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([name, member]) => `${JSON.stringify(name)}:${member}`).join(",")}}`;
}

/** Returns the raw JSON of each element of an array. */
export function rawElements(array: string): string[] {
  return splitItems(array);
}

/** Removes the whitespace outside of strings, as Label Studio does when it stores JSON. */
export function compactJson(text: string): string {
  const first = positionOfWhitespace(text);
  if (first === text.length) return text;
  // Character by character: a pattern, or a slice for each number of a long list, takes ten times as long.
  const utf16 = Buffer.allocUnsafe(2 * (text.length - first));
  let length = 0;
  for (let at = first; at < text.length; at++) {
    if (isWhitespace(text.charCodeAt(at))) continue;
    const end = text.charCodeAt(at) === quote ? endOfString(text, at) : at + 1;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      utf16[length++] = code & 0xff;
      utf16[length++] = code >> 8;
    }
    at--;
  }
  return text.slice(0, first) + utf16.toString("utf16le", 0, length);
}

/** The position of the first whitespace outside of strings; the length without any. */
function positionOfWhitespace(text: string): number {
  let at = 0;
  while (at < text.length && !isWhitespace(text.charCodeAt(at)))
    at = text.charCodeAt(at) === quote ? endOfString(text, at) : at + 1;
  return at;
}

export const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/** JSON has four kinds of whitespace. */
function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Splits valid JSON at the commas of its outermost brackets. */
function splitItems(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = text.search(/[[{]/) + 1;
  for (let position = start - 1; position < text.length; position++) {
    const code = text.charCodeAt(position);
    // [ and { are 0x5b and 0x7b, ] and } are 0x5d and 0x7d.
    const isEnd = (code | 0x20) === 0x7d;
    if (code === quote) position = endOfString(text, position) - 1;
    else if ((code | 0x20) === 0x7b) depth++;
    else if (isEnd) depth--;
    if ((depth === 1 && code === comma) || (depth === 0 && isEnd)) {
      const item = text.slice(start, position).trim();
      if (item) items.push(item);
      start = position + 1;
    }
  }
  return items;
}

/** Returns the position after the next string from `start` on, the end of the text for a string that has none. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
  } while (isEscaped(text, end));
  return end + 1;
}

/** Whether an odd number of backslashes stands before this position. */
function isEscaped(text: string, position: number): boolean {
  let before = position;
  while (text.charCodeAt(before - 1) === backslash) before--;
  return (position - before) % 2 === 1;
}
