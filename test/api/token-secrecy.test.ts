import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { breakChanges } from "../support/broken.ts";
import { assertRefused } from "../support/refusals.ts";
import { exchange, newToken, withoutSignature } from "../support/tokens.ts";

function assertNotLogged(logged: string[], secrets: string[]): void {
  assert.ok(logged.length > 0, "the log is written");
  for (const secret of secrets) {
    assert.ok(secret.length >= 20, "each secret was really made");
    for (const line of logged) assert.ok(!line.includes(secret), `${secret} is in ${line}`);
  }
}

/** The parts by which a signed token leaks: its signature, and what the list shows. */
const partsOf = (token: string) => [withoutSignature(token), token.split(".")[2] ?? ""];

for (const name of [
  "token",
  "api_key",
  "apikey",
  "key",
  "access_token",
  "auth_token",
  "jwt",
  "Authorization",
  "X-Api-Key",
]) {
  test(`api token secrecy: no token counts in the query as ${name}, and none is logged (T9)`, async (t) => {
    const app = await startApi(t);
    const personal = await newToken(app.owner.script);
    const access = await exchange(app, personal);

    for (const value of [app.owner.token, `Token ${app.owner.token}`, personal, access, `Bearer ${access}`]) {
      const query = new URLSearchParams({ [name]: value }).toString();
      const answer = await app.anonymous("get", `/api/users/?${query}`);
      assertRefused(answer, { status: 401, detail: "Authentication credentials were not provided." });
    }
    assertNotLogged(app.logged, [app.owner.token, ...partsOf(personal), ...partsOf(access)]);
  });
}

test("api token secrecy: no token counts in a body or a cookie (T9)", async (t) => {
  const app = await startApi(t);
  const access = await exchange(app, await newToken(app.owner.script));

  for (const token of [app.owner.token, access]) {
    await app.anonymous("post", "/api/invite/reset-token", { token, api_key: token, access_token: token }).expect(401);
    await app.anonymous("get", "/api/users/").set("Cookie", `token=${token}; sessionid=${token}`).expect(401);
  }
});

test("api token secrecy: no token counts in the query of an exchange, rotation or revocation (T9)", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  for (const name of ["refresh", "rotate", "blacklist"]) {
    await app.owner.script("post", `/api/token/${name}/?refresh=${refresh}`).expect(400);
  }
  assertNotLogged(app.logged, partsOf(refresh));
});

test("api token secrecy: tokens count for nothing on pages, outside of the API", async (t) => {
  const app = await startApi(t);
  const access = await exchange(app, await newToken(app.owner.script));

  for (const authorization of [`Token ${app.owner.token}`, `Bearer ${access}`]) {
    await app.as(authorization)("get", "/people/").expect(302);
    await app.as(authorization)("get", "/user/account/legacy-token").expect(302);
  }
});

test("api token secrecy: a token's whole life leaves none of it in the log (T9)", async (t) => {
  const app = await startApi(t);
  const created = await newToken(app.owner.script);
  const access = await exchange(app, created);
  await app.as(`Bearer ${access}`)("get", "/api/users/").expect(200);
  await app.as(`Token ${created}`)("get", "/api/users/").expect(200);
  await app.owner.script("get", "/api/token/").expect(200);
  await app.owner.script("post", "/api/token/").expect(409);
  const rotated = (await app.owner.script("post", "/api/token/rotate/", { refresh: created }).expect(200)).body.refresh;
  await app.owner.script("post", "/api/token/rotate/", { refresh: created }).expect(400);
  await app.anonymous("post", "/api/token/refresh/", { refresh: created }).expect(401);
  await app.anonymous("post", "/api/token/refresh/").type("json").send(`{"refresh": ${rotated}`).expect(400);
  await app.anonymous("post", "/api/token/blacklist/", { refresh: rotated }).expect(204);
  await app.as(`Token ${rotated}`)("get", "/api/users/").expect(401);
  const renewed = (await app.owner.script("post", "/api/current-user/reset-token/").expect(201)).body.token;
  await app.owner.script("get", "/api/users/").expect(401);
  const invitation = (await app.as(`Token ${renewed}`)("post", "/api/invite/reset-token").expect(201)).body.token;

  const secrets = [...partsOf(created), ...partsOf(access), ...partsOf(rotated), app.owner.token, renewed, invitation];
  assertNotLogged(app.logged, secrets);
  for (const event of ["created", "rotated", "revoked", "renewed"]) {
    assert.ok(
      app.logged.some((line) => line.includes(`"event":"authn_token_${event}"`)),
      event,
    );
  }
});

test("api token secrecy: a failure of ours is logged without the tokens that were shown and sent (T9)", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);
  await breakChanges(app.database, "update", "personal_tokens");
  await breakChanges(app.database, "insert", "personal_tokens");

  for (const [path, body] of [
    ["/api/token/rotate/", { refresh }],
    ["/api/token/refresh/", { refresh }],
    ["/api/token/blacklist/", { refresh }],
  ] as const) {
    const answer = await app.owner.script("post", path, body);
    assertRefused(answer, { status: 500, detail: /^Something broke on our side\./ });
  }
  assert.match(app.logged.join(""), /no space left/);
  assertNotLogged(app.logged, [app.owner.token, ...partsOf(refresh)]);
});
