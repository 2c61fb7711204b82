import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { endSessionsForm } from "../../forms/account.ts";
import { invalidForm, submit } from "../../forms/form.ts";
import { verifyCurrentPassword } from "../../http/reauthentication.ts";

/** The user's sessions, and ending them, which needs the password. */
export const accountSessions = new Router<SignedIn, AppContext>({ prefix: "/user/account/sessions" });

accountSessions.get("/", async (ctx) => {
  await renderSessions(ctx);
});

accountSessions.post("/delete", async (ctx) => {
  const { user } = ctx.state;
  const form = await submit(endSessionsForm, ctx.request.body);
  const passwordError = form.ok ? await verifyCurrentPassword(ctx, user, form.data.current_password) : undefined;
  if (form.ok && !passwordError) {
    const count = await ctx.repositories.sessions.deleteMany(user.id, form.data.session);
    ctx.log.info({ event: "session_ended", user: user.id, ip: ctx.ip, sessions: count }, "sessions ended");
    ctx.flash(count === 1 ? "One session is ended." : `${count} sessions are ended.`);
    ctx.redirect("/user/account/sessions");
  } else {
    ctx.status = 422;
    await renderSessions(
      ctx,
      passwordError ? invalidForm(ctx.request.body, { current_password: [passwordError] }) : form,
    );
  }
});

async function renderSessions(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  locals = {},
): Promise<void> {
  const sessions = await ctx.repositories.sessions.list(ctx.state.user.id);
  ctx.render("account/sessions", { sessions, current_session: ctx.state.current_session, ...locals });
}
