import { Router } from "@koa/router";
import createError from "http-errors";
import type { Next } from "koa";

import { now } from "../common/timestamps.ts";
import type { AppContext, Context, Visitor } from "../context.ts";
import { refuse, submit } from "../forms/form.ts";
import type { Submission } from "../forms/form.ts";
import { signupForm, signupQuery } from "../forms/signup.ts";
import { localPath } from "../security/safe-redirect.ts";
import { acceptCsrfClients, onlyVisitors, withoutReferrer } from "../middleware/authentication.ts";
import { startSession } from "../middleware/sessions.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import { UniqueViolationError } from "../repositories/errors.ts";

/** Become a user, openly or by an invitation. */
export const signup = new Router<Visitor, AppContext>({ prefix: "/user/signup" });

signup.use(
  greetMember,
  onlyVisitors((ctx) => localPath(ctx.query.next)),
  withoutReferrer,
  acceptCsrfClients,
);

signup.get("/", async (ctx) => {
  ctx.render("signup/show", await page(ctx));
});

signup.post("/", async (ctx) => {
  const shown = await page(ctx);
  const form = await submit(signupForm(ctx.config.password_min_length), ctx.request.body);
  const made = form.ok ? await createUser(ctx, form.data) : form;
  if (made.ok) {
    await startSession(ctx, made.data.id, { remember: true, asked_at: now() });
    ctx.log.info(
      { event: "user_created", user: made.data.id, ip: ctx.ip, invited: shown.invited_to !== undefined },
      "user created",
    );
    ctx.flash("Welcome! Your account is ready.");
    ctx.redirect(localPath(ctx.query.next));
  } else {
    ctx.status = 422;
    ctx.render("signup/show", { ...shown, ...made });
  }
});

/** Who follows an invitation while logged in is told that it is not for them. */
async function greetMember(ctx: Context, next: Next): Promise<void> {
  if (ctx.state.user && ctx.query.token) ctx.render("signup/member");
  else await next();
}

/** What the page shows; refuses whoever may not sign up, before anything is typed. */
async function page(ctx: Context) {
  const { token, next } = signupQuery.parse(ctx.query);
  const invited_to = await invitation(ctx, token);
  const is_first = !invited_to && !(await ctx.repositories.organizations.first());
  if (!invited_to && ctx.config.disable_signup_without_link) throw closed(is_first);
  return { invited_to, is_first, token, next, password_min_length: ctx.config.password_min_length };
}

async function invitation(ctx: Context, token: string): Promise<Organization | undefined> {
  if (token === "") return undefined;
  const organization = await ctx.repositories.organizations.findByInvite(token);
  if (organization) return organization;
  throw createError(403, "Invitation no longer works", {
    explanation: {
      title: "This invitation link no longer works",
      text: "It was replaced by a newer one, or part of it is missing. Ask the person who sent it to you for the link as it is now.",
    },
  });
}

function closed(is_first: boolean): Error {
  const text = is_first
    ? "Whoever runs this server makes the first account at the shell: label-studio start --username EMAIL --password PASSWORD"
    : "You need an invitation link to join. Ask somebody who has an account here: they find it under People, Add People.";
  return createError(403, "Sign-up is by invitation", { explanation: { title: "Sign-up is by invitation", text } });
}

async function createUser(
  ctx: Context,
  data: { email: string; password: string; allow_newsletters: boolean },
): Promise<Submission<{ id: number }>> {
  try {
    const legacy_api_tokens_enabled = ctx.config.enable_legacy_api_token;
    return { ok: true, data: await ctx.repositories.users.create({ ...data, legacy_api_tokens_enabled }) };
  } catch (error) {
    if (!(error instanceof UniqueViolationError) || error.field !== "email") throw error;
    return refuse(ctx.request.body, { email: ["User with this email already exists"] });
  }
}
