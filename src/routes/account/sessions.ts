import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { endSessionsForm } from "../../forms/account.ts";
import { refuse, submit } from "../../forms/form.ts";
import { verifyCurrentPassword } from "../../http/reauthentication.ts";

/** Where one is logged in: listed, and ended with the password. */
export const accountSessions = new Router<SignedIn, AppContext>({ prefix: "/user/account/sessions" });

accountSessions.get("/", async (ctx) => {
  await showSessions(ctx);
});

accountSessions.post("/delete", async (ctx) => {
  const { user } = ctx.state;
  const form = await submit(endSessionsForm, ctx.request.body);
  const wrong = form.ok ? await verifyCurrentPassword(ctx, user, form.data.current_password) : undefined;
  if (form.ok && !wrong) {
    const ended = await ctx.repositories.sessions.deleteMany(user.id, form.data.session);
    ctx.log.info({ event: "session_ended", user: user.id, ip: ctx.ip, sessions: ended }, "sessions ended");
    ctx.flash(ended === 1 ? "One session is ended." : `${ended} sessions are ended.`);
    ctx.redirect("/user/account/sessions");
  } else {
    ctx.status = 422;
    await showSessions(ctx, wrong ? refuse(ctx.request.body, { current_password: [wrong] }) : form);
  }
});

async function showSessions(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  locals = {},
): Promise<void> {
  const sessions = await ctx.repositories.sessions.list(ctx.state.user.id);
  ctx.render("account/sessions", { sessions, this_session: ctx.state.open_session, ...locals });
}
