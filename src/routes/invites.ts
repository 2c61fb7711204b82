import { Router } from "@koa/router";
import createError from "http-errors";

import { isLoopback } from "../common/host-names.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { baseUrl } from "../http/base-url.ts";
import { recordEvent } from "../http/record-event.ts";
import { noReferrer } from "../middleware/security-headers.ts";
import { canResetInvite } from "../security/permissions.ts";
import { decideSignupPolicy } from "../security/signup-policy.ts";

/** The invitation link of the organization, and replacing it by a new one. */
export const invites = new Router<SignedIn, AppContext>({ prefix: "/people/invite" });

invites.use(noReferrer);

invites.get("/", async (ctx) => {
  const token = await ctx.repositories.organizations.inviteToken(ctx.state.organization.id);
  const path = `/user/signup/?token=${token}`;
  ctx.render("people/invite", {
    invite_url: baseUrl(ctx) + path,
    invite_path: ctx.config.host ? undefined : ctx.config.base_path + path,
    is_loopback: !ctx.config.host && isLoopback(ctx.host),
    can_reset: canResetInvite(decideSignupPolicy(ctx.state.organization, ctx.config)),
  });
});

invites.post("/", async (ctx) => {
  if (!canResetInvite(decideSignupPolicy(ctx.state.organization, ctx.config))) throw signupIsOpenError();
  await ctx.repositories.organizations.resetInvite(ctx.state.organization.id);
  await recordEvent(ctx, "invite_reset");
  ctx.flash("New link ready. The old one no longer works.");
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
