import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { submit } from "../../forms/form.ts";
import { passwordForm } from "../../forms/passwords.ts";
import { ownPasswordErrors } from "../../http/reauthentication.ts";
import { recordEvent } from "../../http/record-event.ts";
import { sendAfterAnswer } from "../../http/send-after-answer.ts";
import { passwordChangedMessage } from "../../mail/messages.ts";
import { renewOwnSession } from "../../middleware/sessions.ts";
import { organizationName } from "../../rendering/display-names.ts";

/** Changing the password, which ends all other sessions of the user, and notifies them by mail where it can be sent. */
export const password = new Router<SignedIn, AppContext>({ prefix: "/user/account/password" });

password.get("/", (ctx) => {
  ctx.render("account/password", { password_min_length: ctx.config.password_min_length });
});

password.post("/", async (ctx) => {
  const { user, organization } = ctx.state;
  const form = await submit(passwordForm(ctx.config.password_min_length, user), ctx.request.body);
  // Also if the new password can't be used, so that both errors are shown at once.
  const passwordErrors = await ownPasswordErrors(ctx);
  if (form.ok && !passwordErrors) {
    await ctx.repositories.users.changePassword(user.id, form.data.new_password);
    await renewOwnSession(ctx, user.id);
    await recordEvent(ctx, "authn_password_change");
    sendAfterAnswer(ctx, async () =>
      passwordChangedMessage(user.email, { organization: organizationName(organization) }),
    );
    ctx.flash("Password successfully changed");
    ctx.redirect("/user/account/password");
  } else {
    ctx.status = 422;
    const { password_min_length } = ctx.config;
    const errors = { ...(!form.ok && form.errors), ...passwordErrors };
    ctx.render("account/password", { password_min_length, errors });
  }
});
