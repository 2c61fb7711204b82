import createError from "http-errors";
import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { findLifetimeError, keysDisabledMessage, tooManyKeysMessage } from "../../forms/api-keys.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { recordEvent } from "../../http/record-event.ts";
import { apiKeyRecord, newApiKeyRecord, presentApiKey } from "../../presenters/api-key.ts";
import { describeKey } from "../../repositories/accounts/api-keys.ts";
import { newApiKeyBody } from "../bodies/api-keys.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { noMatch } from "../find-records.ts";

/** One's own named keys. */
export const apiKeys: Resource[] = [
  {
    path: "/api/keys/",
    tag: "Keys",
    GET: endpoint({
      summary: "List your keys",
      description: "Active ones, newest first, without their values.",
      python: 'requests.get(f"{url}/api/keys/", headers=headers).json()',
      response: z.array(apiKeyRecord),
      handle: async (ctx) => (await ctx.repositories.apiKeys.list(ctx.state.user.id)).map(presentApiKey),
    }),
    POST: endpoint({
      summary: "Create a key",
      description: "With a session or a personal access token. The key is shown in this answer and never again.",
      python: 'requests.post(f"{url}/api/keys/", headers=headers, json={"name": "nightly export", "days": 90}).json()',
      body: newApiKeyBody,
      example: { name: "nightly export", days: 90, read_only: true },
      isRefusedToKeys: true,
      status: 201,
      response: newApiKeyRecord,
      errors: {
        403: "with a legacy token, or the organization has switched keys off",
        409: `you have ${limits.apiKeys} keys`,
      },
      async handle(ctx, { body: { name, days, read_only } }) {
        const { user, organization, credential } = ctx.state;
        if (credential === "legacy")
          throw createError(403, "A legacy token makes no keys. Log in, or use a personal access token.");
        if (!organization.api_tokens_enabled) throw createError(403, keysDisabledMessage);
        const lifetimeError = findLifetimeError(days, organization);
        if (lifetimeError) throw validationError({ days: [lifetimeError] });
        const made = await ctx.repositories.apiKeys.create(user.id, { name, days, is_read_only: read_only });
        if (!made?.value) throw createError(409, tooManyKeysMessage);
        await recordEvent(ctx, "authn_key_created", describeKey(made.key));
        return { ...presentApiKey(made.key), key: made.value };
      },
    }),
  },
  {
    path: "/api/keys/:id/",
    tag: "Keys",
    DELETE: endpoint({
      summary: "Revoke one of your keys",
      description: "It stops working at once.",
      python: 'requests.delete(f"{url}/api/keys/1/", headers=headers)',
      status: 204,
      async handle(ctx, { params }) {
        const key = await ctx.repositories.apiKeys.revoke(ctx.state.user.id, params.id);
        await recordEvent(ctx, "authn_key_revoked", describeKey(orNotFound(key, noMatch("Key"))));
      },
    }),
  },
];
