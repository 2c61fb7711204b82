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
import { signupForm, signupQuery, splitName } from "../forms/signup.ts";
import { isKnownHost } from "../http/allowed-hosts.ts";
import { nextPath } from "../http/base-url.ts";
import { recordEvent } from "../http/record-event.ts";
import { redirectIfSignedIn } from "../middleware/authentication.ts";
import { setCsrfCookie } from "../middleware/same-origin.ts";
import { noReferrer } from "../middleware/security-headers.ts";
import { startSession } from "../middleware/sessions.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import { UniqueViolationError } from "../repositories/errors.ts";
import { queueSeconds } from "../security/passwords.ts";
import { decideSignupPolicy, emailDomain } from "../security/signup-policy.ts";

/** Sign-up, open or by invitation. */
export const signup = new Router<Visitor, AppContext>({ prefix: "/user/signup" });

signup.use(
  explainToMember,
  redirectIfSignedIn((ctx) => nextPath(ctx, ctx.query.next)),
  noReferrer,
  setCsrfCookie,
);

signup.get("/", async (ctx) => {
  ctx.render("signup/show", await pageLocals(ctx));
});

/** A refused form is answered with 422 unless it has another status. `is_taken`: there is an account with this email. */
type SignupResult = FormResult<{ id: number }> & { status?: number; is_taken?: boolean };

signup.post("/", async (ctx) => {
  const locals = await pageLocals(ctx);
  if (!locals.invited_to && !locals.is_first) assertKnownHost(ctx);
  const form = await submit(signupForm(ctx.config.password_min_length), ctx.request.body);
  const isInvited = locals.invited_to !== undefined;
  const created: SignupResult = form.ok
    ? (refuseDomain(ctx, form.data.email, locals.domains) ?? (await createUser(ctx, form.data, { isInvited })))
    : form;
  if (created.ok) {
    await startSession(ctx, created.data.id, { remember: true, password_submitted_at: now() });
    await recordEvent(ctx, "user_created", { by: created.data.id, invited: isInvited });
    ctx.redirect(nextPath(ctx, ctx.query.next));
  } else {
    const { status = 422, ...invalid } = created;
    ctx.status = status;
    ctx.render("signup/show", { ...locals, ...invalid });
  }
});

/** Tells users who open an invitation while logged in that it is for other people. */
async function explainToMember(ctx: Context, next: Next): Promise<void> {
  if (ctx.state.user && ctx.query.token) ctx.render("signup/member");
  else await next();
}

/** The variables of the page. Throws 403 for those who may not sign up, before they fill in the form. */
async function pageLocals(ctx: Context) {
  const { token, next } = signupQuery.parse(ctx.query);
  const invited_to = await invitingOrganization(ctx, token);
  const organization = invited_to ?? (await ctx.repositories.organizations.first());
  const is_first = organization === undefined;
  const { isOpen, domains } = decideSignupPolicy(organization, ctx.config);
  if (!invited_to && !isOpen) throw signupClosedError(is_first);
  const email_hint = domains && `An email at ${listOr(domains)}.`;
  return {
    invited_to,
    is_first,
    domains,
    email_hint,
    token,
    next,
    password_min_length: ctx.config.password_min_length,
  };
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

/** Throws 403 if the token is not the current one of an organization. */
async function invitingOrganization(ctx: Context, token: string): Promise<Organization | undefined> {
  if (token === "") return undefined;
  const organization = await ctx.repositories.organizations.findByInvite(token);
  if (organization) return organization;
  throw createError(403, "Invitation no longer works", {
    explanation: {
      title: "This invitation link no longer works",
      text: "It was replaced by a newer one, or part of it is missing. Ask the person who sent it for the current link.",
    },
  });
}

function signupClosedError(is_first: boolean): Error {
  const text = is_first
    ? "The person who runs this server makes the first account at the shell: label-studio start --username EMAIL --password PASSWORD"
    : "You need an invitation link to join. Ask a member: it is under People, Add People.";
  return createError(403, "Sign-up is by invitation", { explanation: { title: "Sign-up is by invitation", text } });
}

/** Returns the form with an error, and 403, for an email that none of the domains is of. */
function refuseDomain(ctx: Context, email: string, domains: string[] | undefined): SignupResult | undefined {
  if (!domains || domains.includes(emailDomain(email))) return undefined;
  const errors = { email: [`Use an email at ${listOr(domains)}. Others can't join here.`] };
  return { ...invalidForm(ctx.request.body, errors), status: 403 };
}

const alternatives = new Intl.ListFormat("en", { type: "disjunction" });

/** "a, b, or c" of the first few. */
function listOr(domains: string[]): string {
  return alternatives.format(domains.length > 5 ? [...domains.slice(0, 4), "others"] : domains);
}

async function createUser(
  ctx: Context,
  { name, ...data }: z.output<ReturnType<typeof signupForm>>,
  { isInvited }: { isInvited: boolean },
): Promise<SignupResult> {
  const wait = await ctx.repositories.loginThrottle.consumeSignup(ctx.ip, { isInvited });
  if (wait > 0) {
    ctx.log.warn({ event: "excess_rate_limit_exceeded", ip: ctx.ip }, "sign-up refused");
    return retryLater(ctx, wait, "Many people signed up from your network.");
  }
  try {
    const legacy_api_tokens_enabled = ctx.config.enable_legacy_api_token;
    const turn = { kind: "signup", client: ctx.ip };
    return {
      ok: true,
      data: await ctx.repositories.users.create({ ...data, ...splitName(name), legacy_api_tokens_enabled, turn }),
    };
  } catch (error) {
    if (error instanceof QueueFullError) return retryLater(ctx, queueSeconds, "Many people are signing up right now.");
    if (!(error instanceof UniqueViolationError) || error.field !== "email") throw error;
    const errors = { email: ["There is already an account with this email."] };
    return { ...invalidForm(ctx.request.body, errors), is_taken: true };
  }
}

function retryLater(ctx: Context, seconds: number, reason: string): FormResult<never> & { status: number } {
  ctx.set("Retry-After", String(seconds));
  const email = [`${reason} Wait ${formatDuration(seconds)}, then try again.`];
  return { ...invalidForm(ctx.request.body, { email }), status: 429 };
}
