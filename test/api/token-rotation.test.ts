import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeJwt } from "jose";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { claims, exchange, newToken, sign, statusWithAuthorization, withoutSignature } from "../support/tokens.ts";

const address = "/api/token/rotate/";

const invalidToken = { non_field_errors: ["Invalid refresh token"] };

test("api token rotation: it gives a new personal token, and the old one is dead (T5)", async (t) => {
  const app = await startApi(t);
  const old = await newToken(app.owner.script);

  const answer = await app.owner.script("post", address, { refresh: old });

  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.body), ["refresh"]);
  assert.equal(answer.headers.allow, "POST, OPTIONS");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(await statusWithAuthorization(app, `Token ${answer.body.refresh}`), 200);
  assert.equal(await statusWithAuthorization(app, `Token ${old}`), 401);
  assertRefused(await app.anonymous("post", "/api/token/refresh/", { refresh: old }), {
    status: 401,
    detail: "Token is blacklisted",
  });
  const list = await app.owner.script("get", "/api/token/");
  assert.deepEqual(list.body, [{ token: withoutSignature(answer.body.refresh) }]);
});

test("api token rotation: the new token is as any other, and of the same person", async (t) => {
  const { owner } = await startApi(t);
  const old = await newToken(owner.script);

  const { refresh } = (await owner.script("post", address, { refresh: old })).body;

  const { iat, exp, jti, ...rest } = decodeJwt(refresh);
  assert.deepEqual(rest, { token_type: "refresh", user_id: "1" });
  assert.equal(Number(exp) - Number(iat), 31_536_000);
  assert.notEqual(jti, decodeJwt(old).jti);
});

const credentials: { what: string; authorization: (app: ApiApp, refresh: string) => string | Promise<string> }[] = [
  { what: "an access token", authorization: async (app, refresh) => `Bearer ${await exchange(app, refresh)}` },
  { what: "the token itself", authorization: (_, refresh) => `Token ${refresh}` },
  { what: "the legacy token", authorization: ({ owner }) => `Token ${owner.token}` },
];

for (const { what, authorization } of credentials) {
  test(`api token rotation: ${what} will do as credentials`, async (t) => {
    const app = await startApi(t);
    const refresh = await newToken(app.owner.script);

    const answer = await app.as(await authorization(app, refresh))("post", address, { refresh });

    assert.equal(answer.status, 200);
    assert.equal(await statusWithAuthorization(app, `Token ${answer.body.refresh}`), 200);
  });
}

test("api token rotation: an access token that was made before goes on until it ends by itself", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);
  const access = await exchange(app, refresh);

  await app.owner.script("post", address, { refresh }).expect(200);

  const answer = await app.as(`Bearer ${access}`)("get", "/api/current-user/token").expect(200);
  assert.deepEqual(answer.body, { token: app.owner.token });
});

test("api token rotation: without credentials nothing changes", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  const answer = await app.anonymous("post", address, { refresh });

  assertRefused(answer, { status: 401, detail: "Authentication credentials were not provided." });
  assert.equal(answer.headers["www-authenticate"], 'Bearer realm="api"');
  assert.equal(answer.headers.allow, "POST, OPTIONS");
  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 200);
});

test("api token rotation: a token is required", async (t) => {
  const { owner } = await startApi(t);

  assertInvalid(await owner.script("post", address, {}), { refresh: ["This field is required."] });
  assertInvalid(await owner.script("post", address), { refresh: ["This field is required."] });
});

const rejected: { what: string; token: (app: ApiApp, refresh: string) => string | Promise<string> }[] = [
  { what: "nonsense", token: () => "xx" },
  { what: "the token as the list shows it", token: (_, refresh) => withoutSignature(refresh) },
  { what: "an access token (T4)", token: exchange },
  { what: "a token that the server signed but never issued", token: (app) => sign(app, claims(app.owner)) },
  { what: "somebody else's token", token: async ({ member }) => newToken((await member()).script) },
];

for (const { what, token } of rejected) {
  test(`api token rotation: ${what} is refused, and nothing changes`, async (t) => {
    const app = await startApi(t);
    const own = await newToken(app.owner.script);
    const refresh = await token(app, own);
    const before = await app.database("personal_tokens").orderBy("id");

    assertInvalid(await app.owner.script("post", address, { refresh }), invalidToken);

    assert.deepEqual(await app.database("personal_tokens").orderBy("id"), before);
    assert.equal(await statusWithAuthorization(app, `Token ${own}`), 200);
  });
}

for (const [what, end] of [
  ["rotated", "/api/token/rotate/"],
  ["blacklisted", "/api/token/blacklist/"],
] as const) {
  test(`api token rotation: a token that was ${what} before gives no second one`, async (t) => {
    const { owner, database } = await startApi(t);
    const refresh = await newToken(owner.script);
    await owner.script("post", end, { refresh });
    const before = await database("personal_tokens").orderBy("id");

    assertInvalid(await owner.script("post", address, { refresh }), invalidToken);

    assert.deepEqual(await database("personal_tokens").orderBy("id"), before);
  });
}

test("api token rotation: the new token has the old one's name", async (t) => {
  const { owner, database, repositories } = await startApi(t);
  const old = await newToken(owner.script);
  await database("personal_tokens").update({ name: "nightly export" });

  await owner.script("post", address, { refresh: old }).expect(200);

  assert.deepEqual(
    (await repositories.personalTokens.list(owner.user.id)).map(({ name }) => name),
    ["nightly export"],
  );
});
