import { jsonDepthError } from "../common/json-depth.ts";
import { limits } from "../common/limits.ts";
import { RawJson } from "../common/raw-json.ts";

/**
 * Parses a RawJson; any other value is returned as it is. Numbers that JavaScript would write differently, such as 1.0 and
 * those of more digits than a number holds, become a RawJson each.
 */
export function parseLossless(value: unknown): unknown {
  if (!(value instanceof RawJson)) return value;
  if (!/\d\.\d*0(?!\d)|\d[eE]|\d{16}/.test(value.text)) return JSON.parse(value.text);
  // A reviver calls itself: it overflows the stack on what was stored before depth was limited.
  if (jsonDepthError(value.text, limits.importedJsonDepth)) return JSON.parse(value.text);
  return JSON.parse(wrapLossyNumbers(value.text), (_name, member: unknown) => unwrapNumber(member) ?? member);
}

/** Matches one quote, escape or number at a time: a pattern for whole strings runs out of stack on long ones. */
function wrapLossyNumbers(json: string): string {
  let inString = false;
  return json.replaceAll(/\\.|"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    if (token === '"') inString = !inString;
    const isLossy = !inString && /\d$/.test(token) && String(Number(token)) !== token;
    return isLossy ? `{"${wrapperKey}":"${token}"}` : token;
  });
}

const wrapperKey = "number as it came";

/** A task's own data may look like a wrapper; then it becomes a number, too, which is harmless. */
function unwrapNumber(member: unknown): RawJson | undefined {
  const digits: unknown = member !== null && typeof member === "object" ? Reflect.get(member, wrapperKey) : undefined;
  if (typeof digits !== "string" || Object.keys(Object(member)).length > 1) return undefined;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(digits) ? new RawJson(digits) : undefined;
}
