import { randomUUID } from "node:crypto";

import { moment } from "./clock.ts";
import type { NewPersonalToken } from "./repositories/personal-tokens.ts";

/**
 * Issues a personal access token: a refresh token as Label Studio's clients expect it (HS256 over the server's secret,
 * `token_type`, `exp`, `iat`, `jti`, `user_id` as text). Gives the whole token, to be shown once, and what is kept of it.
 */
export async function issuePersonalToken(
  secretKey: string,
  { user_id, name, days }: { user_id: number; name: string; days: number },
): Promise<{ whole: string; kept: NewPersonalToken }> {
  const { SignJWT } = await import("jose");
  const issued = Math.floor(Date.now() / 1000);
  const expires = issued + days * 86_400;
  const jti = randomUUID().replaceAll("-", "");
  const whole = await new SignJWT({ token_type: "refresh", exp: expires, iat: issued, jti, user_id: String(user_id) })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secretKey));
  const token = whole.slice(0, whole.lastIndexOf("."));
  return { whole, kept: { jti, name, token, created_at: moment(issued * 1000), expires_at: moment(expires * 1000) } };
}
