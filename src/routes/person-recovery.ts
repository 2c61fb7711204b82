import { Router } from "@koa/router";

import { isLoopback } from "../common/host-names.ts";
import { parseId } from "../common/ids.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { formKeyForm } from "../forms/account.ts";
import { baseUrl } from "../http/base-url.ts";
import { createRecoveryLink, findRecoverable, recoveryPath } from "../http/recovery-links.ts";
import { noReferrer } from "../middleware/security-headers.ts";

/** A link with which somebody else sets their password; the owner never sees that. */
export const personRecovery = new Router<SignedIn, AppContext>({ prefix: "/people/:id/reset-link" });

/** The link is shown in this answer and never again, as a new token is. */
personRecovery.post("/", noReferrer, async (ctx) => {
  const account = await findRecoverable(ctx, parseId(ctx.params.id));
  const { form_key } = formKeyForm.parse(Object(ctx.request.body));
  const link = await createRecoveryLink(ctx, account, form_key);
  if (!link) {
    ctx.flash("That link was shown before. Make another if it is lost.");
    return ctx.redirect(`/people/${account.user.id}`);
  }
  const path = recoveryPath(link.token);
  ctx.render("people/reset-link", {
    person: account.user,
    has_password: account.has_password,
    link_url: baseUrl(ctx) + path,
    link_path: ctx.config.host ? undefined : ctx.config.base_path + path,
    is_loopback: !ctx.config.host && isLoopback(ctx.host),
    expires_at: link.expires_at,
  });
});
