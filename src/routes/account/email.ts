import { Router } from "@koa/router";
import createError from "http-errors";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { newEmailForm } from "../../forms/account.ts";
import { invalidForm } from "../../forms/form.ts";
import { linkQuery } from "../../forms/passwords.ts";
import { nextPath } from "../../http/base-url.ts";
import { announceEmailChange, emailInUseMessage } from "../../http/email-changes.ts";
import { submitWithPassword } from "../../http/reauthentication.ts";
import { recordEvent } from "../../http/record-event.ts";
import { sendAfterAnswer } from "../../http/send-after-answer.ts";
import { retryMessage, tooManyRequests } from "../../http/too-many-requests.ts";
import { confirmEmailMessage } from "../../mail/messages.ts";
import { refererOfThisSite } from "../../middleware/same-origin.ts";
import { noReferrer } from "../../middleware/security-headers.ts";
import { organizationName } from "../../rendering/display-names.ts";
import type { LinkState } from "../../repositories/accounts/one-time-links.ts";
import { randomToken } from "../../security/crypto.ts";
import { roleOf } from "../../security/permissions.ts";

type SignedInContext = Context & { state: SignedIn };

/** One's own email: another one is used once it is confirmed by a link that was sent there. */
export const accountEmail = new Router<SignedIn, AppContext>({ prefix: "/user/account/email" });

accountEmail.get("/", async (ctx) => {
  await renderEmail(ctx);
});

accountEmail.post("/", async (ctx) => {
  const { mailer } = ctx;
  const { user, organization } = ctx.state;
  if (!mailer) return ctx.redirect("/user/account/email");
  const form = await submitWithPassword(ctx, newEmailForm(user));
  if (!form.ok) return refuse(ctx, form);
  const { email } = form.data;
  const wait = await ctx.repositories.loginThrottle.consumeEmailChange(user.id);
  if (wait > 0) {
    const message = retryMessage("Several links were sent already.", wait);
    tooManyRequests(ctx, wait);
    return renderEmail(ctx, invalidForm(ctx.request.body, { email: [message] }));
  }
  const token = randomToken();
  try {
    await ctx.repositories.emailChanges.request(user.id, { email, token });
  } catch (error) {
    return refuse(ctx, invalidForm(ctx.request.body, { email: [emailInUseMessage(error)] }));
  }
  await recordEvent(ctx, "user_email_change_requested", { to: email });
  const link = `${mailer.base_url}/user/account/email/confirm?token=${token}`;
  sendAfterAnswer(ctx, async () => confirmEmailMessage(email, { organization: organizationName(organization), link }));
  ctx.redirect("/user/account/email");
});

accountEmail.post("/cancel", async (ctx) => {
  await ctx.repositories.emailChanges.cancel(ctx.state.user.id);
  ctx.flash("Change cancelled");
  ctx.redirect("/user/account/email");
});

accountEmail.post("/seen", async (ctx) => {
  await ctx.repositories.emailChanges.dismiss(ctx.state.user.id);
  const page = refererOfThisSite(ctx);
  ctx.redirect(page ? nextPath(ctx, page.pathname + page.search) : "/");
});

// Programs that look into mails open links, so opening it changes nothing yet.
accountEmail.get("/confirm", noReferrer, async (ctx) => {
  if (ctx.query.token === undefined) return ctx.redirect("/user/account/email");
  const { token } = linkQuery.parse(ctx.query);
  const { email } = await findLink(ctx, token);
  ctx.render("account/email-confirm", { email, token });
});

accountEmail.post("/confirm", noReferrer, async (ctx) => {
  const { token } = linkQuery.parse(ctx.query);
  const { user } = ctx.state;
  const { email } = await findLink(ctx, token);
  const from = await ctx.repositories.emailChanges.confirm(user.id, token).catch((error: unknown) => {
    throw deadLinkError({ title: "The email was not changed", text: emailInUseMessage(error) });
  });
  // Somebody else has used it since it was looked at.
  if (from === undefined) throw deadLinkError(explanations.used);
  await announceEmailChange(ctx, user.id, { from, to: email });
  ctx.flash("Email changed");
  ctx.redirect("/user/account/");
});

async function renderEmail(ctx: SignedInContext, locals: object = {}): Promise<void> {
  const { user, organization } = ctx.state;
  const can_mail = ctx.mailer !== undefined;
  ctx.render("account/email", {
    can_mail,
    is_owner: roleOf(user, organization) === "Owner",
    pending: can_mail ? await ctx.repositories.emailChanges.findPending(user.id) : undefined,
    ...locals,
  });
}

async function refuse(ctx: SignedInContext, form: object): Promise<void> {
  ctx.status = 422;
  await renderEmail(ctx, form);
}

/** The link of the address. Throws 403 unless it works, for who is logged in. */
async function findLink(ctx: SignedInContext, token: string): Promise<{ email: string }> {
  const link = token === "" ? undefined : await ctx.repositories.emailChanges.find(token);
  if (!link) throw deadLinkError(explanations.unknown);
  if (link.user_id !== ctx.state.user.id) throw deadLinkError(explanations.foreign);
  if (link.state !== "valid") throw deadLinkError(explanations[link.state]);
  return link;
}

const another = "You can ask for another link under Account & Settings.";

/** What is said of a link that doesn't work, and what to do. */
const explanations: Record<Exclude<LinkState, "valid"> | "unknown" | "foreign", { title: string; text: string }> = {
  unknown: { title: "This link doesn't work", text: `It is not complete: copy it whole. ${another}` },
  foreign: {
    title: "This link is for another account",
    text: "You are logged in with another account than the one that asked for it. Log out, and open the link again.",
  },
  expired: { title: "This link has expired", text: `A link works for 24 hours. ${another}` },
  used: { title: "This link was used", text: "Your email is changed already. Account & Settings shows it." },
  replaced: { title: "There is a newer link", text: `Use the one in the newest mail. ${another}` },
  cancelled: { title: "This change was cancelled", text: `Nothing was changed. ${another}` },
  email_changed: { title: "Your email was changed since", text: `So this link no longer works. ${another}` },
  password_changed: { title: "Your password was changed since", text: `So this link no longer works. ${another}` },
  inactive: { title: "This account can't be used", text: "It was deactivated or removed. Ask the owner." },
};

function deadLinkError(explanation: { title: string; text: string }): Error {
  return createError(403, explanation.title, { explanation });
}
