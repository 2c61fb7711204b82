import type { DateTimeInput } from "./parts.ts";

/** What a strftime directive stands for, and how many digits it has. */
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

/** How answers are written where a setup does not say. */
export function usualFormat(input: DateTimeInput): string {
  if (input === "time") return "%H:%M";
  return input === "datetime-local" ? "%Y-%m-%dT%H:%M" : "%Y-%m-%d";
}

/** Whether an `<input>` of this kind can hold the text, and the day is in the calendar. */
export function isMoment(text: string, input: DateTimeInput): boolean {
  if (!patterns[input].test(text)) return false;
  const whole = input === "time" ? `2000-01-01T${text}` : text;
  const moment = new Date(
    `${whole.length > 10 ? whole.slice(0, 16) : whole.slice(0, 10)}${whole.length > 10 ? "Z" : ""}`,
  );
  return !Number.isNaN(moment.valueOf()) && moment.toISOString().startsWith(whole.slice(0, 16));
}

/** What an `<input>` of this kind shows for an answer; undefined when it can't show it. */
export function inputFor(answer: string, input: DateTimeInput, format: string): string | undefined {
  const moment = input === "time" ? answer : (parseMoment(answer, format) ?? answer);
  const text = moment.slice(0, lengths[input]);
  return isMoment(text, input) ? text : undefined;
}

/** Whether moments can be written in, and read back from, this strftime format. */
export function isWritable(format: string): boolean {
  return [...format.matchAll(/%(.?)/g)].every(([, directive = ""]) => Object.hasOwn(directives, directive));
}

/** What an `<input>` sends (`2026-11-22`, `2026-11-22T10:30`, `10:30`) in a strftime format. */
export function formatMoment(text: string, format: string): string {
  const iso = /^\d\d:/.test(text) ? `1900-01-01T${text}` : text;
  const [year = "", month = "01", day = "01", hour = "00", minute = "00"] = iso.split(/[-T:]/);
  const parts: Parts = { year, month, day, hour, minute };
  return format.replace(/%(.)/g, (_, directive: string) => parts[directives[directive]?.part ?? "year"]);
}

/** The reverse: the ISO moment of a formatted one, to the minute; undefined for another text. */
function parseMoment(text: string, format: string): string | undefined {
  const order = [...format.matchAll(/%(.)/g)].map(([, directive = ""]) => directives[directive]);
  const pattern = format
    .split(/%./)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .reduce((before, literal, index) => `${before}(\\d{${order[index - 1]?.digits ?? 2}})${literal}`);
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (!found) return undefined;
  const parts: Parts = { year: "1900", month: "01", day: "01", hour: "00", minute: "00" };
  order.forEach((directive, index) => {
    if (directive) parts[directive.part] = found[index + 1] ?? "";
  });
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}
