/**
 * Moments are text everywhere, as the API shows them: UTC, ISO 8601 with microseconds, `2026-11-22T10:22:37.707000Z`.
 * All have the same length, so they sort and compare as text in every database.
 */
export type Moment = string;

export function now(): Moment {
  return moment(Date.now());
}

export function minutesFromNow(minutes: number): Moment {
  return moment(Date.now() + minutes * 60_000);
}

export function daysFromNow(days: number): Moment {
  return minutesFromNow(days * 24 * 60);
}

export function aMinuteAgo(): Moment {
  return minutesFromNow(-1);
}

/** Takes milliseconds since 1970. */
export function moment(milliseconds: number): Moment {
  return new Date(milliseconds).toISOString().replace("Z", "000Z");
}
