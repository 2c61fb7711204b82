import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { SignJWT, exportJWK } from "jose";
import type { JWTPayload } from "jose";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { assertRefused } from "../support/refusals.ts";
import {
  claims,
  exchange,
  jti,
  storePersonalToken,
  newToken,
  sign,
  statusWithAuthorization,
} from "../support/tokens.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = publicKey.export({ type: "spki", format: "pem" });

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs a header that no library would sign, by HMAC-SHA-256 with any key. */
function signByHand(header: object, payload: JWTPayload, key: string | Buffer): string {
  const text = `${base64url(header)}.${base64url(payload)}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

type Forge = (app: ApiApp, payload: JWTPayload) => string | Promise<string>;

const forgeries: { what: string; forge: Forge }[] = [
  { what: "alg none and no signature", forge: (_, payload) => `${base64url({ alg: "none" })}.${base64url(payload)}.` },
  {
    what: "alg none and a good signature",
    forge: ({ config }, payload) => signByHand({ alg: "none", typ: "JWT" }, payload, config.secret_key),
  },
  {
    what: "no alg and a good signature",
    forge: ({ config }, payload) => signByHand({ typ: "JWT" }, payload, config.secret_key),
  },
  {
    what: "alg RS256 and a key of one's own",
    forge: (_, payload) => new SignJWT(payload).setProtectedHeader({ alg: "RS256", typ: "JWT" }).sign(privateKey),
  },
  {
    what: "alg RS256 and the server's key",
    forge: ({ config }, payload) => signByHand({ alg: "RS256", typ: "JWT" }, payload, config.secret_key),
  },
  {
    what: "alg HS256 and a public key",
    forge: (_, payload) => signByHand({ alg: "HS256", typ: "JWT" }, payload, String(pem)),
  },
  { what: "alg HS512 and the server's key", forge: (app, payload) => sign(app, payload, { alg: "HS512" }) },
  {
    what: "alg HS256 and another key",
    forge: (_, payload) => signByHand({ alg: "HS256", typ: "JWT" }, payload, "x".repeat(50)),
  },
  { what: "alg HS256 and an empty key", forge: (_, payload) => signByHand({ alg: "HS256", typ: "JWT" }, payload, "") },
  { what: "jku", forge: (app, payload) => sign(app, payload, { jku: "https://evil.example/keys.json" }) },
  { what: "jwk", forge: async (app, payload) => sign(app, payload, { jwk: await exportJWK(publicKey) }) },
  { what: "x5u", forge: (app, payload) => sign(app, payload, { x5u: "https://evil.example/key.pem" }) },
  { what: "kid", forge: (app, payload) => sign(app, payload, { kid: "../../dev/null" }) },
  {
    what: "crit",
    forge: ({ config }, payload) => signByHand({ alg: "HS256", crit: ["exp"] }, payload, config.secret_key),
  },
];

/** Asserts that two forged tokens are refused wherever tokens are accepted. The id of `refresh` is one that the server knows. */
async function assertRefusedEverywhere(app: ApiApp, refresh: string, access: string): Promise<void> {
  assert.equal(await statusWithAuthorization(app, `Bearer ${access}`), 401);
  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 401);
  const { status } = await app.request().get("/api/current-user/token").set("X-Api-Key", refresh);
  assert.equal(status, 401);
  assertRefused(await app.anonymous("post", "/api/token/refresh/", { refresh }), { status: 401, detail: /^Token is / });
  await app.owner.script("post", "/api/token/rotate/", { refresh }).expect(400);
  await app.anonymous("post", "/api/token/blacklist/", { refresh }).expect(404);
  assert.equal((await app.database("personal_tokens").where({ jti }).whereNull("revoked_at")).length, 1);
}

for (const { what, forge } of forgeries) {
  test(`api token forgeries: a token with ${what} is refused (T1)`, async (t) => {
    const app = await startApi(t);
    const refresh = await forge(app, claims(app.owner));
    await storePersonalToken(app, app.owner, refresh);

    await assertRefusedEverywhere(app, refresh, await forge(app, claims(app.owner, { token_type: "access" })));
  });
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

const invalidClaims: { what: string; other: () => JWTPayload }[] = [
  { what: "without exp (T3)", other: () => ({ exp: undefined }) },
  { what: "that has expired (T3)", other: () => ({ exp: inSeconds(-1) }) },
  { what: "that begins in the future (T3)", other: () => ({ nbf: inSeconds(3600) }) },
  { what: "without a type (T4)", other: () => ({ token_type: undefined }) },
  { what: "of an unknown type (T4)", other: () => ({ token_type: "sliding" }) },
  { what: "without a person", other: () => ({ user_id: undefined }) },
  { what: "of a person whose id is no number", other: () => ({ user_id: "1 or 1=1" }) },
  { what: "without an id", other: () => ({ jti: undefined }) },
];

for (const { what, other } of invalidClaims) {
  test(`api token forgeries: a token ${what} is refused, though the server's key signed it`, async (t) => {
    const app = await startApi(t);
    const refresh = await sign(app, claims(app.owner, other()));
    await storePersonalToken(app, app.owner, refresh);
    const access = await sign(app, claims(app.owner, { token_type: "access", ...other() }));

    await assertRefusedEverywhere(app, refresh, access);
  });
}

test("api token forgeries: a token made in the same way with nothing wrong in it is accepted", async (t) => {
  const app = await startApi(t);
  const refresh = await sign(app, claims(app.owner));
  await storePersonalToken(app, app.owner, refresh);

  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 200);
  assert.equal(await statusWithAuthorization(app, `Bearer ${await exchange(app, refresh)}`), 200);
  assert.equal(
    await statusWithAuthorization(app, `Bearer ${await sign(app, claims(app.owner, { token_type: "access" }))}`),
    200,
  );
});

test("api token forgeries: an access token of nobody is refused", async (t) => {
  const app = await startApi(t);

  for (const user_id of ["99", "0", "-1", "2147483648", "1.0"]) {
    assert.equal(
      await statusWithAuthorization(
        app,
        `Bearer ${await sign(app, claims(app.owner, { token_type: "access", user_id }))}`,
      ),
      401,
    );
  }
});

test("api token forgeries: a personal token is no access token, and the reverse (T4)", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);
  const access = await exchange(app, refresh);

  assert.equal(await statusWithAuthorization(app, `Bearer ${refresh}`), 401);
  assert.equal(await statusWithAuthorization(app, `Token ${access}`), 401);
  assertRefused(await app.anonymous("post", "/api/token/refresh/", { refresh: access }), {
    status: 401,
    detail: "Token has wrong type",
  });
  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 200);
  assert.equal(await statusWithAuthorization(app, `Bearer ${access}`), 200);
});

test("api token forgeries: another server's tokens are refused (T2)", async (t) => {
  const [app, other] = [await startApi(t), await startApi(t)];
  const refresh = await newToken(other.owner.script);

  assert.notEqual(app.config.secret_key, other.config.secret_key);
  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 401);
  assert.equal(await statusWithAuthorization(app, `Bearer ${await exchange(other, refresh)}`), 401);
});
