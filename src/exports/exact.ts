import { RawJson } from "../common/raw-json.ts";

/**
 * A value that came as JSON, parsed when it is a JsonText. Numbers that would lose digits by that, as 1.0 and those longer
 * than a number keeps, are a JsonText each.
 */
export function exact(value: unknown): unknown {
  if (!(value instanceof RawJson)) return value;
  if (!/\d\.\d*0(?!\d)|\d[eE]|\d{16}/.test(value.text)) return JSON.parse(value.text);
  return JSON.parse(withMarks(value.text), (_name, member: unknown) => markedNumber(member) ?? member);
}

/** Looks at one quote, escape or number at a time: a pattern for whole strings runs out of stack on long ones. */
function withMarks(json: string): string {
  let inString = false;
  return json.replaceAll(/\\.|"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) => {
    if (part === '"') inString = !inString;
    const lossy = !inString && /\d$/.test(part) && String(Number(part)) !== part;
    return lossy ? `{"${mark}":"${part}"}` : part;
  });
}

const mark = "number as it came";

/** Someone's own data may look like a mark; what comes of it is a number still. */
function markedNumber(member: unknown): RawJson | undefined {
  const digits: unknown = member !== null && typeof member === "object" ? Reflect.get(member, mark) : undefined;
  if (typeof digits !== "string" || Object.keys(Object(member)).length > 1) return undefined;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(digits) ? new RawJson(digits) : undefined;
}
