import type { Context } from "../context.ts";
import { looksLikeJwt, verifyToken, decodeTokenId } from "../security/jwt.ts";
import type { TokenVerification } from "../security/jwt.ts";

/** What the API answers when the organization does not allow personal access tokens. */
export const tokensDisabledMessage =
  "Personal access tokens are switched off for this organization: switch them on in Account & Settings, Sign-up and access.";

/**
 * Verifies a personal access token. Its signature is checked with the server's key, for a token from before that key was
 * replaced with the previous one, and for a token that was imported from Label Studio with the key of that server. Take the user
 * from the database and not from the claims: users may have other ids here than in Label Studio.
 */
export async function verifyPersonalToken(
  { config, repositories }: Pick<Context, "config" | "repositories">,
  token: string,
): Promise<TokenVerification> {
  const read = verifyToken(config.secret_key, token);
  if (read.ok || read.error !== "invalid" || !looksLikeJwt(token)) return read;
  const jti = decodeTokenId(token);
  const key = jti && (await repositories.personalTokens.findSigningKey(jti));
  if (!key) return read;
  const signed = verifyToken(key, token);
  return !signed.ok || signed.claims.token_type === "refresh" ? signed : read;
}
