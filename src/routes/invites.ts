import { Router } from "@koa/router";
import createError from "http-errors";

import { parseId } from "../common/ids.ts";
import { aMinuteAgo, daysFromNow } from "../common/timestamps.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { submit } from "../forms/form.ts";
import { invitationForm, invitationsQuery } from "../forms/invitations.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { recordEvent } from "../http/record-event.ts";
import { noReferrer } from "../middleware/security-headers.ts";
import { renderInvitations } from "../pages/invitations-page.ts";
import { deriveToken, randomToken } from "../security/crypto.ts";
import { canResetInvite } from "../security/permissions.ts";
import { decideSignupPolicy } from "../security/signup-policy.ts";

/** Add People: the organization's one link and its replacement, and links with limits. */
export const invites = new Router<SignedIn, AppContext>({ prefix: "/people/invite" });

invites.use(noReferrer);

invites.get("/", async (ctx) => {
  await renderInvitations(ctx, invitationsQuery.parse(ctx.query));
});

invites.post("/", async (ctx) => {
  if (!canResetInvite(decideSignupPolicy(ctx.state.organization, ctx.config))) throw signupIsOpenError();
  await ctx.repositories.organizations.resetInvite(ctx.state.organization.id);
  await recordEvent(ctx, "invite_reset");
  ctx.flash("New link ready. The old one no longer works.");
  ctx.redirect("/people/invite");
});

/**
 * The link is shown in this answer and never again, so this POST does not answer with a redirect. Who clicks twice, or reloads at
 * once, gets the same link, which is derived from the form; later the same form leads to the list.
 */
invites.post("/links", async (ctx) => {
  const { user, organization } = ctx.state;
  const form = await submit(invitationForm(decideSignupPolicy(organization, ctx.config)), ctx.request.body);
  if (!form.ok) {
    ctx.status = 422;
    return renderInvitations(ctx, { form });
  }
  const { note, only_for, days, uses, form_key } = form.data;
  const token = form_key
    ? deriveToken(ctx.config.secret_key, "invitation", JSON.stringify([user.id, form.data]))
    : randomToken(43);
  const expires_at = days === null ? null : daysFromNow(days);
  const limits = { note, ...only_for, max_uses: uses, expires_at, created_by_id: user.id };
  const { invitation, isNew } = await ctx.repositories.invitations.create(token, limits);
  if (isNew) await recordEvent(ctx, "invitation_created", { name: note, invitation: invitation.id });
  if (isNew || invitation.created_at > aMinuteAgo()) await renderInvitations(ctx, { made: { invitation, token } });
  else ctx.redirect("/people/invite");
});

invites.post("/links/:id/revoke", async (ctx) => {
  const { invitations } = ctx.repositories;
  const { id, note } = orNotFound(await invitations.find(parseId(ctx.params.id)));
  if (await invitations.revoke(id)) await recordEvent(ctx, "invitation_revoked", { name: note, invitation: id });
  ctx.flash(note ? `“${note}” revoked` : "Link revoked");
  ctx.redirect("/people/invite");
});

function signupIsOpenError(): Error {
  return createError(409, "Sign-up is open", {
    explanation: {
      title: "The link was not reset",
      text: "Sign-up is open: anyone who can reach this server can join without a link. Choose “Only by invitation” under Sign-up and access first.",
    },
  });
}
