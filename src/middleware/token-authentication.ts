import type { Next } from "koa";

import { aMinuteAgo } from "../common/timestamps.ts";
import type { Context } from "../context.ts";
import { looksLikeJwt, readToken } from "../security/jwt.ts";
import { verifyPersonalToken } from "../http/personal-token-verifier.ts";

/** Where tokens count. */
export function isApi({ path }: Pick<Context, "path">): boolean {
  return path.startsWith("/api/");
}

/**
 * Whether a request shows a token. It then has no session, and no other site can have lent it one. Browsers send other
 * credentials in `Authorization` by themselves, for a proxy in front.
 */
export function hasToken(ctx: Pick<Context, "get" | "path">): boolean {
  return isApi(ctx) && (ctx.get("X-Api-Key") !== "" || /^(token|bearer)\b/i.test(ctx.get("Authorization").trim()));
}

/**
 * Settles who is asking by token: `X-Api-Key`, which wins, or `Authorization: Token` with a legacy or a personal token,
 * `Authorization: Bearer` with an access token. Why a token does not count is left in ctx.state.refusal.
 */
export async function tokenAuthentication(ctx: Context, next: Next): Promise<void> {
  if (hasToken(ctx)) {
    const asked = await whoAsks(ctx);
    if (typeof asked === "string") ctx.state.refusal = asked;
    else Object.assign(ctx.state, asked);
  }
  await next();
}

type Asked = Pick<Context["state"], "user" | "organization" | "credential"> | string;

// As upstream words them.
const noCredentials = "Authentication credentials were not provided.";
const invalid = "Invalid token.";

export const tokensDisabledMessage =
  "Personal access tokens are switched off for this organization: switch them on in Account & Settings, Access token settings.";

async function whoAsks(ctx: Context): Promise<Asked> {
  const key = ctx.get("X-Api-Key");
  if (key) return byToken(ctx, key);
  const [scheme = "", ...parts] = ctx.get("Authorization").split(/\s+/).filter(Boolean);
  if (scheme.toLowerCase() === "bearer") return byAccessToken(ctx, parts.join(" "));
  const [token] = parts;
  if (!token) return "Invalid token header. No credentials provided.";
  if (parts.length > 1) return "Invalid token header. Token string should not contain spaces.";
  return byToken(ctx, token);
}

async function byToken(ctx: Context, token: string): Promise<Asked> {
  if (looksLikeJwt(token)) return byPersonalToken(ctx, token);
  const identity = await ctx.repositories.identities.findByLegacyToken(token);
  if (!identity) return invalid;
  if (!identity.organization.legacy_api_tokens_enabled) {
    return "Authentication token no longer valid: legacy token authentication has been disabled for this organization";
  }
  return { ...identity, credential: "legacy" };
}

async function byPersonalToken(ctx: Context, token: string): Promise<Asked> {
  const read = await verifyPersonalToken(ctx, token);
  if (!read.ok) return read.problem === "expired" ? `${invalid} It has expired: make a new one.` : invalid;
  if (read.claims.token_type === "access") return `${invalid} This is an access token: send it as \`Bearer\`.`;
  const { identities, personalTokens } = ctx.repositories;
  const found = await identities.findByPersonalToken(read.claims.jti);
  if (!found) return invalid;
  const { is_revoked, last_used_at, ...identity } = found;
  if (is_revoked) return `${invalid} It was revoked: make a new one.`;
  if (!identity.organization.api_tokens_enabled) return `${invalid} ${tokensDisabledMessage}`;
  if ((last_used_at ?? "") < aMinuteAgo()) await personalTokens.touch(read.claims.jti);
  return { ...identity, credential: "personal" };
}

async function byAccessToken(ctx: Context, token: string): Promise<Asked> {
  const read = await readToken(ctx.config.secret_key, token);
  if (!read.ok) {
    return read.problem === "expired"
      ? `${noCredentials} This access token has expired: get a new one at /api/token/refresh/.`
      : `${noCredentials} \`Bearer\` takes access tokens: exchange a personal access token at /api/token/refresh/, or send it as \`Token\`.`;
  }
  if (read.claims.token_type === "refresh") {
    return `${noCredentials} This is a personal access token: exchange it at /api/token/refresh/ or send it as \`Token\`.`;
  }
  const identity = await ctx.repositories.identities.findByUser(read.claims.user_id);
  if (!identity) return `${noCredentials} The person of this token is no longer a member.`;
  if (!identity.organization.api_tokens_enabled) return `${noCredentials} ${tokensDisabledMessage}`;
  return { ...identity, credential: "access" };
}
