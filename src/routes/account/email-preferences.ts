import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { emailPreferencesForm } from "../../forms/account.ts";

/** The setting for newsletters. */
export const emailPreferences = new Router<SignedIn, AppContext>({ prefix: "/user/account/email-preferences" });

emailPreferences.get("/", (ctx) => {
  ctx.render("account/email-preferences");
});

emailPreferences.post("/", async (ctx) => {
  const { allow_newsletters } = emailPreferencesForm.parse(ctx.request.body ?? {});
  await ctx.repositories.users.update(ctx.state.user.id, { allow_newsletters });
  ctx.flash("Saved");
  ctx.redirect("/user/account/email-preferences");
});
