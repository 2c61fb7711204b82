import type { DateTimeInput } from "./parts.ts";

/** The part of a date or time that a strftime directive formats, and its digits. */
const directives: Record<string, { part: "year" | "month" | "day" | "hour" | "minute"; digits: number }> = {
  Y: { part: "year", digits: 4 },
  m: { part: "month", digits: 2 },
  d: { part: "day", digits: 2 },
  H: { part: "hour", digits: 2 },
  M: { part: "minute", digits: 2 },
};

type Parts = Record<"year" | "month" | "day" | "hour" | "minute", string>;

const patterns: Record<DateTimeInput, RegExp> = {
  "datetime-local": /^\d{4}-\d\d-\d\dT\d\d:\d\d/,
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^\d\d:\d\d/,
  month: /^\d{4}-\d\d$/,
  year: /^\d{4}$/,
};
const lengths: Record<DateTimeInput, number> = { "datetime-local": 16, date: 10, time: 5, month: 7, year: 4 };

/** The format of answers where the label config has none. */
export function defaultFormat(input: DateTimeInput): string {
  if (input === "time") return "%H:%M";
  return input === "datetime-local" ? "%Y-%m-%dT%H:%M" : "%Y-%m-%d";
}

/** Whether a text is a valid value of an `<input>` of this type, with a day that exists. */
export function isInputValue(text: string, input: DateTimeInput): boolean {
  if (!patterns[input].test(text)) return false;
  const whole = input === "time" ? `2000-01-01T${text}` : text;
  const date = new Date(
    `${whole.length > 10 ? whole.slice(0, 16) : whole.slice(0, 10)}${whole.length > 10 ? "Z" : ""}`,
  );
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(whole.slice(0, 16));
}

/** The value of an `<input>` of this type for an answer; undefined when it can't show the answer. */
export function toInputValue(answer: string, input: DateTimeInput, format: string): string | undefined {
  const iso = input === "time" ? answer : (parseDateTime(answer, format) ?? answer);
  const text = iso.slice(0, lengths[input]);
  return isInputValue(text, input) ? text : undefined;
}

/** Whether this strftime format can be both formatted and parsed. */
export function isSupportedFormat(format: string): boolean {
  return [...format.matchAll(/%(.?)/g)].every(([, directive = ""]) => Object.hasOwn(directives, directive));
}

/** Formats the value of an `<input>` (`2026-11-22`, `2026-11-22T10:30`, `10:30`) in a strftime format. */
export function formatDateTime(text: string, format: string): string {
  const iso = /^\d\d:/.test(text) ? `1900-01-01T${text}` : text;
  const [year = "", month = "01", day = "01", hour = "00", minute = "00"] = iso.split(/[-T:]/);
  const parts: Parts = { year, month, day, hour, minute };
  return format.replace(/%(.)/g, (_, directive: string) => parts[directives[directive]?.part ?? "year"]);
}

/** Parses a text in a strftime format into ISO 8601, to the minute; undefined when it doesn't match. */
function parseDateTime(text: string, format: string): string | undefined {
  const [before = "", ...literals] = format.split(/%./);
  const order = [...format.matchAll(/%(.)/g)].map(([, directive = ""]) => directives[directive]);
  const parts: Parts = { year: "1900", month: "01", day: "01", hour: "00", minute: "00" };
  if (!text.startsWith(before)) return undefined;
  let at = before.length;
  for (const [index, literal] of literals.entries()) {
    const { part, digits } = order[index] ?? { digits: 2 };
    const value = text.slice(at, at + digits);
    if (value.length < digits || !/^\d+$/.test(value) || !text.startsWith(literal, at + digits)) return undefined;
    if (part) parts[part] = value;
    at += digits + literal.length;
  }
  if (at < text.length) return undefined;
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}
