import { Router } from "@koa/router";

import { minutesFromNow } from "../common/timestamps.ts";
import type { AppContext, Context, Visitor } from "../context.ts";
import { loginCodeForm, loginCodeQuery } from "../forms/two-factor.ts";
import { recordEvent } from "../http/record-event.ts";
import { retryMessage, tooManyRequests } from "../http/too-many-requests.ts";
import { redirectIfSignedIn } from "../middleware/authentication.ts";
import { startSession } from "../middleware/sessions.ts";
import type { PendingLogin } from "../repositories/accounts/sessions.ts";
import type { User } from "../repositories/accounts/user-columns.ts";

/** How long the code may take after the password. */
const pendingMinutes = 10;

/** The second step of log-in, for people with a second factor: a code of their app, or a recovery code. */
export const loginCode = new Router<Visitor, AppContext>({ prefix: "/user/login/code" });

loginCode.use(redirectIfSignedIn(() => "/"));

loginCode.get("/", async (ctx) => {
  if (await findPending(ctx)) renderCode(ctx, loginCodeQuery.parse(ctx.query).with === "recovery");
  else startOver(ctx);
});

loginCode.post("/", async (ctx) => {
  const login = await findPending(ctx);
  if (!login) return startOver(ctx);
  const { pending, user } = login;
  const { code, recovery_code } = loginCodeForm.parse(Object(ctx.request.body));
  const isRecovery = recovery_code !== undefined;
  const { loginThrottle, twoFactor } = ctx.repositories;
  const wait = (await loginThrottle.addressWait(ctx.ip)) || (await loginThrottle.consumeSecondFactor(user.id));
  const isRight =
    wait === 0 &&
    (isRecovery
      ? await twoFactor.spendRecoveryCode(user.id, recovery_code)
      : await twoFactor.verifyCode(user.id, code));
  if (isRight) {
    await loginThrottle.resetSecondFactor(user.id);
    await startSession(ctx, user.id, pending);
    if (isRecovery) await recordRecoveryCode(ctx, user);
    await recordEvent(ctx, "authn_login_success", { by: user.id });
    ctx.redirect(pending.next);
  } else {
    if (wait > 0) {
      ctx.log.warn({ event: "authn_mfa_lock", user: user.id, ip: ctx.ip }, "code has to wait");
      tooManyRequests(ctx, wait);
    } else {
      await recordFailure(ctx, user);
      ctx.status = 422;
    }
    renderCode(ctx, isRecovery, errorMessage(wait, isRecovery));
  }
});

/** Who has typed the right password in this browser, and still may log in with it. */
async function findPending(ctx: Context): Promise<{ pending: PendingLogin; user: User } | undefined> {
  const pending = ctx.session?.pending_login;
  if (!pending || pending.password_submitted_at <= minutesFromNow(-pendingMinutes)) return undefined;
  const user = await ctx.repositories.twoFactor.findPending(pending.user_id, pending.password_submitted_at);
  return user && { pending, user };
}

/** Too much time has passed, or something has changed meanwhile. */
function startOver(ctx: Pick<Context, "session" | "flash" | "redirect">): void {
  if (ctx.session?.pending_login) {
    delete ctx.session.pending_login;
    ctx.flash("Log in again: it took too long, or your account has changed");
  }
  ctx.redirect("/user/login/");
}

/** Records a wrong code, and that its user has to wait from then on: each of the tries meanwhile is only logged. */
async function recordFailure(ctx: Context, { id }: User): Promise<void> {
  const { loginThrottle } = ctx.repositories;
  await loginThrottle.recordFailure(ctx.ip);
  await recordEvent(ctx, "authn_mfa_fail", { by: null, user: id });
  const wait = await loginThrottle.secondFactorWait(id);
  const seconds = wait === Infinity ? undefined : wait;
  if (wait > 0) await recordEvent(ctx, "authn_mfa_lock", { by: null, user: id, seconds });
}

/** Records that one was spent, and shows how many are left. */
async function recordRecoveryCode(ctx: Context, { id }: User): Promise<void> {
  const left = (await ctx.repositories.twoFactor.find(id))?.recovery_codes_left ?? 0;
  await recordEvent(ctx, "authn_recovery_code_used", { by: id, left });
  ctx.flash(left === 1 ? "1 recovery code left" : `${left} recovery codes left`, {
    label: "Two-factor",
    href: "/user/account/two-factor",
  });
}

function renderCode(ctx: Pick<Context, "render">, is_recovery: boolean, error?: string): void {
  ctx.render("login/code", { is_recovery, error });
}

function errorMessage(wait: number, isRecovery: boolean): string {
  if (wait === Infinity) return "Too many wrong codes. Ask the owner, or the person who runs this server, to help.";
  if (wait > 0) return retryMessage("Too many wrong codes.", wait);
  return isRecovery
    ? "This is none of your recovery codes, or it was used."
    : "This code doesn't match. Each works once: wait for the next one.";
}
