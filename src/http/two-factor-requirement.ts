import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import type { Visitor } from "../context.ts";

type State = Pick<Visitor, "organization" | "current_session" | "has_two_factor">;

/**
 * From when on the organization lets the user in only with a second factor that they have not set up; undefined where that is
 * not so. It is about sessions: tokens and keys go on without.
 */
export function twoFactorDeadline({ organization, current_session, has_two_factor }: State): Timestamp | undefined {
  if (!current_session || has_two_factor) return undefined;
  return organization?.two_factor_required_from ?? undefined;
}

/** Whether the user has to set up a second factor before anything else. */
export function isTwoFactorOverdue(state: State): boolean {
  const deadline = twoFactorDeadline(state);
  return deadline !== undefined && deadline <= now();
}
