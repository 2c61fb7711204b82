import { recordEvent } from "../../http/record-event.ts";
import {
  presentSessionPolicy,
  presentTokenSettings,
  sessionPolicyRecord,
  tokenSettingsRecord,
} from "../../presenters/organization.ts";
import { sessionPolicyBody } from "../bodies/organizations.ts";
import { tokenSettingsBody } from "../bodies/tokens.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

/** Settings of the organization. Every member may change them, as in the pages. */
export const settings: Resource[] = [
  {
    path: "/api/jwt/settings",
    tag: "Settings",
    GET: endpoint({
      summary: "Get which tokens are allowed",
      python: "client.jwt_settings.get()",
      response: tokenSettingsRecord,
      handle: async (ctx) => presentTokenSettings(ctx.state.organization),
    }),
    POST: endpoint({
      summary: "Switch kinds of tokens on or off",
      description:
        "Fields left out stay as they are. The lifetime of personal access tokens is set on the page Sign-up and access.",
      python: "client.jwt_settings.update(api_token_ttl_days=365, legacy_api_tokens_enabled=True)",
      body: tokenSettingsBody,
      example: { legacy_api_tokens_enabled: true },
      isRefusedToKeys: true,
      response: tokenSettingsRecord,
      async handle(ctx, { body }) {
        const { organization } = ctx.state;
        await ctx.repositories.organizations.update(organization.id, body);
        await recordEvent(ctx, "token_settings_changed", body);
        return presentTokenSettings({ ...organization, ...body });
      },
    }),
  },
  {
    path: "/api/session-policy/",
    tag: "Settings",
    allow: "GET, PATCH",
    GET: endpoint({
      summary: "Get how long sessions last",
      python: "client.session_policy.get()",
      response: sessionPolicyRecord,
      handle: async (ctx) => presentSessionPolicy(ctx.state.organization),
    }),
    PATCH: endpoint({
      summary: "Change how long sessions last",
      description: "In minutes, at most 43200 (30 days). Open sessions follow with their next request.",
      python: "client.session_policy.update(max_session_age=11520, max_time_between_activity=4320)",
      body: sessionPolicyBody,
      example: { max_session_age: 11_520, max_time_between_activity: 4_320 },
      isRefusedToKeys: true,
      response: sessionPolicyRecord,
      async handle(ctx, { body }) {
        const { organization } = ctx.state;
        const { organizations } = ctx.repositories;
        await organizations.updateSessionPolicy(organization.id, body);
        await recordEvent(ctx, "session_policy_changed", body);
        return presentSessionPolicy((await organizations.first()) ?? organization);
      },
    }),
  },
];
