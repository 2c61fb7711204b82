import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { tokenSettingsForm } from "../../forms/account.ts";
import { submit } from "../../forms/form.ts";
import { tokenLimits } from "../../pages/token-lifetimes.ts";

/** Who gets into the organization, and how: the settings of tokens, which every member may change. */
export const accessTokenSettings = new Router<SignedIn, AppContext>({ prefix: "/user/account/access-token-settings" });

accessTokenSettings.get("/", (ctx) => {
  renderSettings(ctx, { values: ctx.state.organization });
});

accessTokenSettings.post("/", async (ctx) => {
  const form = await submit(tokenSettingsForm, ctx.request.body);
  if (form.ok) {
    await ctx.repositories.organizations.updateTokenSettings(ctx.state.organization.id, form.data);
    ctx.log.info(
      { event: "token_settings_changed", user: ctx.state.user.id, ip: ctx.ip, ...form.data },
      "token settings changed",
    );
    ctx.flash("Saved");
    ctx.redirect("/user/account/access-token-settings");
  } else {
    ctx.status = 422;
    renderSettings(ctx, form);
  }
});

function renderSettings(
  ctx: Pick<Context, "config" | "render"> & { state: SignedIn },
  locals: Record<string, unknown>,
): void {
  const signup_is_open = !ctx.config.disable_signup_without_link;
  const lifetimes = tokenLimits(ctx.state.organization.api_token_ttl_days);
  ctx.render("account/access-token-settings", { signup_is_open, lifetimes, ...locals });
}
