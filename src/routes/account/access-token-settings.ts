import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { tokenSettingsForm } from "../../forms/account.ts";
import { submit } from "../../forms/form.ts";

/** The token settings of the organization; every member may change them. */
export const accessTokenSettings = new Router<SignedIn, AppContext>({ prefix: "/user/account/access-token-settings" });

accessTokenSettings.get("/", (ctx) => {
  ctx.render("account/access-token-settings", { values: ctx.state.organization });
});

accessTokenSettings.post("/", async (ctx) => {
  const form = await submit(tokenSettingsForm, ctx.request.body);
  if (form.ok) {
    await ctx.repositories.organizations.updateTokenSettings(ctx.state.organization.id, form.data);
    ctx.log.info(
      { event: "token_settings_changed", user: ctx.state.user.id, ip: ctx.ip, ...form.data },
      "token settings changed",
    );
    ctx.flash("Saved for everybody in your organization.");
    ctx.redirect("/user/account/access-token-settings");
  } else {
    ctx.status = 422;
    ctx.render("account/access-token-settings", form);
  }
});
