import { formatPeriod } from "../common/durations.ts";
import { daysFromNow, now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import { longestTokenDays, neverDays, tokenLifetimes } from "../forms/account.ts";
import { day } from "../rendering/templates.ts";
import { isStale } from "../repositories/accounts/api-keys.ts";
import type { ApiKey } from "../repositories/accounts/api-keys.ts";
import type { PersonalToken } from "../repositories/accounts/personal-tokens.ts";

/** A choice of a form. */
interface Choice {
  value: number;
  label: string;
}

/** After how long a new token expires, for the form that makes it. `limit`: the organization's, in days. */
export function tokenChoices(limit: number): Choice[] {
  return tokenLifetimes(limit).map((value) => ({ value, label: value >= neverDays ? "Never" : `In ${period(value)}` }));
}

/** The limits that an organization can choose, and the one that it has; in days. */
export function tokenLimits(limit: number): Choice[] {
  const values = [...new Set([30, 90, 365, longestTokenDays, limit])].sort((one, other) => one - other);
  return values.map((value) => ({ value, label: value >= neverDays ? "Never" : period(value) }));
}

/** After how many minutes a session may end: what an organization can choose, and what it has. */
export function sessionLimits(minutes: number): Choice[] {
  const values = [...new Set([1440, 4320, 11_520, 20_160, 43_200, minutes])].sort((one, other) => one - other);
  return values.map((value) => ({ value, label: formatPeriod(value) }));
}

/** Who needs a second factor: the choices of an organization, of which "keep" is the date that it has set before. */
export function twoFactorChoices(required_from: Timestamp | null): { value: string; label: string }[] {
  const start = required_from && required_from > now() ? `from ${day(required_from)}` : "now";
  return [
    { value: "optional", label: "Whoever sets it up" },
    ...(required_from ? [{ value: "keep", label: `Everyone, ${start}` }] : []),
    { value: "0", label: "Everyone, at once" },
    ...[7, 14, 30].map((days) => ({ value: String(days), label: `Everyone, in ${days} days` })),
  ];
}

/** Adds what people read instead of an end that is centuries away, or near. */
export function withExpiry(token: PersonalToken) {
  return {
    ...token,
    never_expires: token.expires_at > daysFromNow(neverDays - 365),
    expires_soon: expiresSoon(token.expires_at),
  };
}

/** Adds whether a key ends soon, or seems to be forgotten. */
export function withKeyState(key: ApiKey) {
  return {
    ...key,
    expires_soon: key.expires_at !== null && expiresSoon(key.expires_at),
    is_stale: isStale(key),
  };
}

function expiresSoon(expires_at: Timestamp): boolean {
  return expires_at < daysFromNow(7);
}

function period(days: number): string {
  if (days === 365) return "1 year";
  return days === 1 ? "1 day" : `${days} days`;
}
