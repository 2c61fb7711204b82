import { SignJWT } from "jose";
import type { JWTPayload } from "jose";

import { daysFromNow, now } from "../../src/common/timestamps.ts";
import type { ApiApp, Person, Script } from "./api.ts";

/** Makes a personal access token, and gives the whole of it. */
export async function newToken(script: Script): Promise<string> {
  return (await script("post", "/api/token/").expect(201)).body.token;
}

/** What a personal access token is exchanged for. */
export async function exchange({ anonymous }: Pick<ApiApp, "anonymous">, refresh: string): Promise<string> {
  return (await anonymous("post", "/api/token/refresh/", { refresh }).expect(200)).body.access;
}

/** A token as the list shows it. */
export function withoutSignature(token: string): string {
  return token.slice(0, token.lastIndexOf("."));
}

/** How the server would answer `GET /api/current-user/token` with this header. */
export async function statusWithAuthorization({ as }: Pick<ApiApp, "as">, authorization: string): Promise<number> {
  return (await as(authorization)("get", "/api/current-user/token")).status;
}

export const jti = "0123456789abcdef0123456789abcdef";

/** The claims of a token as the server makes them; `other` replaces some, undefined leaves one out. */
export function claims({ user }: Pick<Person, "user">, other: JWTPayload = {}): JWTPayload {
  const iat = Math.floor(Date.now() / 1000);
  return { token_type: "refresh", exp: iat + 3600, iat, jti, user_id: String(user.id), ...other };
}

/** Signs as the server does, with its own key. */
export async function sign(
  { config }: Pick<ApiApp, "config">,
  payload: JWTPayload,
  header: object = {},
): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256", typ: "JWT", ...header })
    .sign(new TextEncoder().encode(config.secret_key));
}

/** As if the server had issued a personal token with the id that `claims` has. */
export async function storePersonalToken({ repositories }: ApiApp, { user }: Person, token: string): Promise<void> {
  await repositories.personalTokens.create(user.id, {
    jti,
    name: "",
    token: withoutSignature(token),
    created_at: now(),
    expires_at: daysFromNow(1),
  });
}
