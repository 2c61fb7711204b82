/**
 * A time in UTC as ISO 8601 with microseconds, `2026-11-22T10:22:37.707000Z`: in the API, the code and the database.
 * All have the same length, so they sort and compare as text.
 *
 * What is valid until a time ends at that time: it is valid while `until > now()`, and expired, available or due for deletion
 * once `until <= now()`. Exactly one of the two holds in every millisecond.
 */
export type Timestamp = string;

/** Microseconds since 1970. */
let latest = 0;

/** How far back the clock may be put, in microseconds, before times follow it. */
const small = 1_000_000;

/** Later than the one before, also within a millisecond, whose microseconds are counted: what comes first sorts first. */
export function now(): Timestamp {
  const clock = Date.now() * 1000;
  latest = clock <= latest && latest - clock < small ? latest + 1 : clock;
  return toTimestamp(Math.floor(latest / 1000), latest % 1000);
}

/** Returns the date in UTC, `2026-11-22`. */
export function today(): string {
  return now().slice(0, 10);
}

/** Returns the date so many days after a date, or before it for a negative number. */
export function addDays(day: string, count: number): string {
  return toTimestamp(Date.parse(day) + count * 86_400_000).slice(0, 10);
}

/** Returns the Monday of a date's week. */
export function startOfWeek(day: string): string {
  return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
}

export function minutesFromNow(minutes: number): Timestamp {
  return toTimestamp(Date.now() + minutes * 60_000);
}

export function daysFromNow(days: number): Timestamp {
  return minutesFromNow(days * 24 * 60);
}

export function aMinuteAgo(): Timestamp {
  return minutesFromNow(-1);
}

/** Parses ISO 8601; time, seconds, fraction and offset are optional, and the default is UTC. Returns undefined if it is invalid. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,6})\d*)?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    text.trim(),
  );
  if (!parts) return undefined;
  const [, date = "", time = "00:00", seconds = ":00", fraction = "", offset = "Z"] = parts;
  if (!isValidDate(date)) return undefined;
  const milliseconds = Date.parse(`${date}T${time}${seconds}${offset.replace(/(\d\d)(\d\d)$/, "$1:$2").toUpperCase()}`);
  const whole = Number.isNaN(milliseconds) ? "" : new Date(milliseconds).toISOString().slice(0, 19);
  // An offset can lead to a year without four digits, which would not sort as text.
  return /^\d{4}-/.test(whole) && !whole.startsWith("0000") ? `${whole}.${fraction.padEnd(6, "0")}Z` : undefined;
}

/** Date.parse accepts February 30 as March 1. */
function isValidDate(date: string): boolean {
  const milliseconds = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(milliseconds) && toTimestamp(milliseconds).startsWith(date);
}

/** Converts milliseconds since 1970, and microseconds after them. */
export function toTimestamp(milliseconds: number, microseconds = 0): Timestamp {
  return new Date(milliseconds).toISOString().replace("Z", `${String(microseconds).padStart(3, "0")}Z`);
}
