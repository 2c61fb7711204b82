import { Router } from "@koa/router";

import type { AppContext, Context, Visitor } from "../context.ts";
import { submit } from "../forms/form.ts";
import { loginForm } from "../forms/login.ts";
import { localPath } from "../local-path.ts";
import { acceptCsrfClients, onlyVisitors } from "../middleware/authentication.ts";
import { startSession } from "../middleware/sessions.ts";
import { accountLimit, addressLimit, loginKey } from "../repositories/attempts.ts";

/** Start a session. */
export const login = new Router<Visitor, AppContext>({ prefix: "/user/login" });

login.use(
  onlyVisitors((ctx) => localPath(ctx.query.next)),
  acceptCsrfClients,
);

login.get("/", async (ctx) => {
  if (await ctx.repositories.organizations.first()) {
    ctx.render("login/show", page(ctx, { persist_session: true }));
  } else {
    ctx.redirect("/user/signup/");
  }
});

login.post("/", async (ctx) => {
  const form = await submit(loginForm, ctx.request.body);
  if (!form.ok) return ctx.throw(400);
  const { email, password, persist_session, next } = form.data;
  const wait = await spendAttempt(ctx, email);
  const user = wait === 0 ? await ctx.repositories.users.authenticate(email, password) : undefined;
  if (user) {
    await succeed(ctx, email);
    await startSession(ctx, user.id, { remember: persist_session });
    ctx.log.info({ event: "authn_login_success", user: user.id, ip: ctx.ip }, "signed in");
    ctx.redirect(localPath(next ?? ctx.query.next));
  } else {
    ctx.log.warn({ event: wait ? "authn_login_lock" : "authn_login_fail", email, ip: ctx.ip }, "log-in refused");
    ctx.status = wait ? 429 : 422;
    if (wait) ctx.set("Retry-After", String(Math.min(wait, 86_400)));
    ctx.render("login/show", page(ctx, { email, persist_session }, message(wait)));
  }
});

function page(ctx: Context, values: object, error?: string) {
  const next = (ctx.request.body as { next?: unknown } | undefined)?.next ?? ctx.query.next;
  return { values, error, next, signup_is_open: !ctx.config.disable_signup_without_link };
}

/** Seconds to wait, for the account and for the address alike. */
async function spendAttempt(ctx: Context, email: string): Promise<number> {
  const byAddress = await ctx.repositories.attempts.spend(addressKey(ctx), addressLimit);
  if (byAddress > 0) return byAddress;
  return ctx.repositories.attempts.spend(loginKey(email), accountLimit);
}

/** Only failures count. */
async function succeed(ctx: Context, email: string): Promise<void> {
  await ctx.repositories.attempts.forgetLogin(email);
  await ctx.repositories.attempts.refund(addressKey(ctx));
}

function addressKey(ctx: Context): string {
  return `address ${ctx.ip}`;
}

function message(wait: number): string {
  if (wait === 0) return "The email and password you entered don't match.";
  if (wait === Infinity) return "Too many failed tries. Ask whoever runs this server to reset the password.";
  return `Too many failed tries. Wait ${wait < 120 ? `${wait} seconds` : `${Math.ceil(wait / 60)} minutes`}, then try again.`;
}
