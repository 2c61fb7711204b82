import { randomUUID } from "node:crypto";

import { toTimestamp } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import { parseId } from "../common/ids.ts";

/** How long an access token lives, in seconds. */
const accessSeconds = 300;

/** What a token says, once its signature was found to be ours. */
export interface TokenClaims {
  /** A personal access token is the one that refreshes; an access token is what it is exchanged for. */
  token_type: "refresh" | "access";
  jti: string;
  user_id: number;
}

export type TokenVerification = { ok: true; claims: TokenClaims } | { ok: false; problem: "invalid" | "expired" };

/** What is stored of a personal access token: enough to list it, never to use it. */
export interface PersonalTokenRecord {
  /** Its id, which is also a claim inside the token. */
  jti: string;
  name: string;
  /** Header and payload, without the signature. */
  token: string;
  created_at: Timestamp;
  expires_at: Timestamp;
}

/**
 * Issues a personal access token: a refresh token as Label Studio's clients expect it (HS256 over the server's secret,
 * `token_type`, `exp`, `iat`, `jti`, `user_id` as text). Gives the whole token, to be shown once, and what is kept of it.
 */
export async function issuePersonalToken(
  secretKey: string,
  { user_id, name, days }: { user_id: number; name: string; days: number },
): Promise<{ whole: string; kept: PersonalTokenRecord }> {
  const { whole, jti, iat, exp } = await issue(secretKey, "refresh", user_id, days * 86_400);
  const token = whole.slice(0, whole.lastIndexOf("."));
  return {
    whole,
    kept: { jti, name, token, created_at: toTimestamp(iat * 1000), expires_at: toTimestamp(exp * 1000) },
  };
}

/** Issues an access token, which lives five minutes and is kept nowhere. */
export async function issueAccessToken(secretKey: string, user_id: number): Promise<string> {
  return (await issue(secretKey, "access", user_id, accessSeconds)).whole;
}

async function issue(secretKey: string, token_type: TokenClaims["token_type"], user_id: number, seconds: number) {
  const { SignJWT } = await import("jose");
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + seconds;
  const jti = randomUUID().replaceAll("-", "");
  const whole = await new SignJWT({ token_type, exp, iat, jti, user_id: String(user_id) })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(bytes(secretKey));
  return { whole, jti, iat, exp };
}

/** Whether a text has the form of a signed token, which no legacy token has. */
export function looksLikeJwt(token: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** Checks signature, algorithm, times and claims. A header that names keys of its own, or anything else of ours, is refused. */
export async function verifyToken(secretKey: string, token: string): Promise<TokenVerification> {
  const { jwtVerify, errors } = await import("jose");
  try {
    const { payload, protectedHeader } = await jwtVerify(token, bytes(secretKey), {
      algorithms: ["HS256"],
      requiredClaims: ["exp", "iat", "jti", "user_id", "token_type"],
    });
    const { token_type, jti } = payload;
    const user_id = parseId(payload.user_id);
    const isPlain = Object.keys(protectedHeader).every((name) => name === "alg" || name === "typ");
    const isKnown = (token_type === "refresh" || token_type === "access") && user_id > 0 && typeof jti === "string";
    return isPlain && isKnown ? { ok: true, claims: { token_type, jti, user_id } } : { ok: false, problem: "invalid" };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return { ok: false, problem: error instanceof errors.JWTExpired ? "expired" : "invalid" };
  }
}

/** The id inside a token, whoever signed it: only to look for the key that it has to be verified with. */
export function decodeTokenId(token: string): string | undefined {
  try {
    const { jti }: { jti?: unknown } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return typeof jti === "string" && jti.length <= 255 ? jti : undefined;
  } catch {
    return undefined;
  }
}

function bytes(secretKey: string): Uint8Array {
  return new TextEncoder().encode(secretKey);
}
