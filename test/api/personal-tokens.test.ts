import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { startApi } from "../support/api.ts";
import { read } from "../support/pages.ts";
import { assertRefused } from "../support/refusals.ts";
import { databaseContents } from "../support/tables.ts";
import { exchange, newToken, statusWithAuthorization, withoutSignature } from "../support/tokens.ts";

const conflict = {
  status: 409,
  detail: "You already have a valid token. Please revoke it before creating a new one.",
};

test("api personal tokens: a new one is shown whole, in an answer that must not be cached", async (t) => {
  const app = await startApi(t);

  const answer = await app.owner.script("post", "/api/token/");

  assert.equal(answer.status, 201);
  assert.deepEqual(Object.keys(answer.body), ["token"]);
  assert.equal(answer.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(await statusWithAuthorization(app, `Token ${answer.body.token}`), 200);
});

test("api personal tokens: it is a refresh token over the server's key, for a year (T2, T3)", async (t) => {
  const { owner, config } = await startApi(t);

  const token = await newToken(owner.script);

  assert.deepEqual(decodeProtectedHeader(token), { alg: "HS256", typ: "JWT" });
  const { payload } = await jwtVerify(token, new TextEncoder().encode(config.secret_key));
  const { iat, exp, jti, ...rest } = payload;
  assert.deepEqual(rest, { token_type: "refresh", user_id: "1" });
  assert.match(String(jti), /^[0-9a-f]{32}$/);
  assert.equal(Number(exp) - Number(iat), 31_536_000);
  assert.ok(Math.abs(Number(iat) - Date.now() / 1000) < 60);
});

test("api personal tokens: it lasts as many days as the organization says", async (t) => {
  const { owner, database } = await startApi(t);
  await database("organizations").update({ api_token_ttl_days: 30 });

  const { iat, exp } = decodeJwt(await newToken(owner.script));

  assert.equal(Number(exp) - Number(iat), 30 * 86_400);
});

test("api personal tokens: there is no second one while the first one works", async (t) => {
  const app = await startApi(t);
  const token = await newToken(app.owner.script);

  const answer = await app.owner.script("post", "/api/token/");

  assertRefused(answer, conflict);
  assert.equal(answer.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.equal(await statusWithAuthorization(app, `Token ${token}`), 200);
  assert.equal((await app.database("personal_tokens")).length, 1);
});

test("api personal tokens: another user's is neither in the way nor in the list", async (t) => {
  const { owner, member } = await startApi(t);
  const ann = await member();
  await newToken(owner.script);

  assert.deepEqual((await ann.script("get", "/api/token/").expect(200)).body, []);
  const token = await newToken(ann.script);

  assert.deepEqual((await ann.script("get", "/api/token/")).body, [{ token: withoutSignature(token) }]);
});

test("api personal tokens: one that has run out or was revoked is not listed, and makes room", async (t) => {
  const { owner, database, anonymous } = await startApi(t);
  await newToken(owner.script);

  await database("personal_tokens").update({ expires_at: minutesFromNow(-1) });
  assert.deepEqual((await owner.script("get", "/api/token/")).body, []);
  const refresh = await newToken(owner.script);

  await anonymous("post", "/api/token/blacklist/", { refresh }).expect(204);
  assert.deepEqual((await owner.script("get", "/api/token/")).body, []);
  await newToken(owner.script);
});

test("api personal tokens: the list is empty, then shows the token without its signature (T7)", async (t) => {
  const { owner } = await startApi(t);

  assert.deepEqual((await owner.script("get", "/api/token/").expect(200)).body, []);
  const token = await newToken(owner.script);
  const answer = await owner.script("get", "/api/token/").expect(200);

  assert.deepEqual(answer.body, [{ token: withoutSignature(token) }]);
  assert.equal(answer.headers.allow, "GET, POST, HEAD, OPTIONS");
});

test("api personal tokens: the list is not paged", async (t) => {
  const { owner } = await startApi(t);
  await newToken(owner.script);

  const answer = await owner.script("get", "/api/token/?page=2&page_size=1&ordering=-token").expect(200);

  assert.equal(answer.body.length, 1);
});

test("api personal tokens: the signature is not stored (T7)", async (t) => {
  const { owner, database } = await startApi(t);

  const token = await newToken(owner.script);
  const stored = await databaseContents(database);

  assert.ok(stored.includes(withoutSignature(token)));
  assert.ok(!stored.includes(token.split(".")[2] ?? "missing"));
});

test("api personal tokens: those that were made in the pages are the same", async (t) => {
  const app = await startApi(t);
  const { browser } = await app.signedIn();
  const page = await browser.post("/user/account/personal-access-token").type("form").send({ name: "export" });
  const token = String(read(page)("#whole_token").val());

  const access = await exchange(app, token);
  const script = app.as(`Bearer ${access}`);

  assert.deepEqual((await script("get", "/api/token/")).body, [{ token: withoutSignature(token) }]);
  assertRefused(await script("post", "/api/token/"), conflict);
});

test("api personal tokens: one that was made here is on the page, and can be revoked there", async (t) => {
  const app = await startApi(t);
  const { browser } = await app.signedIn();
  const token = (await browser.post("/api/token/").expect(201)).body.token;

  const tokensPage = read(await browser.get("/user/account/personal-access-token"));
  await browser.post(tokensPage(".tokens form").attr("action") ?? "").expect(303);

  assert.equal(await statusWithAuthorization(app, `Token ${token}`), 401);
});

test("api personal tokens: they answer without the last slash, too", async (t) => {
  const { owner } = await startApi(t);

  await owner.script("post", "/api/token").expect(201);

  assert.equal((await owner.script("get", "/api/token").expect(200)).body.length, 1);
});

test("api personal tokens: none is issued without credentials", async (t) => {
  const { anonymous, database } = await startApi(t);

  for (const method of ["get", "post"] as const) {
    const answer = await anonymous(method, "/api/token/");
    assertRefused(answer, { status: 401, detail: "Authentication credentials were not provided." });
    assert.equal(answer.headers["www-authenticate"], "Token");
  }
  assert.equal((await database("personal_tokens")).length, 0);
});

test("api personal tokens: when one was last used is stored, to the minute", async (t) => {
  const app = await startApi(t);
  const token = await newToken(app.owner.script);
  const usedAfter = async (last_used_at: string | null, use: () => Promise<unknown>) => {
    await app.database("personal_tokens").update({ last_used_at });
    await use();
    const [stored] = await app.database("personal_tokens");
    return stored.last_used_at !== last_used_at;
  };
  const half = minutesFromNow(-0.5);
  const more = minutesFromNow(-1.5);

  for (const use of [() => statusWithAuthorization(app, `Token ${token}`), () => exchange(app, token)]) {
    assert.equal(await usedAfter(null, use), true);
    assert.equal(await usedAfter(half, use), false);
    assert.equal(await usedAfter(more, use), true);
  }
});
