import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { accountForm, personalInfoForm } from "../../forms/account.ts";
import { submit } from "../../forms/form.ts";

/** Account & Settings: the person's own name and phone. The page of upstream's one form, too. */
export const personalInfo = new Router<SignedIn, AppContext>({ prefix: "/user/account" });

personalInfo.get(["/", "/personal-info"], (ctx) => {
  ctx.render("account/personal-info", { values: ctx.state.user });
});

personalInfo.post(["/", "/personal-info"], async (ctx) => {
  const form = await submit(accountForm, ctx.request.body);
  if (form.ok) {
    const { allow_newsletters } = form.data;
    await ctx.repositories.users.updateProfile(ctx.state.user, personalInfoForm.parse(form.data));
    if (allow_newsletters !== undefined)
      await ctx.repositories.users.updateNewsletters(ctx.state.user.id, allow_newsletters);
    ctx.flash("Saved.");
    ctx.redirect("/user/account/");
  } else {
    ctx.status = 422;
    ctx.render("account/personal-info", form);
  }
});

// Sections that upstream has and we have not, such as hotkeys.
personalInfo.get("/:section", (ctx) => {
  ctx.redirect("/user/account/");
});
