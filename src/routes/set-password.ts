import { Router } from "@koa/router";
import createError from "http-errors";

import type { AppContext, Context, Visitor } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import { linkQuery, setPasswordForm } from "../forms/passwords.ts";
import { recordEvent } from "../http/record-event.ts";
import { sendAfterAnswer } from "../http/send-after-answer.ts";
import { busyIfQueueFull, retryMessage, tooManyRequests } from "../http/too-many-requests.ts";
import { passwordSetMessage } from "../mail/messages.ts";
import { noReferrer } from "../middleware/security-headers.ts";
import { endSession } from "../middleware/sessions.ts";
import { organizationName } from "../rendering/display-names.ts";
import type { LinkState } from "../repositories/accounts/one-time-links.ts";
import type { RecoveryLink } from "../repositories/accounts/recovery-links.ts";
import { queueSeconds } from "../security/passwords.ts";

/** Where a person sets their password by a link that works once. Nobody is logged in by it. */
export const setPassword = new Router<Visitor, AppContext>({ prefix: "/user/set-password" });

setPassword.use(noReferrer);

setPassword.get("/", async (ctx) => {
  if (ctx.query.token === undefined) return ctx.redirect("/user/forgot-password/");
  const { link, token } = await findLink(ctx);
  if (isSomebodyElse(ctx, link.user.id)) ctx.render("set-password/member", { person: link.user });
  else ctx.render("set-password/show", await pageLocals(ctx, link, token));
});

setPassword.post("/", async (ctx) => {
  const { link, token } = await findLink(ctx);
  const { user } = link;
  if (isSomebodyElse(ctx, user.id)) return ctx.redirect(`/user/set-password/?token=${encodeURIComponent(token)}`);
  const form = await submit(setPasswordForm(ctx.config.password_min_length, user), ctx.request.body);
  if (!form.ok) {
    ctx.status = 422;
    return ctx.render("set-password/show", { ...(await pageLocals(ctx, link, token)), ...form });
  }
  const { new_password: password, end_tokens } = form.data;
  const turn = { kind: "account", client: String(user.id) };
  const { loginThrottle, recoveryLinks } = ctx.repositories;
  const outcome = await recoveryLinks
    .setPassword(token, { user_id: user.id, password, end_tokens, turn })
    .catch(busyIfQueueFull);
  if (outcome === "busy") {
    tooManyRequests(ctx, queueSeconds);
    const message = retryMessage("Many people are setting passwords right now.", queueSeconds);
    const refused = invalidForm(ctx.request.body, { new_password: [message] });
    return ctx.render("set-password/show", { ...(await pageLocals(ctx, link, token)), ...refused });
  }
  // Somebody else has used it, or made a newer one, since it was looked at.
  if (!outcome) throw deadLinkError((await recoveryLinks.find(token))?.state);
  await loginThrottle.resetLogin(user.email);
  await loginThrottle.resetPasswordCheck(user.id);
  await recordEvent(ctx, "authn_recovery_link_used", { user: user.id, by: null });
  await recordEvent(ctx, "authn_password_change", { user: user.id, by: null, tokens_ended: end_tokens });
  sendAfterAnswer(ctx, async () => {
    const organization = await ctx.repositories.organizations.first();
    return organization && passwordSetMessage(user.email, { organization: organizationName(organization) });
  });
  await endSession(ctx, "Password set. Log in with it.");
  ctx.redirect("/user/login/");
});

/** The link of the address. Throws 403 unless it works. */
async function findLink(ctx: Context): Promise<{ link: RecoveryLink; token: string }> {
  const { token } = linkQuery.parse(ctx.query);
  const link = token === "" ? undefined : await ctx.repositories.recoveryLinks.find(token);
  if (!link || link.state !== "valid") throw deadLinkError(link?.state);
  return { link, token };
}

/** The owner who made the link, most likely, and wants to see where it leads. */
function isSomebodyElse(ctx: Context, user_id: number): boolean {
  return ctx.state.user !== undefined && ctx.state.user.id !== user_id;
}

async function pageLocals(
  { config, repositories }: Context,
  { user, has_password, created_by_id }: RecoveryLink,
  token: string,
) {
  return {
    person: user,
    set_for: await repositories.organizations.first(),
    has_password,
    token,
    password_min_length: config.password_min_length,
    // Made by somebody else: anyone who knew the old password, or had it for a while, may have made tokens.
    values: { end_tokens: created_by_id !== user.id },
  };
}

const another = "“Forgot your password?” on the log-in page says how to get another one.";

/** What is said of a link that doesn't work, and what to do; undefined for one that there is not. */
const explanations: Record<Exclude<LinkState, "valid"> | "unknown", { title: string; text: string }> = {
  unknown: {
    title: "This link doesn't work",
    text: `It is not complete, or it was withdrawn. Copy it whole. If that doesn't help: ${another}`,
  },
  expired: { title: "This link has expired", text: `A link works for 24 hours. ${another}` },
  used: {
    title: "This link was used",
    text: `A link works once. Log in with the password that was set. If you didn't set it, get another link at once: ${another}`,
  },
  replaced: { title: "There is a newer link", text: `Use the newest one that you were given. ${another}` },
  cancelled: { title: "This link was withdrawn", text: another },
  password_changed: { title: "Your password was changed since", text: `So this link no longer works. ${another}` },
  email_changed: { title: "Your email was changed since", text: `So this link no longer works. ${another}` },
  inactive: {
    title: "This account can't be used",
    text: "It was deactivated or removed, so a password would not help. Ask the owner of the organization.",
  },
};

function deadLinkError(state: LinkState | undefined): Error {
  const explanation = explanations[state === undefined || state === "valid" ? "unknown" : state];
  return createError(403, explanation.title, { explanation });
}
