import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import type { ApiApp, Script } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { claims, exchange, newToken, sign, statusWithAuthorization, withoutSignature } from "../support/tokens.ts";

const address = "/api/token/blacklist/";

const alreadyRevoked = { detail: "Token is invalid or already blacklisted." };

test("api token revocation: whoever has the whole token may blacklist it, without credentials (T5)", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  const answer = await app.anonymous("post", address, { refresh });

  assert.equal(answer.status, 204);
  assert.equal(answer.text, "");
  assert.equal(answer.headers.allow, "POST, OPTIONS");
  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 401);
  assertRefused(await app.anonymous("post", "/api/token/refresh/", { refresh }), {
    status: 401,
    detail: "Token is blacklisted",
  });
});

test("api token revocation: somebody else who has the whole token may, too", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  await (await app.member()).script("post", address, { refresh }).expect(204);

  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 401);
});

const own: { what: string; script: (app: ApiApp, refresh: string) => Script | Promise<Script> }[] = [
  { what: "the legacy token", script: ({ owner }) => owner.script },
  { what: "an access token", script: async (app, refresh) => app.as(`Bearer ${await exchange(app, refresh)}`) },
  { what: "the token itself", script: (app, refresh) => app.as(`Token ${refresh}`) },
];

for (const { what, script } of own) {
  test(`api token revocation: what the list shows is enough for its own person, by ${what}`, async (t) => {
    const app = await startApi(t);
    const refresh = await newToken(app.owner.script);
    const ask = await script(app, refresh);

    const [listed] = (await ask("get", "/api/token/")).body;
    await ask("post", address, { refresh: listed.token }).expect(204);

    assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 401);
    assert.deepEqual((await app.owner.script("get", "/api/token/")).body, []);
  });
}

test("api token revocation: what the list shows is enough in a browser's session of its own person", async (t) => {
  const app = await startApi(t);
  const { browser } = await app.signedIn();
  const { token } = (await browser.post("/api/token/").expect(201)).body;

  await browser
    .post(address)
    .send({ refresh: withoutSignature(token) })
    .expect(204);

  assert.equal(await statusWithAuthorization(app, `Token ${token}`), 401);
});

test("api token revocation: what the list shows is nothing without credentials", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  for (const script of [app.anonymous, app.as("Bearer xyz")]) {
    const answer = await script("post", address, { refresh: withoutSignature(refresh) });
    assertRefused(answer, { status: 401, detail: /^Authentication credentials were not provided\./ });
    assert.equal(answer.headers["www-authenticate"], 'Bearer realm="api"');
  }
  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 200);
});

test("api token revocation: nobody blacklists another's token by what the list shows of it", async (t) => {
  const app = await startApi(t);
  const ann = await app.member();
  const refresh = await newToken(ann.script);

  const answer = await app.owner.script("post", address, { refresh: withoutSignature(refresh) });

  assert.equal(answer.status, 404);
  assert.deepEqual(answer.body, alreadyRevoked);
  assert.equal(await statusWithAuthorization(app, `Token ${refresh}`), 200);
});

test("api token revocation: the same token can't be blacklisted again, in either form", async (t) => {
  const { owner } = await startApi(t);
  const refresh = await newToken(owner.script);
  await owner.script("post", address, { refresh }).expect(204);

  for (const revokedToken of [refresh, withoutSignature(refresh)]) {
    const answer = await owner.script("post", address, { refresh: revokedToken });
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.body, alreadyRevoked);
    assert.equal(answer.headers.allow, "POST, OPTIONS");
  }
});

const unknown: { what: string; token: (app: ApiApp, refresh: string) => string | Promise<string> }[] = [
  { what: "nonsense", token: () => "zzz" },
  { what: "an access token (T4)", token: exchange },
  { what: "a token that the server signed but never issued", token: (app) => sign(app, claims(app.owner)) },
  { what: "a token with a wrong signature", token: (_, refresh) => `${withoutSignature(refresh)}.${"A".repeat(43)}` },
  { what: "a token with an empty signature", token: (_, refresh) => `${withoutSignature(refresh)}.` },
  { what: "the legacy token", token: ({ owner }) => owner.token },
];

for (const { what, token } of unknown) {
  test(`api token revocation: ${what} is none to blacklist, and nothing changes`, async (t) => {
    const app = await startApi(t);
    const own = await newToken(app.owner.script);
    const refresh = await token(app, own);

    for (const script of [app.anonymous, app.owner.script]) {
      const answer = await script("post", address, { refresh });
      assert.equal(answer.status, 404);
      assert.deepEqual(answer.body, alreadyRevoked);
    }

    assert.equal(await statusWithAuthorization(app, `Token ${own}`), 200);
  });
}

test("api token revocation: a token is required", async (t) => {
  const { anonymous, owner } = await startApi(t);

  for (const script of [anonymous, owner.script]) {
    assertInvalid(await script("post", address, {}), { refresh: ["This field is required."] });
  }
});

test("api token revocation: an access token that was made before goes on until it ends by itself", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);
  const access = await exchange(app, refresh);

  await app.anonymous("post", address, { refresh }).expect(204);

  const answer = await app.as(`Bearer ${access}`)("get", "/api/current-user/token").expect(200);
  assert.deepEqual(answer.body, { token: app.owner.token });
});
