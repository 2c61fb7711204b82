import createError from "http-errors";
import type { Next } from "koa";

import { aMinuteAgo, now } from "../common/timestamps.ts";
import type { Context } from "../context.ts";
import { keysDisabledMessage } from "../forms/api-keys.ts";
import { isApi } from "../http/is-api.ts";
import { tokensDisabledMessage, verifyPersonalToken } from "../http/personal-token-verifier.ts";
import { isWellFormedApiKey, looksLikeApiKey } from "../security/api-keys.ts";
import { looksLikeJwt, verifyToken } from "../security/jwt.ts";

/**
 * Whether a request has an API token. It then needs no session and no CSRF protection. Other schemes of `Authorization`
 * don't count: browsers add those by themselves, for a proxy in front.
 */
export function hasToken(ctx: Pick<Context, "get" | "path">): boolean {
  return isApi(ctx) && (ctx.get("X-Api-Key") !== "" || /^(token|bearer)\b/i.test(ctx.get("Authorization").trim()));
}

/**
 * Authenticates requests by token: `X-Api-Key`, which wins, or `Authorization: Token` with a key, a legacy or a
 * personal token, or `Authorization: Bearer` with an access token. Why a token is not valid is left in ctx.state.token_error.
 */
export async function tokenAuthentication(ctx: Context, next: Next): Promise<void> {
  if (hasToken(ctx)) {
    const outcome = await authenticate(ctx);
    if (typeof outcome === "string") ctx.state.token_error = outcome;
    else Object.assign(ctx.state, outcome);
  }
  await next();
}

/** Who sent the request, or why the token is not valid. */
type Authentication = Pick<Context["state"], "user" | "organization" | "credential"> | string;

// The words of Label Studio.
const noCredentials = "Authentication credentials were not provided.";
export const invalidToken = "Invalid token.";

async function authenticate(ctx: Context): Promise<Authentication> {
  const key = ctx.get("X-Api-Key");
  if (key) return authenticateToken(ctx, key);
  const [scheme = "", ...parts] = ctx.get("Authorization").split(/\s+/).filter(Boolean);
  if (scheme.toLowerCase() === "bearer") return authenticateAccessToken(ctx, parts.join(" "));
  const [token] = parts;
  if (!token) return "Invalid token header. No credentials provided.";
  if (parts.length > 1) return "Invalid token header. Token string should not contain spaces.";
  return authenticateToken(ctx, token);
}

async function authenticateToken(ctx: Context, token: string): Promise<Authentication> {
  if (looksLikeJwt(token)) return authenticatePersonalToken(ctx, token);
  if (looksLikeApiKey(token)) return authenticateApiKey(ctx, token);
  const identity = await ctx.repositories.identities.findByLegacyToken(token);
  if (!identity) return invalidToken;
  if (!identity.organization.legacy_api_tokens_enabled) {
    return "Authentication token no longer valid: legacy token authentication has been disabled for this organization";
  }
  return { user: identity.user, organization: identity.organization, credential: "legacy" };
}

async function authenticatePersonalToken(ctx: Context, token: string): Promise<Authentication> {
  const read = await verifyPersonalToken(ctx, token);
  if (!read.ok) return read.error === "expired" ? `${invalidToken} It has expired: make a new one.` : invalidToken;
  if (read.claims.token_type === "access") return `${invalidToken} This is an access token: send it as \`Bearer\`.`;
  const { identities, personalTokens } = ctx.repositories;
  const match = await identities.findByPersonalToken(read.claims.jti);
  if (!match) return invalidToken;
  const { is_revoked, last_used_at, user, organization } = match;
  if (is_revoked) return `${invalidToken} It was revoked: make a new one.`;
  if (!organization.api_tokens_enabled) return `${invalidToken} ${tokensDisabledMessage}`;
  if ((last_used_at ?? "") < aMinuteAgo()) await personalTokens.touch(read.claims.jti);
  return { user, organization, credential: "personal" };
}

/** Throws a 403 for a request that changes something with a key that only reads. */
async function authenticateApiKey(ctx: Context, token: string): Promise<Authentication> {
  if (!isWellFormedApiKey(token)) return `${invalidToken} It is no whole key: copy it again, or make a new one.`;
  const { apiKeys, identities } = ctx.repositories;
  const match = await identities.findByApiKey(token);
  if (!match) return invalidToken;
  const { key, user, organization } = match;
  if (key.is_revoked) return `${invalidToken} It was revoked: make a new one.`;
  if (key.expires_at !== null && key.expires_at <= now()) return `${invalidToken} It has expired: make a new one.`;
  if (!organization.api_tokens_enabled) return `${invalidToken} ${keysDisabledMessage}`;
  if ((key.last_used_at ?? "") < aMinuteAgo()) await apiKeys.touch(key.id);
  if (key.is_read_only && ctx.method !== "GET" && ctx.method !== "HEAD") throw createError(403, readOnlyMessage);
  return { user, organization, credential: "key" };
}

const readOnlyMessage = "This key only reads: it may send GET and HEAD. Use one that may change things.";

async function authenticateAccessToken(ctx: Context, token: string): Promise<Authentication> {
  const read = verifyToken(ctx.config.secret_key, token);
  if (!read.ok) {
    return read.error === "expired"
      ? `${noCredentials} This access token has expired: get a new one at /api/token/refresh/.`
      : `${noCredentials} \`Bearer\` takes access tokens: exchange a personal access token at /api/token/refresh/, or send it as \`Token\`.`;
  }
  if (read.claims.token_type === "refresh") {
    return `${noCredentials} This is a personal access token: exchange it at /api/token/refresh/ or send it as \`Token\`.`;
  }
  const identity = await ctx.repositories.identities.findByUser(read.claims.user_id);
  if (!identity) return `${noCredentials} The person of this token is no longer a member.`;
  if (!identity.organization.api_tokens_enabled) return `${noCredentials} ${tokensDisabledMessage}`;
  return { user: identity.user, organization: identity.organization, credential: "access" };
}
