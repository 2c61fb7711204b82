import { Router } from "@koa/router";
import createError from "http-errors";
import type { Next } from "koa";
import type { z } from "zod";

import { formatDuration } from "../common/durations.ts";
import { QueueFullError } from "../common/fair-queue.ts";
import { now } from "../common/timestamps.ts";
import type { AppContext, Context, Visitor } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import type { FormResult } from "../forms/form.ts";
import { signupForm, splitName } from "../forms/signup.ts";
import { isKnownHost } from "../http/allowed-hosts.ts";
import { nextPath } from "../http/base-url.ts";
import { recordEvent } from "../http/record-event.ts";
import { redirectIfSignedIn } from "../middleware/authentication.ts";
import { setCsrfCookie } from "../middleware/same-origin.ts";
import { noReferrer } from "../middleware/security-headers.ts";
import { continueLogin } from "../middleware/sessions.ts";
import { findEmailError, loadSignupPage } from "../pages/signup-page.ts";
import type { SignupPage } from "../pages/signup-page.ts";
import { DeadInvitationError, UniqueViolationError } from "../repositories/errors.ts";
import { queueSeconds } from "../security/passwords.ts";

/** Sign-up, open or by invitation. */
export const signup = new Router<Visitor, AppContext>({ prefix: "/user/signup" });

signup.use(
  explainToMember,
  redirectIfSignedIn((ctx) => nextPath(ctx, ctx.query.next)),
  noReferrer,
  setCsrfCookie,
);

signup.get("/", async (ctx) => {
  const page = await loadSignupPage(ctx);
  if ("dead" in page) renderDeadLink(ctx, page);
  else ctx.render("signup/show", { ...page });
});

/**
 * A refused form is answered with 422 unless it has another status. `is_taken`: there is an account with this email; `is_back`:
 * somebody has joined again.
 */
type SignupResult = FormResult<{ id: number }> & { status?: number; is_taken?: boolean; is_back?: boolean };

signup.post("/", async (ctx) => {
  const page = await loadSignupPage(ctx);
  if ("dead" in page) return renderDeadLink(ctx, page);
  if (!page.invited_to && !page.is_first) assertKnownHost(ctx);
  const form = await submit(signupForm(ctx.config.password_min_length), ctx.request.body);
  const created: SignupResult | "dead" = form.ok ? await createUser(ctx, form.data, page) : form;
  if (created === "dead") {
    // Somebody else has joined by its last use meanwhile, or it was revoked.
    const now_dead = await loadSignupPage(ctx);
    if ("dead" in now_dead) renderDeadLink(ctx, now_dead);
    else throw new DeadInvitationError();
    return;
  }
  if (created.ok) {
    const pending = { user_id: created.data.id, password_submitted_at: now(), remember: true };
    // A former member who comes back may have a second factor.
    await continueLogin(ctx, { ...pending, next: nextPath(ctx, ctx.query.next) });
    await recordEvent(ctx, created.is_back ? "member_restored" : "user_created", {
      by: created.data.id,
      invited: page.invited_to !== undefined,
      invitation: page.invitation?.id,
    });
  } else {
    const { status = 422, ...invalid } = created;
    ctx.status = status;
    ctx.render("signup/show", { ...page, ...invalid });
  }
});

/** Tells users who open an invitation while logged in that it is for other people. */
async function explainToMember(ctx: Context, next: Next): Promise<void> {
  if (ctx.state.user && ctx.query.token) ctx.render("signup/member");
  else await next();
}

/**
 * Throws 403 if a page at a foreign name on plain http sent the form: it may be a stranger's, whose name resolves to this
 * server so that browsers inside the network open it (DNS rebinding). Over https it would lack the certificate.
 */
function assertKnownHost(ctx: Context): void {
  const origin = ctx.get("Origin");
  if (!origin.startsWith("http://") || isKnownHost(ctx.config, new URL(origin).host)) return;
  throw createError(403, "Sign-up at an unknown address", {
    explanation: {
      title: "Sign-up is not open at this address",
      text: "This server doesn't know the address your browser shows. Ask a member for an invitation link, or the person who runs this server to set LABEL_STUDIO_HOST to this address.",
    },
  });
}

function renderDeadLink(ctx: Context, page: object): void {
  ctx.status = 403;
  ctx.render("signup/dead", { ...page });
}

/** Returns "dead" if nobody can join by the invitation any more. */
async function createUser(
  ctx: Context,
  { name, ...data }: z.output<ReturnType<typeof signupForm>>,
  page: SignupPage,
): Promise<SignupResult | "dead"> {
  const isInvited = page.invited_to !== undefined;
  const wait = await ctx.repositories.loginThrottle.consumeSignup(ctx.ip, { isInvited });
  if (wait > 0) {
    ctx.log.warn({ event: "excess_rate_limit_exceeded", ip: ctx.ip }, "sign-up refused");
    return retryLater(ctx, wait, "Many people signed up from your network.");
  }
  const emailError = findEmailError(data.email, page);
  if (emailError) return { ...invalidForm(ctx.request.body, { email: [emailError] }), status: 403 };
  try {
    const invitation_id = page.invitation?.id;
    const legacy_api_tokens_enabled = ctx.config.enable_legacy_api_token;
    const turn = { kind: "signup", client: ctx.ip };
    return {
      ok: true,
      data: await ctx.repositories.users.create({
        ...data,
        ...splitName(name),
        legacy_api_tokens_enabled,
        invitation_id,
        turn,
      }),
    };
  } catch (error) {
    if (error instanceof DeadInvitationError) return "dead";
    if (error instanceof QueueFullError) return retryLater(ctx, queueSeconds, "Many people are signing up right now.");
    if (!(error instanceof UniqueViolationError) || error.field !== "email") throw error;
    const again = await joinAgain(ctx, { ...data, ...splitName(name) }, page);
    if (again) return again;
    const errors = { email: ["There is already an account with this email."] };
    return { ...invalidForm(ctx.request.body, errors), is_taken: true };
  }
}

/** Makes a former member one again whom the owner has invited by this email; undefined for others whose email is taken. */
async function joinAgain(
  ctx: Context,
  { email, ...chosen }: { email: string; password: string; first_name: string; last_name: string },
  { invitation }: SignupPage,
): Promise<SignupResult | "dead" | undefined> {
  const person = invitation && (await ctx.repositories.people.findByEmail(email));
  if (person?.status !== "removed") return undefined;
  const turn = { kind: "signup", client: ctx.ip };
  try {
    const isBack = await ctx.repositories.accountStatus.rejoin(person.id, {
      ...chosen,
      invitation_id: invitation?.id ?? 0,
      turn,
    });
    return isBack ? { ok: true, data: { id: person.id }, is_back: true } : undefined;
  } catch (error) {
    if (error instanceof DeadInvitationError) return "dead";
    if (error instanceof QueueFullError) return retryLater(ctx, queueSeconds, "Many people are signing up right now.");
    throw error;
  }
}

function retryLater(ctx: Context, seconds: number, reason: string): FormResult<never> & { status: number } {
  ctx.set("Retry-After", String(seconds));
  const email = [`${reason} Wait ${formatDuration(seconds)}, then try again.`];
  return { ...invalidForm(ctx.request.body, { email }), status: 429 };
}
