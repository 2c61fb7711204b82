import { Router } from "@koa/router";

import { parseId } from "../../common/ids.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { personalTokenForm } from "../../forms/account.ts";
import { submit } from "../../forms/form.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { requireTokensEnabled } from "../../middleware/authentication.ts";
import { issuePersonalToken } from "../../security/jwt.ts";

/** The user's personal access tokens: list, create, revoke. */
export const personalAccessToken = new Router<SignedIn, AppContext>({ prefix: "/user/account/personal-access-token" });

personalAccessToken.get("/", async (ctx) => {
  await renderTokens(ctx);
});

// The token is shown in this answer and never again, so this is the one POST that does not answer with a redirect.
personalAccessToken.post("/", requireTokensEnabled("api_tokens_enabled"), async (ctx) => {
  const { user, organization } = ctx.state;
  const form = await submit(personalTokenForm, ctx.request.body);
  if (form.ok) {
    const days = organization.api_token_ttl_days;
    const { token, record } = await issuePersonalToken(ctx.config.secret_key, {
      user_id: user.id,
      name: form.data.name,
      days,
    });
    await ctx.repositories.personalTokens.create(user.id, record);
    ctx.log.info({ event: "authn_token_created", user: user.id, ip: ctx.ip }, "personal access token made");
    await renderTokens(ctx, { new_token: token });
  } else {
    ctx.status = 422;
    await renderTokens(ctx, form);
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

async function renderTokens(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  locals = {},
): Promise<void> {
  ctx.render("account/personal-access-token", {
    tokens: await ctx.repositories.personalTokens.list(ctx.state.user.id),
    ...locals,
  });
}
