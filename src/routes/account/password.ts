import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { refuse, submit } from "../../forms/form.ts";
import { passwordForm } from "../../forms/passwords.ts";
import { verifyCurrentPassword } from "../../http/reauthentication.ts";
import { renewOwnSession } from "../../middleware/sessions.ts";

/** Change one's own password; every other session ends. */
export const password = new Router<SignedIn, AppContext>({ prefix: "/user/account/password" });

password.get("/", (ctx) => {
  ctx.render("account/password", { password_min_length: ctx.config.password_min_length });
});

password.post("/", async (ctx) => {
  const { user } = ctx.state;
  const form = await submit(passwordForm(ctx.config.password_min_length, user), ctx.request.body);
  const wrong = form.ok ? await verifyCurrentPassword(ctx, user, form.data.current_password) : undefined;
  if (form.ok && !wrong) {
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
      ...(wrong ? refuse({}, { current_password: [wrong] }) : form),
    });
  }
});
