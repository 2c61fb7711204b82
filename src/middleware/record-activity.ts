import type { Next } from "koa";

import { aMinuteAgo } from "../common/timestamps.ts";
import type { Context } from "../context.ts";

/**
 * Records at most once a minute that a user was active. Requests with a legacy token or a key are not recorded: they come
 * from scripts that run unattended.
 */
export async function recordActivity(ctx: Context, next: Next): Promise<void> {
  const { user, current_session, credential } = ctx.state;
  // A page with a flash message writes its session anyway; the request after it is recorded instead.
  const isDue = current_session && current_session.last_seen_at < aMinuteAgo() && !ctx.session?.flash;
  if (user && isDue) {
    await ctx.repositories.sessions.touch(current_session);
    await ctx.repositories.users.touch(user.id);
  } else if (user && (credential === "personal" || credential === "access") && user.last_seen_at < aMinuteAgo()) {
    await ctx.repositories.users.touch(user.id);
  }
  await next();
}
