import { Router } from "@koa/router";
import createError from "http-errors";
import type { Next } from "koa";
import type * as z from "zod";

import { QueueFullError } from "../common/fair-queue.ts";
import type { Turn } from "../common/fair-queue.ts";
import { now } from "../common/timestamps.ts";
import type { AppContext, Context, Visitor } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import type { FormResult } from "../forms/form.ts";
import { signupForm, splitName } from "../forms/signup.ts";
import { isKnownHost } from "../http/allowed-hosts.ts";
import { nextPath } from "../http/base-url.ts";
import { emailInUseMessage } from "../http/email-changes.ts";
import { recordEvent } from "../http/record-event.ts";
import { retryMessage, tooManyRequests } from "../http/too-many-requests.ts";
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
 * The person who has joined, a former member for `is_rejoined`. A refused form is answered with 422 unless it has another status;
 * `has_account`: there is an account with this email.
 */
type SignupResult = FormResult<{ id: number; is_rejoined: boolean }> & { status?: number; has_account?: boolean };

type SignupData = z.output<ReturnType<typeof signupForm>>;

signup.post("/", async (ctx) => {
  const page = await loadSignupPage(ctx);
  if ("dead" in page) return renderDeadLink(ctx, page);
  if (!page.invited_to && !page.is_first) assertKnownHost(ctx);
  const form = await submit(signupForm(ctx.config.password_min_length), ctx.request.body);
  const created: SignupResult | "dead" = form.ok ? await createUser(ctx, form.data, page) : form;
  if (created === "dead") {
    // Somebody else has joined by its last use meanwhile, or it was revoked.
    const reloaded = await loadSignupPage(ctx);
    if ("dead" in reloaded) return renderDeadLink(ctx, reloaded);
    throw new DeadInvitationError();
  }
  if (created.ok) {
    const { id, is_rejoined } = created.data;
    const pending = { user_id: id, password_submitted_at: now(), remember: true };
    // A former member who comes back may have a second factor.
    await continueLogin(ctx, { ...pending, next: nextPath(ctx, ctx.query.next) });
    await recordEvent(ctx, is_rejoined ? "member_restored" : "user_created", {
      by: id,
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
async function createUser(ctx: Context, data: SignupData, page: SignupPage): Promise<SignupResult | "dead"> {
  const isInvited = page.invited_to !== undefined;
  const wait = await ctx.repositories.loginThrottle.consumeSignup(ctx.ip, { isInvited });
  if (wait > 0) {
    ctx.log.warn({ event: "excess_rate_limit_exceeded", ip: ctx.ip }, "sign-up refused");
    return retryLater(ctx, wait, "Many people signed up from your network.");
  }
  const emailError = findEmailError(data.email, page);
  if (emailError) return { ...invalidForm(ctx.request.body, { email: [emailError] }), status: 403 };
  try {
    return await createOrRejoin(ctx, data, page);
  } catch (error) {
    if (error instanceof DeadInvitationError) return "dead";
    if (error instanceof QueueFullError) return retryLater(ctx, queueSeconds, "Many people are signing up right now.");
    throw error;
  }
}

/** Makes an account, or a former member one again. Throws DeadInvitationError, QueueFullError. */
async function createOrRejoin(
  ctx: Context,
  { name, ...data }: SignupData,
  { invitation }: SignupPage,
): Promise<SignupResult> {
  const chosen = { ...data, ...splitName(name), turn: { kind: "signup", client: ctx.ip } };
  try {
    const legacy_api_tokens_enabled = ctx.config.enable_legacy_api_token;
    const user = { ...chosen, legacy_api_tokens_enabled, invitation_id: invitation?.id };
    const { id } = await ctx.repositories.users.create(user);
    return { ok: true, data: { id, is_rejoined: false } };
  } catch (error) {
    if (!(error instanceof UniqueViolationError) || error.field !== "email") throw error;
    const id = invitation && (await rejoin(ctx, chosen, invitation));
    if (id !== undefined) return { ok: true, data: { id, is_rejoined: true } };
    return { ...invalidForm(ctx.request.body, { email: [emailInUseMessage(error)] }), has_account: true };
  }
}

/** Makes a former member one again whom the owner has invited by this email. Returns their id, undefined for others. */
async function rejoin(
  { repositories: { people, accountStatus } }: Context,
  { email, ...chosen }: { email: string; password: string; first_name: string; last_name: string; turn: Turn },
  invitation: { id: number },
): Promise<number | undefined> {
  const person = await people.findByEmail(email);
  if (person?.status !== "removed") return undefined;
  const isMember = await accountStatus.rejoin(person.id, { ...chosen, invitation_id: invitation.id });
  return isMember ? person.id : undefined;
}

function retryLater(ctx: Context, seconds: number, reason: string): FormResult<never> & { status: number } {
  tooManyRequests(ctx, seconds);
  return { ...invalidForm(ctx.request.body, { email: [retryMessage(reason, seconds)] }), status: 429 };
}
