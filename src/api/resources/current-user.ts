import * as z from "zod";

import { orNotFound } from "../../http/or-not-found.ts";
import { recordEvent } from "../../http/record-event.ts";
import { validationErrors } from "../../presenters/error.ts";
import { presentWhoami, whoamiRecord } from "../../presenters/user.ts";
import { hotkeysBody } from "../bodies/hotkeys.ts";
import type { hotkeys } from "../bodies/hotkeys.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { userContextOf } from "../user-context.ts";

const tokenRecord = z.object({ token: z.string() });

const hotkeysRecord = z.object({ custom_hotkeys: z.record(z.string(), z.looseObject({ key: z.string() })) });

/** The user whose token or session it is. */
export const currentUser: Resource[] = [
  {
    path: "/api/current-user/whoami",
    tag: "Current user",
    GET: endpoint({
      summary: "Get your own user",
      python: "client.users.whoami()",
      response: whoamiRecord,
      handle: async (ctx) => presentWhoami(ctx.state.user, userContextOf(ctx)),
    }),
  },
  {
    path: "/api/current-user/token",
    tag: "Current user",
    GET: endpoint({
      summary: "Get your legacy token",
      python: "client.users.get_token()",
      isRefusedToKeys: true,
      response: tokenRecord,
      async handle(ctx) {
        const { token } = orNotFound(await ctx.repositories.legacyTokens.findByUser(ctx.state.user.id));
        return { token };
      },
    }),
  },
  {
    path: "/api/current-user/reset-token/",
    tag: "Current user",
    POST: endpoint({
      summary: "Renew your legacy token",
      description: "The old one stops working at once.",
      python: "client.users.reset_token()",
      isRefusedToKeys: true,
      status: 201,
      response: tokenRecord,
      async handle(ctx) {
        const token = await ctx.repositories.legacyTokens.reset(ctx.state.user.id);
        await recordEvent(ctx, "authn_token_renewed");
        return { token };
      },
    }),
  },
  {
    path: "/api/current-user/hotkeys/",
    tag: "Current user",
    GET: endpoint({
      summary: "Get your hotkeys",
      python: "client.users.get_hotkeys()",
      response: hotkeysRecord,
      async handle(ctx) {
        return { custom_hotkeys: JSON.parse(ctx.state.user.custom_hotkeys) as z.output<typeof hotkeys> };
      },
    }),
    PATCH: endpoint({
      summary: "Set your hotkeys",
      description: "Replaces all of them.",
      python:
        'client.users.update_hotkeys(custom_hotkeys={"annotation:submit": {"key": "ctrl+enter", "active": True}})',
      body: hotkeysBody,
      example: { custom_hotkeys: { "annotation:submit": { key: "ctrl+enter", active: true } } },
      response: hotkeysRecord,
      errorSchemas: { 400: z.object({ error: z.string(), details: validationErrors }) },
      formatErrors: (details) => ({ error: "Invalid hotkeys configuration", details }),
      async handle(ctx, { body: { custom_hotkeys } }) {
        await ctx.repositories.users.update(ctx.state.user.id, { custom_hotkeys: JSON.stringify(custom_hotkeys) });
        return { custom_hotkeys };
      },
    }),
  },
];
