import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { exchange, newToken, statusWithAuthorization } from "../support/tokens.ts";

const address = "/api/jwt/settings";

const both = { api_tokens_enabled: true, legacy_api_tokens_enabled: true };

test("api token settings: they say which tokens are allowed", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("get", address).expect(200);

  assert.deepEqual(answer.body, both);
  assert.equal(answer.headers.allow, "GET, POST, HEAD, OPTIONS");
});

test("api token settings: what is left out stays", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);
  const script = app.as(`Token ${refresh}`);

  const off = await script("post", address, { legacy_api_tokens_enabled: false }).expect(200);
  assert.deepEqual(off.body, { ...both, legacy_api_tokens_enabled: false });
  assert.deepEqual((await script("get", address)).body, off.body);

  const nothing = await script("post", address, {}).expect(200);
  assert.deepEqual(nothing.body, off.body);

  const on = await script("post", address, { legacy_api_tokens_enabled: true }).expect(200);
  assert.deepEqual(on.body, both);
  assert.equal(on.headers.allow, "GET, POST, HEAD, OPTIONS");
});

test("api token settings: an ordinary member may change them, for everybody", async (t) => {
  const { owner, member } = await startApi(t);
  const ann = await member();

  const answer = await ann.script("post", address, { api_tokens_enabled: false }).expect(200);

  assert.deepEqual(answer.body, { ...both, api_tokens_enabled: false });
  assert.deepEqual((await owner.script("get", address)).body, answer.body);
});

test("api token settings: Label Studio's client sends a lifetime along, which the pages set", async (t) => {
  const { owner, repositories } = await startApi(t);

  const input = { api_token_ttl_days: 30, legacy_api_tokens_enabled: true };
  const answer = await owner.script("post", address, input).expect(200);

  assert.deepEqual(answer.body, both);
  assert.equal((await repositories.organizations.first())?.api_token_ttl_days, 365);
});

test("api token settings: no other field of the organization is accepted (Z2)", async (t) => {
  const { owner, database } = await startApi(t);
  const { updated_at: _, ...before } = await database("organizations").first();

  const input = { title: "Mine", created_by_id: 2, max_session_age: 9, id: 2, member_count: 7 };
  await owner.script("post", address, input).expect(200);

  const { updated_at: __, ...after } = await database("organizations").first();
  assert.deepEqual(after, before);
});

const booleans: [unknown, boolean][] = [
  [false, false],
  [0, false],
  ["false", false],
  ["no", false],
  ["Off", false],
  [1, true],
  ["True", true],
  ["yes", true],
  ["on", true],
];

for (const [input, meant] of booleans) {
  test(`api token settings: ${JSON.stringify(input)} means ${meant}`, async (t) => {
    const { owner, repositories } = await startApi(t);

    await owner.script("post", address, { api_tokens_enabled: input }).expect(200);

    assert.equal((await repositories.organizations.first())?.api_tokens_enabled, meant);
  });
}

for (const [input, error] of [
  ["x", "Must be a valid boolean."],
  [2, "Must be a valid boolean."],
  [[], "Must be a valid boolean."],
  [null, "This field may not be null."],
] as const) {
  test(`api token settings: ${JSON.stringify(input)} is neither true nor false, and nothing is changed`, async (t) => {
    const { owner } = await startApi(t);

    const answer = await owner.script("post", address, { legacy_api_tokens_enabled: false, api_tokens_enabled: input });

    assertInvalid(answer, { api_tokens_enabled: [error] });
    assert.deepEqual((await owner.script("get", address)).body, both);
  });
}

test("api token settings: PUT is not there, and neither is the address with a slash behind it", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("put", address, {});
  assertRefused(answer, { status: 405, detail: 'Method "PUT" not allowed.' });
  assert.equal(answer.headers.allow, "GET, POST, HEAD, OPTIONS");
  assertRefused(await owner.script("get", `${address}/`), { status: 404, detail: "Not found." });
});

interface Tokens {
  app: ApiApp;
  refresh: string;
  access: string;
}

async function switchedOff(t: Parameters<typeof startApi>[0]): Promise<Tokens> {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);
  const access = await exchange(app, refresh);
  await app.owner.script("post", address, { api_tokens_enabled: false }).expect(200);
  return { app, refresh, access };
}

test("api token settings: switched off, personal and access tokens end at the next request", async (t) => {
  const { app, refresh, access } = await switchedOff(t);

  for (const [authorization, detail] of [
    [`Bearer ${access}`, /^Authentication credentials were not provided\..*switched off/],
    [`Token ${refresh}`, /^Invalid token\..*switched off/],
  ] as const) {
    const answer = await app.as(authorization)("get", "/api/users/");
    assertRefused(answer, { status: 401, detail });
    assert.equal(answer.headers["www-authenticate"], "Token");
  }
});

test("api token settings: switched off, no token is made, exchanged or rotated, and it says why", async (t) => {
  const { app, refresh } = await switchedOff(t);
  const before = await app.database("personal_tokens").orderBy("id");
  const ann = await app.member();

  for (const request of [
    ann.script("post", "/api/token/"),
    app.anonymous("post", "/api/token/refresh/", { refresh }),
    app.owner.script("post", "/api/token/rotate/", { refresh }),
  ]) {
    assertRefused(await request, { status: 403, detail: /switched off.*Sign-up and access/ });
  }
  assert.deepEqual(await app.database("personal_tokens").orderBy("id"), before);
});

test("api token settings: switched off, a token can still be revoked, and what is left works when they are on again", async (t) => {
  const { app, refresh, access } = await switchedOff(t);
  const ann = await app.member();

  await app.anonymous("post", "/api/token/blacklist/", { refresh }).expect(204);
  await app.owner.script("post", address, { api_tokens_enabled: true }).expect(200);

  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 401);
  assert.equal(await statusWithAuthorization(app, `Bearer ${access}`), 200);
  await newToken(ann.script);
});
