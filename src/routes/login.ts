import { Router } from "@koa/router";

import { now } from "../common/timestamps.ts";
import type { AppContext, Context, Visitor } from "../context.ts";
import { loginForm, loginQuery } from "../forms/login.ts";
import { nextPath } from "../http/base-url.ts";
import { recordEvent } from "../http/record-event.ts";
import { busyIfQueueFull, retryMessage, tooManyRequests } from "../http/too-many-requests.ts";
import { redirectIfSignedIn } from "../middleware/authentication.ts";
import { setCsrfCookie } from "../middleware/same-origin.ts";
import { continueLogin } from "../middleware/sessions.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import { queueSeconds } from "../security/passwords.ts";
import { decideSignupPolicy } from "../security/signup-policy.ts";

/** Log-in, which starts a session. */
export const login = new Router<Visitor, AppContext>({ prefix: "/user/login" });

login.use(
  redirectIfSignedIn((ctx) => nextPath(ctx, ctx.query.next)),
  setCsrfCookie,
);

login.get("/", async (ctx) => {
  const organization = await ctx.repositories.organizations.first();
  if (organization) renderLogin(ctx, organization, { persist_session: true });
  else ctx.redirect("/user/signup/");
});

login.post("/", async (ctx) => {
  const { email, password, persist_session, next } = loginForm.parse(Object(ctx.request.body));
  const { loginThrottle, users } = ctx.repositories;
  const password_submitted_at = now();
  // Password checks are queued, so the address is checked again before this one: others may have failed meanwhile.
  let wait = await loginThrottle.consumeLogin(email, ctx.ip);
  const mayTry = async () => (wait = await loginThrottle.addressWait(ctx.ip)) === 0;
  const user =
    wait === 0
      ? await users.authenticate(email, password, { address: ctx.ip, mayTry }).catch(busyIfQueueFull)
      : undefined;
  if (user === "busy") {
    tooManyRequests(ctx, queueSeconds);
    await renderRefusal(ctx, { email, persist_session, next }, busyMessage);
  } else if (user) {
    await loginThrottle.resetLogin(email);
    const pending = { user_id: user.id, password_submitted_at, remember: persist_session };
    const isLoggedIn = await continueLogin(ctx, { ...pending, next: nextPath(ctx, next ?? ctx.query.next) });
    if (isLoggedIn) await recordEvent(ctx, "authn_login_success", { by: user.id });
  } else {
    if (wait === 0) await recordFailure(ctx, email);
    await rejectLogin(ctx, { email, persist_session, next }, wait);
  }
});

/** What the form shows again. */
interface LoginValues {
  email?: string;
  persist_session: boolean;
  next?: string | undefined;
}

/** Counts a wrong password, and records it; a wait that starts with it is an event of its own. */
async function recordFailure(ctx: Context, email: string): Promise<void> {
  const { loginThrottle, users } = ctx.repositories;
  await loginThrottle.recordFailure(ctx.ip);
  const account = await users.findByEmail(email);
  const event = { user: account?.id ?? null, by: null, email: account ? undefined : loggedEmail(email) };
  await recordEvent(ctx, "authn_login_fail", event);
  const wait = (await loginThrottle.accountWait(email)) || (await loginThrottle.addressWait(ctx.ip));
  if (wait > 0) await recordEvent(ctx, "authn_login_lock", { ...event, seconds: wait === Infinity ? undefined : wait });
}

/** What looks like an email: people also type passwords into that field. */
function loggedEmail(typed: string): string {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed) ? typed : "";
}

/** `wait`: seconds until the next attempt, or 0 if the password was checked. */
async function rejectLogin(ctx: Context, values: LoginValues & { email: string }, wait: number): Promise<void> {
  if (wait > 0) {
    ctx.log.warn({ event: "authn_login_lock", email: loggedEmail(values.email), ip: ctx.ip }, "log-in refused");
    tooManyRequests(ctx, wait);
  } else {
    ctx.status = 422;
  }
  await renderRefusal(ctx, values, errorMessage(wait));
}

async function renderRefusal(ctx: Context, values: LoginValues, error: string): Promise<void> {
  renderLogin(ctx, await ctx.repositories.organizations.first(), values, error);
}

function renderLogin(ctx: Context, login_to: Organization | undefined, values: LoginValues, error?: string): void {
  const query = loginQuery.parse(ctx.query);
  const next = values.next ?? query.next;
  const signup_is_open = decideSignupPolicy(login_to, ctx.config).isOpen;
  ctx.render("login/show", { login_to, values, error, next, lost: query.lost, signup_is_open });
}

const busyMessage = retryMessage("Many people are logging in right now.", queueSeconds);

function errorMessage(wait: number): string {
  if (wait === 0) return "This email and password don't match.";
  if (wait === Infinity) return "Too many failed tries. Set a new password: “Forgot your password?” below says how.";
  return retryMessage("Too many failed tries.", wait);
}
