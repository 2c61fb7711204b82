import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { recordEvent } from "../../http/record-event.ts";
import { requireTokensEnabled } from "../../middleware/authentication.ts";

/** The user's legacy token, and renewing it. */
export const legacyToken = new Router<SignedIn, AppContext>({ prefix: "/user/account/legacy-token" });

legacyToken.get("/", async (ctx) => {
  const is_enabled = ctx.state.organization.legacy_api_tokens_enabled;
  ctx.render("account/legacy-token", {
    is_shown: ctx.query.show === "yes",
    legacy_token: is_enabled && (await ctx.repositories.legacyTokens.findByUser(ctx.state.user.id)),
  });
});

legacyToken.post("/", requireTokensEnabled("legacy_api_tokens_enabled"), async (ctx) => {
  await ctx.repositories.legacyTokens.reset(ctx.state.user.id);
  await recordEvent(ctx, "authn_token_renewed");
  ctx.flash("New token ready. Update the scripts that used the old one.");
  ctx.redirect("/user/account/legacy-token");
});
