import { Router } from "@koa/router";

import { formatPeriod } from "../../common/durations.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { endSessionsForm } from "../../forms/account.ts";
import { submitWithPassword } from "../../http/reauthentication.ts";
import { recordEvent } from "../../http/record-event.ts";
import { browserName } from "../../rendering/display-names.ts";
import type { Session } from "../../repositories/accounts/sessions.ts";

/** The user's sessions, and ending them, which needs the password. */
export const accountSessions = new Router<SignedIn, AppContext>({ prefix: "/user/account/sessions" });

accountSessions.get("/", async (ctx) => {
  renderSessions(ctx, await ctx.repositories.sessions.list(ctx.state.user.id));
});

accountSessions.post("/delete", async (ctx) => {
  const { user, current_session } = ctx.state;
  const form = await submitWithPassword(ctx, endSessionsForm);
  const sessions = await ctx.repositories.sessions.list(user.id);
  if (form.ok) {
    const { session } = form.data;
    const which = session === "others" ? { all_but: current_session?.id ?? 0 } : { ids: [session] };
    const count = await ctx.repositories.sessions.deleteMany(user.id, which);
    await recordEvent(ctx, "session_ended", { sessions: count });
    ctx.flash(loggedOutMessage(sessions.find(({ id }) => id === session)));
    ctx.redirect("/user/account/sessions");
  } else {
    ctx.status = 422;
    renderSessions(ctx, sessions, form);
  }
});

function loggedOutMessage(session: Session | undefined): string {
  return session ? `${browserName(session.user_agent)} logged out` : "Logged out everywhere else";
}

function renderSessions(
  ctx: Pick<Context, "render"> & { state: SignedIn },
  sessions: Session[],
  locals: Record<string, unknown> = {},
): void {
  const { current_session, organization } = ctx.state;
  ctx.render("account/sessions", {
    current_session,
    others: sessions.filter(({ id }) => id !== current_session?.id),
    inactive_for: formatPeriod(organization.max_time_between_activity),
    in_any_case_after: formatPeriod(organization.max_session_age),
    ...locals,
  });
}
