import { formatPeriod } from "../common/durations.ts";
import { daysFromNow } from "../common/timestamps.ts";
import { longestTokenDays, tokenLifetimes } from "../forms/account.ts";
import type { PersonalToken } from "../repositories/accounts/personal-tokens.ts";

/** From 50 years on people read that a token never expires. */
const neverDays = 18_250;

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

/** Adds what people read instead of an end that is centuries away, or near. */
export function withExpiry(token: PersonalToken) {
  return {
    ...token,
    never_expires: token.expires_at > daysFromNow(neverDays - 365),
    expires_soon: token.expires_at < daysFromNow(7),
  };
}

function period(days: number): string {
  if (days === 365) return "1 year";
  return days === 1 ? "1 day" : `${days} days`;
}
