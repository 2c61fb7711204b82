import { Router } from "@koa/router";

import { parseId } from "../../common/ids.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { apiKeyForm, tooManyKeysMessage } from "../../forms/api-keys.ts";
import { invalidForm, submit } from "../../forms/form.ts";
import { baseUrl } from "../../http/base-url.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { recordEvent } from "../../http/record-event.ts";
import { requireTokensEnabled } from "../../middleware/authentication.ts";
import { tokenChoices, withKeyState } from "../../pages/lifetimes.ts";
import { describeKey } from "../../repositories/accounts/api-keys.ts";
import { randomToken } from "../../security/crypto.ts";

/** The user's named keys: list, create, revoke. */
export const keys = new Router<SignedIn, AppContext>({ prefix: "/user/account/keys" });

keys.get("/", async (ctx) => {
  await renderKeys(ctx);
});

/**
 * The key is shown in this answer and never again, so it is no redirect. Only its digest is stored: a form that is sent again
 * leads to the list, which says that the key was shown.
 */
keys.post("/", requireTokensEnabled("api_tokens_enabled"), async (ctx) => {
  const { user, organization } = ctx.state;
  const form = await submit(apiKeyForm(organization), ctx.request.body);
  if (!form.ok) return refuse(ctx, form);
  const { form_key, ...fields } = form.data;
  const made = await ctx.repositories.apiKeys.create(user.id, fields, form_key || null);
  if (!made) return refuse(ctx, invalidForm(ctx.request.body, { name: [tooManyKeysMessage] }));
  if (made.value !== undefined) {
    await recordEvent(ctx, "authn_key_created", describeKey(made.key));
    await renderKeys(ctx, { new_key: { ...made.key, value: made.value } });
  } else {
    ctx.flash(`“${made.key.name}” was made and shown once. If you don’t have it, revoke it and make another.`);
    ctx.redirect("/user/account/keys");
  }
});

keys.post("/:id/delete", async (ctx) => {
  const { user } = ctx.state;
  const id = parseId(ctx.params.id);
  const key = orNotFound(await ctx.repositories.apiKeys.revoke(user.id, id));
  await recordEvent(ctx, "authn_key_revoked", describeKey(key));
  ctx.flash(`“${key.name}” revoked`);
  ctx.redirect("/user/account/keys");
});

type KeysContext = Pick<Context, "config" | "host" | "protocol" | "render" | "repositories"> & { state: SignedIn };

async function refuse(ctx: KeysContext & Pick<Context, "status">, form: object): Promise<void> {
  ctx.status = 422;
  await renderKeys(ctx, form);
}

async function renderKeys(ctx: KeysContext, locals = {}): Promise<void> {
  const { user, organization } = ctx.state;
  const limit = organization.api_key_ttl_days;
  ctx.render("account/keys", {
    keys: (await ctx.repositories.apiKeys.list(user.id)).map(withKeyState),
    lifetimes: tokenChoices(limit),
    values: { days: Math.min(90, limit), is_read_only: "false" },
    form_key: randomToken(),
    base_url: baseUrl(ctx),
    ...locals,
  });
}
