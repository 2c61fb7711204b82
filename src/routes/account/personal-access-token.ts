import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { personalTokenForm } from "../../forms/account.ts";
import { submit } from "../../forms/form.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { parseId } from "../../common/ids.ts";
import { issuePersonalToken } from "../../security/jwt.ts";
import { requireTokens } from "../../middleware/authentication.ts";

/** One's own personal access tokens: listed, made, revoked. */
export const personalAccessToken = new Router<SignedIn, AppContext>({ prefix: "/user/account/personal-access-token" });

personalAccessToken.get("/", async (ctx) => {
  await showTokens(ctx);
});

// The whole token is in this answer and nowhere else, so this is the one change that does not answer with a redirect.
personalAccessToken.post("/", requireTokens("api_tokens_enabled"), async (ctx) => {
  const { user, organization } = ctx.state;
  const form = await submit(personalTokenForm, ctx.request.body);
  if (form.ok) {
    const days = organization.api_token_ttl_days;
    const { whole, kept } = await issuePersonalToken(ctx.config.secret_key, {
      user_id: user.id,
      name: form.data.name,
      days,
    });
    await ctx.repositories.personalTokens.create(user.id, kept);
    ctx.log.info({ event: "authn_token_created", user: user.id, ip: ctx.ip }, "personal access token made");
    await showTokens(ctx, { whole_token: whole });
  } else {
    ctx.status = 422;
    await showTokens(ctx, form);
  }
});

personalAccessToken.post("/:id/delete", async (ctx) => {
  orNotFound(
    (await ctx.repositories.personalTokens.revoke(ctx.state.user.id, { id: parseId(ctx.params.id) })) || undefined,
  );
  ctx.log.info({ event: "authn_token_revoked", user: ctx.state.user.id, ip: ctx.ip }, "personal access token revoked");
  ctx.flash("The token is revoked. Scripts that use it no longer get in.");
  ctx.redirect("/user/account/personal-access-token");
});

async function showTokens(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  locals = {},
): Promise<void> {
  ctx.render("account/personal-access-token", {
    tokens: await ctx.repositories.personalTokens.list(ctx.state.user.id),
    ...locals,
  });
}
