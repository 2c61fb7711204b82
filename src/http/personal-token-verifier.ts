import type { Context } from "../context.ts";
import { looksLikeJwt, readToken, unverifiedId } from "../security/jwt.ts";
import type { ReadToken } from "../security/jwt.ts";

/**
 * Checks a token where a personal one is expected: signed with the server's key or, for those alone that came from Label
 * Studio, with the key of that one. Whose it is the database says: people may have other ids here than there.
 */
export async function verifyPersonalToken(
  { config, repositories }: Pick<Context, "config" | "repositories">,
  token: string,
): Promise<ReadToken> {
  const read = await readToken(config.secret_key, token);
  if (read.ok || read.problem !== "invalid" || !looksLikeJwt(token)) return read;
  const jti = unverifiedId(token);
  const key = jti && (await repositories.personalTokens.findImportedKey(jti));
  if (!key) return read;
  const imported = await readToken(key, token);
  return !imported.ok || imported.claims.token_type === "refresh" ? imported : read;
}
