import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

import { parseId } from "../common/ids.ts";
import { isObject } from "../common/is-object.ts";
import { toTimestamp } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";

/** The lifetime of an access token, in seconds. */
const accessTokenSeconds = 300;

/** The claims of a token whose signature was verified. */
interface TokenClaims {
  /** A personal access token is a refresh token, which is exchanged for access tokens. */
  token_type: "refresh" | "access";
  jti: string;
  user_id: number;
}

export type TokenVerification = { ok: true; claims: TokenClaims } | { ok: false; error: "invalid" | "expired" };

/** What is stored of a personal access token: enough to list and revoke it, but not to use it. */
export interface PersonalTokenRecord {
  /** The token's id, which is one of its claims. */
  jti: string;
  name: string;
  /** Header and payload, without the signature. */
  token: string;
  created_at: Timestamp;
  expires_at: Timestamp;
}

/**
 * Issues a personal access token: a refresh token as Label Studio's clients expect it (HS256 over the server's secret,
 * `token_type`, `exp`, `iat`, `jti`, `user_id` as a string). Returns the token, to be shown once, and the record to store.
 */
export function issuePersonalToken(
  secretKey: string,
  { user_id, name, days }: { user_id: number; name: string; days: number },
): { token: string; record: PersonalTokenRecord } {
  const { token, jti, iat, exp } = unsignedToken("refresh", user_id, days * 86_400);
  return {
    token: signStoredToken(secretKey, { token }),
    record: { jti, name, token, created_at: toTimestamp(iat * 1000), expires_at: toTimestamp(exp * 1000) },
  };
}

/** Signs a stored token again: the result is the token as it was issued, as long as the secret key is the same. */
export function signStoredToken(secretKey: string, { token }: Pick<PersonalTokenRecord, "token">): string {
  return `${token}.${createHmac("sha256", secretKey).update(token).digest("base64url")}`;
}

/** Issues an access token, which is valid for five minutes and not stored. */
export function issueAccessToken(secretKey: string, user_id: number): string {
  return signStoredToken(secretKey, unsignedToken("access", user_id, accessTokenSeconds));
}

function unsignedToken(token_type: TokenClaims["token_type"], user_id: number, seconds: number) {
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + seconds;
  const jti = randomUUID().replaceAll("-", "");
  const claims = { token_type, exp, iat, jti, user_id: String(user_id) };
  const token = [{ alg: "HS256", typ: "JWT" }, claims].map(encodePart).join(".");
  return { token, jti, iat, exp };
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** Whether a text has the format of a JWT, which no legacy token has. */
export function looksLikeJwt(token: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/**
 * Verifies signature, algorithm, times and claims. Headers other than `alg` and `typ`, such as one with a key, are refused.
 * By node:crypto, since the Web Crypto API that libraries use takes ten times as long for a signature, and each call has one.
 */
export function verifyToken(secretKey: string, token: string): TokenVerification {
  const unsigned = token.slice(0, Math.max(0, token.lastIndexOf(".")));
  const expected = Buffer.from(signStoredToken(secretKey, { token: unsigned }));
  const sent = Buffer.from(token);
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) return invalid;
  const [header, claims, ...more] = unsigned.split(".").map(decodePart);
  if (!header || !claims || more.length > 0 || header.alg !== "HS256") return invalid;
  const { token_type, jti, exp, iat, nbf = 0 } = claims;
  if (typeof exp !== "number" || typeof iat !== "number" || typeof nbf !== "number") return invalid;
  const now = Math.floor(Date.now() / 1000);
  if (nbf > now) return invalid;
  if (exp <= now) return { ok: false, error: "expired" };
  const user_id = parseId(claims.user_id);
  const hasOnlyKnownHeaders = Object.keys(header).every((name) => name === "alg" || name === "typ");
  const isKind = token_type === "refresh" || token_type === "access";
  if (!hasOnlyKnownHeaders || !isKind || user_id === 0 || typeof jti !== "string") return invalid;
  return { ok: true, claims: { token_type, jti, user_id } };
}

const invalid: TokenVerification = { ok: false, error: "invalid" };

/** An object of JSON in base64url; undefined for anything else. */
function decodePart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the id inside a token without verifying it: only to find the key with which to verify it. Undefined if it has none. */
export function decodeTokenId(token: string): string | undefined {
  const jti = decodePart(token.split(".")[1] ?? "")?.jti;
  return typeof jti === "string" && jti.length <= 255 ? jti : undefined;
}
