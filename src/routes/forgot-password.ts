import { Router } from "@koa/router";

import type { AppContext, Context, Visitor } from "../context.ts";
import { emailForm } from "../forms/email.ts";
import { invalidForm, submit } from "../forms/form.ts";
import { recordEvent } from "../http/record-event.ts";
import { recoveryPath } from "../http/recovery-links.ts";
import { sendAfterAnswer } from "../http/send-after-answer.ts";
import { retryMessage, tooManyRequests } from "../http/too-many-requests.ts";
import { passwordLinkMessage } from "../mail/messages.ts";
import type { Message } from "../mail/mailer.ts";
import { redirectIfSignedIn } from "../middleware/authentication.ts";
import { fullName, organizationName } from "../rendering/display-names.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import { randomToken } from "../security/crypto.ts";

/** What to do about a forgotten password: a link by mail where mail can be sent, else who can make one. */
export const forgotPassword = new Router<Visitor, AppContext>({ prefix: "/user/forgot-password" });

forgotPassword.use(redirectIfSignedIn(() => "/user/account/password"));

forgotPassword.get("/", async (ctx) => {
  await renderPage(ctx, "forgot-password/show");
});

forgotPassword.get("/sent", async (ctx) => {
  await renderPage(ctx, "forgot-password/sent");
});

/** Answers the same, after the same work, whether there is such an account: everything else happens afterwards. */
forgotPassword.post("/", async (ctx) => {
  const { mailer } = ctx;
  if (!mailer) return ctx.redirect("/user/forgot-password/");
  const form = await submit(emailForm, ctx.request.body);
  if (!form.ok) {
    ctx.status = 422;
    return renderPage(ctx, "forgot-password/show", form);
  }
  const wait = await ctx.repositories.loginThrottle.consumeRecovery(ctx.ip);
  if (wait > 0) {
    ctx.log.warn({ event: "excess_rate_limit_exceeded", ip: ctx.ip }, "recovery link refused");
    tooManyRequests(ctx, wait);
    const message = retryMessage("Many links were asked for from your network.", wait);
    return renderPage(ctx, "forgot-password/show", invalidForm(ctx.request.body, { email: [message] }));
  }
  sendAfterAnswer(ctx, async () => makeMail(ctx, form.data.email, mailer.base_url));
  ctx.redirect("/user/forgot-password/sent");
});

async function makeMail(ctx: Context, email: string, base_url: string): Promise<Message | undefined> {
  const { recoveryLinks, loginThrottle, organizations } = ctx.repositories;
  const account = await recoveryLinks.findAccountByEmail(email);
  const organization = await organizations.first();
  if (!account?.is_active || !organization) return undefined;
  const { id, email: to } = account.user;
  if (!(await loginThrottle.consumeRecoveryMail(id))) {
    ctx.log.warn({ event: "excess_rate_limit_exceeded", user: id, ip: ctx.ip }, "recovery link not sent");
    return undefined;
  }
  const token = randomToken();
  await recoveryLinks.create({ user_id: id, token, created_by_id: id });
  await recordEvent(ctx, "authn_recovery_link_requested", { user: id, by: null });
  return passwordLinkMessage(to, {
    organization: organizationName(organization),
    link: base_url + recoveryPath(token),
  });
}

/** Strangers may read the owner's name, by which people know whom to ask; not an email to log in with. */
async function renderPage(ctx: Context, view: string, locals: object = {}): Promise<void> {
  const organization = await ctx.repositories.organizations.first();
  if (!organization) return ctx.redirect("/user/signup/");
  ctx.render(view, {
    forgot_at: organization,
    owner_name: await ownerName(ctx, organization),
    can_mail: ctx.mailer !== undefined,
    ...locals,
  });
}

async function ownerName({ repositories }: Context, { created_by_id }: Organization): Promise<string> {
  const owner = created_by_id === null ? undefined : await repositories.users.find(created_by_id);
  return owner ? fullName(owner) : "";
}
