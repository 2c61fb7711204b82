import { Router } from "@koa/router";

import { parseId } from "../../common/ids.ts";
import { aMinuteAgo } from "../../common/timestamps.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { personalTokenForm } from "../../forms/account.ts";
import { submit } from "../../forms/form.ts";
import { baseUrl } from "../../http/base-url.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { recordEvent } from "../../http/record-event.ts";
import { requireTokensEnabled } from "../../middleware/authentication.ts";
import { tokenChoices, withExpiry } from "../../pages/lifetimes.ts";
import { randomToken } from "../../security/crypto.ts";
import { issuePersonalToken, signStoredToken } from "../../security/jwt.ts";

/** The user's personal access tokens: list, create, revoke. */
export const personalAccessToken = new Router<SignedIn, AppContext>({ prefix: "/user/account/personal-access-token" });

personalAccessToken.get("/", async (ctx) => {
  await renderTokens(ctx);
});

/**
 * The token is shown in this answer and never again, so this is the one POST that does not answer with a redirect. Who clicks
 * twice, or reloads at once, gets the same token; later the same form leads to the list.
 */
personalAccessToken.post("/", requireTokensEnabled("api_tokens_enabled"), async (ctx) => {
  const { user, organization } = ctx.state;
  const form = await submit(personalTokenForm(organization), ctx.request.body);
  if (!form.ok) {
    ctx.status = 422;
    return renderTokens(ctx, form);
  }
  const { name, days, form_key } = form.data;
  const { token, record } = issuePersonalToken(ctx.config.secret_key, { user_id: user.id, name, days });
  const stored = await ctx.repositories.personalTokens.create(user.id, record, form_key || null);
  if (stored === record) {
    await recordEvent(ctx, "authn_token_created", { name });
    await renderTokens(ctx, { new_token: { name, token, jti: record.jti } });
  } else if (stored && stored.created_at > aMinuteAgo()) {
    const again = signStoredToken(ctx.config.secret_key, stored);
    await renderTokens(ctx, { new_token: { name: stored.name, token: again, jti: stored.jti } });
  } else {
    ctx.redirect("/user/account/personal-access-token");
  }
});

personalAccessToken.post("/:id/delete", async (ctx) => {
  const { personalTokens } = ctx.repositories;
  const id = parseId(ctx.params.id);
  const { name } = orNotFound((await personalTokens.list(ctx.state.user.id)).find((token) => token.id === id));
  await personalTokens.revoke(ctx.state.user.id, { id });
  await recordEvent(ctx, "authn_token_revoked", { name });
  ctx.flash(name ? `“${name}” revoked` : "Token revoked");
  ctx.redirect("/user/account/personal-access-token");
});

async function renderTokens(
  ctx: Pick<Context, "config" | "host" | "protocol" | "render" | "repositories"> & { state: SignedIn },
  locals = {},
): Promise<void> {
  const limit = ctx.state.organization.api_token_ttl_days;
  ctx.render("account/personal-access-token", {
    tokens: (await ctx.repositories.personalTokens.list(ctx.state.user.id)).map(withExpiry),
    lifetimes: tokenChoices(limit),
    // Three months, or what the organization allows at most.
    values: { days: Math.min(90, limit) },
    form_key: randomToken(),
    base_url: baseUrl(ctx),
    ...locals,
  });
}
