import createError from "http-errors";
import * as z from "zod";

import type { Context, SignedIn } from "../../context.ts";
import { verifyPersonalToken } from "../../http/personal-token-verifier.ts";
import { tokensDisabledMessage } from "../../http/personal-token-verifier.ts";
import { recordEvent } from "../../http/record-event.ts";
import { accessRecord, presentListedToken, refreshRecord, tokenRecord } from "../../presenters/token.ts";
import { issueAccessToken, issuePersonalToken } from "../../security/jwt.ts";
import type { PersonalTokenRecord } from "../../security/jwt.ts";
import { refreshTokenBody } from "../bodies/tokens.ts";
import { endpoint, publicEndpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";

const challenge = 'Bearer realm="api"';
const bearerChallenge = { headers: { "WWW-Authenticate": challenge } };

/** Personal access tokens, which are the refresh tokens of access tokens. */
export const tokens: Resource[] = [
  {
    path: "/api/token/",
    tag: "Tokens",
    GET: endpoint({
      summary: "List your personal access tokens",
      description: "Active ones, without their signatures.",
      python: "client.tokens.list()",
      response: z.array(tokenRecord),
      handle: async (ctx) => (await ctx.repositories.personalTokens.list(ctx.state.user.id)).map(presentListedToken),
    }),
    POST: endpoint({
      summary: "Create a personal access token",
      description: "Shown in this answer and never again.",
      python: "client.tokens.create()",
      isRefusedToKeys: true,
      status: 201,
      response: tokenRecord,
      errors: { 403: "the organization has switched these tokens off", 409: "you have an active one" },
      async handle(ctx) {
        const { token, record } = await issueToken(ctx);
        if (!(await ctx.repositories.personalTokens.createUnlessActive(ctx.state.user.id, record))) {
          throw createError(409, "You already have a valid token. Please revoke it before creating a new one.");
        }
        await recordEvent(ctx, "authn_token_created");
        return { token };
      },
    }),
  },
  {
    path: "/api/token/refresh/",
    tag: "Tokens",
    POST: publicEndpoint({
      summary: "Exchange a personal access token for an access token",
      description: "The SDK does this by itself. No other credentials are needed.",
      python: 'client.tokens.refresh(refresh="your personal access token")',
      body: refreshTokenBody,
      example: { refresh: "your personal access token" },
      response: accessRecord,
      errors: { 401: "the token is invalid", 403: "the organization has switched these tokens off" },
      async handle(ctx, { body }) {
        const { user_id, jti } = await verifyRefreshToken(ctx, body.refresh);
        await ctx.repositories.personalTokens.touch(jti);
        return { access: issueAccessToken(ctx.config.secret_key, user_id) };
      },
    }),
  },
  {
    path: "/api/token/rotate/",
    challenge,
    tag: "Tokens",
    POST: endpoint({
      summary: "Replace your personal access token",
      description: "The old one stops working at once; its access tokens expire within five minutes.",
      python: 'client.tokens.rotate(refresh="your personal access token")',
      isRefusedToKeys: true,
      body: refreshTokenBody,
      example: { refresh: "your personal access token" },
      response: refreshRecord,
      errors: { 400: "not one of your active tokens", 403: "the organization has switched these tokens off" },
      async handle(ctx, { body }) {
        const { user } = ctx.state;
        const verified = await verifyPersonalToken(ctx, body.refresh);
        const jti = verified.ok && verified.claims.token_type === "refresh" ? verified.claims.jti : "";
        const { token, record } = await issueToken(ctx);
        if (!(await ctx.repositories.personalTokens.rotate(user.id, jti, record))) {
          throw validationError({ non_field_errors: ["Invalid refresh token"] });
        }
        await recordEvent(ctx, "authn_token_rotated");
        return { refresh: token };
      },
    }),
  },
  {
    path: "/api/token/blacklist/",
    tag: "Tokens",
    POST: publicEndpoint({
      summary: "Revoke a personal access token",
      description: "With the whole token, or with your credentials and what the list shows of it.",
      python: 'client.tokens.blacklist(refresh="your personal access token")',
      isRefusedToKeys: true,
      body: refreshTokenBody,
      example: { refresh: "your personal access token" },
      status: 204,
      errors: { 401: "without its signature, a token needs your credentials", 404: "not an active token" },
      errorSchemas: { 404: z.object({ detail: z.string() }) },
      async handle(ctx, { body }) {
        const user_id = await findRevocableOwner(ctx, body.refresh);
        const token = body.refresh.split(".").slice(0, 2).join(".");
        if (!(await ctx.repositories.personalTokens.revoke(user_id, { token }))) throw noSuchToken();
        await recordEvent(ctx, "authn_token_revoked", { user: user_id });
      },
    }),
  },
];

async function issueToken(
  ctx: Pick<Context, "config"> & { state: SignedIn },
): Promise<{ token: string; record: PersonalTokenRecord }> {
  const { user, organization } = ctx.state;
  if (!organization.api_tokens_enabled) throw createError(403, tokensDisabledMessage);
  const days = organization.api_token_ttl_days;
  return issuePersonalToken(ctx.config.secret_key, { user_id: user.id, name: "", days });
}

/** Returns the user and the id of a personal access token that works; throws a 401 or 403 otherwise. */
async function verifyRefreshToken(ctx: Pick<Context, "config" | "repositories">, token: string) {
  const verified = await verifyPersonalToken(ctx, token);
  if (!verified.ok)
    throw createError(401, verified.error === "expired" ? "Token is expired" : "Token is invalid", bearerChallenge);
  if (verified.claims.token_type !== "refresh") throw createError(401, "Token has wrong type", bearerChallenge);
  const identity = await ctx.repositories.identities.findByPersonalToken(verified.claims.jti);
  if (!identity) throw createError(401, "Token is invalid", bearerChallenge);
  if (identity.is_revoked) throw createError(401, "Token is blacklisted", bearerChallenge);
  if (!identity.organization.api_tokens_enabled) throw createError(403, tokensDisabledMessage);
  return { user_id: identity.user.id, jti: verified.claims.jti };
}

/**
 * Returns the id of the user whose token may be revoked. Whoever has the whole token may revoke it, which its signature
 * proves; without the signature only its owner may.
 */
async function findRevocableOwner(
  ctx: Pick<Context, "config" | "repositories" | "state">,
  token: string,
): Promise<number> {
  const verified = await verifyPersonalToken(ctx, token);
  const owner_id = verified.ok && (await ctx.repositories.personalTokens.findOwnerId(verified.claims.jti));
  if (owner_id) return owner_id;
  if (!/^eyJ[\w-]+\.[\w-]+$/.test(token)) throw noSuchToken();
  if (!ctx.state.user) throw createError(401, "Authentication credentials were not provided.", bearerChallenge);
  return ctx.state.user.id;
}

function noSuchToken(): Error {
  return createError(404, { body: { detail: "Token is invalid or already blacklisted." } });
}
