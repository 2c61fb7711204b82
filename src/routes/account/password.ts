import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { invalidForm, submit } from "../../forms/form.ts";
import { passwordForm } from "../../forms/passwords.ts";
import { verifyCurrentPassword } from "../../http/reauthentication.ts";
import { renewOwnSession } from "../../middleware/sessions.ts";

/** Changing the password, which ends all other sessions of the user. */
export const password = new Router<SignedIn, AppContext>({ prefix: "/user/account/password" });

password.get("/", (ctx) => {
  ctx.render("account/password", { password_min_length: ctx.config.password_min_length });
});

password.post("/", async (ctx) => {
  const { user } = ctx.state;
  const form = await submit(passwordForm(ctx.config.password_min_length, user), ctx.request.body);
  const passwordError = form.ok ? await verifyCurrentPassword(ctx, user, form.data.current_password) : undefined;
  if (form.ok && !passwordError) {
    await ctx.repositories.users.changePassword(user.id, form.data.new_password);
    await renewOwnSession(ctx, user.id);
    ctx.log.info({ event: "authn_password_change", user: user.id, ip: ctx.ip }, "password changed");
    ctx.flash("Your password is changed. You are logged out everywhere else.");
    ctx.redirect("/user/account/password");
  } else {
    ctx.status = 422;
    const { password_min_length } = ctx.config;
    ctx.render("account/password", {
      password_min_length,
      ...(passwordError ? invalidForm({}, { current_password: [passwordError] }) : form),
    });
  }
});
