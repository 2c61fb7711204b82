import type { Context } from "../context.ts";
import { eventMessages } from "../repositories/accounts/events.ts";
import type { EventDetails, EventName } from "../repositories/accounts/events.ts";

/** Refusals stand out in the log. */
const refusals: readonly EventName[] = ["authn_login_fail", "authn_login_lock", "authn_mfa_fail", "authn_mfa_lock"];

/**
 * Logs what happened to an account or to the organization, and stores it for the activity log. `user`: the id of whose account it
 * is about; `by`: who did it; for both the requester by default, null for nobody that is known. Never give it a secret.
 */
export async function recordEvent(
  ctx: Pick<Context, "get" | "ip" | "log" | "repositories" | "state">,
  name: EventName,
  {
    by = ctx.state.user?.id ?? null,
    user = by,
    ...details
  }: { user?: number | null; by?: number | null } & EventDetails = {},
): Promise<void> {
  const line = { event: name, user: user ?? undefined, by: by === user ? undefined : by, ip: ctx.ip, ...details };
  ctx.log[refusals.includes(name) ? "warn" : "info"](line, eventMessages[name]);
  await ctx.repositories.events.add({
    name,
    actor_id: by,
    subject_id: user,
    ip: ctx.ip,
    user_agent: ctx.get("User-Agent"),
    details,
  });
}
