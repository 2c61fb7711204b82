/**
 * Moments are text everywhere, as the API shows them: UTC, ISO 8601 with microseconds, `2026-11-22T10:22:37.707000Z`.
 * All have the same length, so they sort and compare as text in every database.
 *
 * What lasts until a moment is over at that moment: it is valid while `until > now()`, and expired, free or due for cleanup
 * once `until <= now()`. One of the two holds in every millisecond.
 */
export type Timestamp = string;

export function now(): Timestamp {
  return toTimestamp(Date.now());
}

/** The day in UTC, `2026-11-22`. */
export function today(): string {
  return now().slice(0, 10);
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

/** Reads ISO 8601 with or without time, seconds, fraction and offset (UTC is meant without one); undefined when it is none. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,6})\d*)?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    text.trim(),
  );
  if (!parts) return undefined;
  const [, date = "", time = "00:00", seconds = ":00", fraction = "", offset = "Z"] = parts;
  if (!isDay(date)) return undefined;
  const milliseconds = Date.parse(`${date}T${time}${seconds}${offset.replace(/(\d\d)(\d\d)$/, "$1:$2").toUpperCase()}`);
  const whole = Number.isNaN(milliseconds) ? "" : new Date(milliseconds).toISOString().slice(0, 19);
  // Sorted as text, so every year has four digits.
  return /^\d{4}-/.test(whole) && !whole.startsWith("0000") ? `${whole}.${fraction.padEnd(6, "0")}Z` : undefined;
}

/** The platform reads February 30 as March 1. */
function isDay(date: string): boolean {
  const milliseconds = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(milliseconds) && toTimestamp(milliseconds).startsWith(date);
}

/** Takes milliseconds since 1970. */
export function toTimestamp(milliseconds: number): Timestamp {
  return new Date(milliseconds).toISOString().replace("Z", "000Z");
}
