import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import {
  claims,
  exchange,
  storePersonalToken,
  newToken,
  sign,
  statusWithAuthorization,
  withoutSignature,
} from "../support/tokens.ts";

const address = "/api/token/refresh/";

test("api token exchange: a personal token gives an access token, without other credentials", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  const answer = await app.anonymous("post", address, { refresh });

  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.body), ["access"]);
  assert.equal(answer.headers.allow, "POST, OPTIONS");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(await statusWithAuthorization(app, `Bearer ${answer.body.access}`), 200);
});

test("api token exchange: an access token lives 300 seconds, under an id of its own (T5)", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  const access = await exchange(app, refresh);

  assert.deepEqual(decodeProtectedHeader(access), { alg: "HS256", typ: "JWT" });
  const { payload } = await jwtVerify(access, new TextEncoder().encode(app.config.secret_key));
  const { iat, exp, jti, ...rest } = payload;
  assert.deepEqual(rest, { token_type: "access", user_id: "1" });
  assert.equal(Number(exp) - Number(iat), 300);
  assert.ok(Math.abs(Number(iat) - Date.now() / 1000) < 60);
  assert.match(String(jti), /^[0-9a-f]{32}$/);
  assert.notEqual(jti, decodeJwt(refresh).jti);
});

test("api token exchange: a token can be exchanged any number of times, and gives another each time", async (t) => {
  const app = await startApi(t);
  const refresh = await newToken(app.owner.script);

  const [first, second] = [await exchange(app, refresh), await exchange(app, refresh)];

  assert.notEqual(first, second);
  assert.equal(await statusWithAuthorization(app, `Bearer ${first}`), 200);
});

test("api token exchange: other credentials beside it change nothing, whether good or bad", async (t) => {
  const { owner, member, as } = await startApi(t);
  const refresh = await newToken((await member()).script);

  for (const script of [owner.script, as("Bearer xyz"), as("Token nope")]) {
    const { body } = await script("post", address, { refresh }).expect(200);
    assert.equal(decodeJwt(body.access).user_id, "2");
  }
});

test("api token exchange: it answers without the last slash, and to a form", async (t) => {
  const { anonymous, owner } = await startApi(t);
  const refresh = await newToken(owner.script);

  await anonymous("post", "/api/token/refresh", { refresh }).expect(200);
  await anonymous("post", address).type("form").send({ refresh }).expect(200);
});

const invalid: { what: string; body: object; errors: string[] }[] = [
  { what: "nothing", body: {}, errors: ["This field is required."] },
  { what: "null", body: { refresh: null }, errors: ["This field may not be null."] },
  { what: "an empty text", body: { refresh: "" }, errors: ["This field may not be blank."] },
  { what: "a list", body: { refresh: [] }, errors: ["Not a valid string."] },
];

for (const { what, body, errors } of invalid) {
  test(`api token exchange: ${what} is answered with what is wrong`, async (t) => {
    const { anonymous } = await startApi(t);

    assertInvalid(await anonymous("post", address, body), { refresh: errors });
  });
}

const rejected: { what: string; token: (app: ApiApp, refresh: string) => string | Promise<string>; detail: string }[] =
  [
    { what: "nonsense", token: () => "xx", detail: "Token is invalid" },
    {
      what: "a token as the list shows it",
      token: (_, refresh) => withoutSignature(refresh),
      detail: "Token is invalid",
    },
    {
      what: "a token with the signature of another one",
      token: async (app, refresh) => {
        const other = await newToken((await app.member()).script);
        return `${withoutSignature(refresh)}.${other.split(".")[2]}`;
      },
      detail: "Token is invalid",
    },
    { what: "an access token (T4)", token: exchange, detail: "Token has wrong type" },
    { what: "a legacy token", token: ({ owner }) => owner.token, detail: "Token is invalid" },
    {
      what: "a rotated token (T5)",
      token: async ({ owner }, refresh) => {
        await owner.script("post", "/api/token/rotate/", { refresh }).expect(200);
        return refresh;
      },
      detail: "Token is blacklisted",
    },
    {
      what: "a blacklisted token (T5)",
      token: async ({ anonymous }, refresh) => {
        await anonymous("post", "/api/token/blacklist/", { refresh }).expect(204);
        return refresh;
      },
      detail: "Token is blacklisted",
    },
    {
      what: "a token that the server signed but never issued",
      token: (app) => sign(app, claims(app.owner)),
      detail: "Token is invalid",
    },
  ];

for (const { what, token, detail } of rejected) {
  test(`api token exchange: ${what} is refused with 401`, async (t) => {
    const app = await startApi(t);
    const refresh = await token(app, await newToken(app.owner.script));

    const answer = await app.anonymous("post", address, { refresh });

    assertRefused(answer, { status: 401, detail });
    assert.equal(answer.headers["www-authenticate"], 'Bearer realm="api"');
    assert.equal(answer.headers.allow, "POST, OPTIONS");
  });
}

test("api token exchange: a token that has run out is refused, and says so (T3)", async (t) => {
  const app = await startApi(t);
  const refresh = await sign(app, claims(app.owner, { exp: Math.floor(Date.now() / 1000) - 1 }));
  await storePersonalToken(app, app.owner, refresh);

  const answer = await app.anonymous("post", address, { refresh });

  assertRefused(answer, { status: 401, detail: /^Token is (invalid or )?expired/ });
  assert.equal(answer.headers["www-authenticate"], 'Bearer realm="api"');
});

test("api token exchange: the token of a person who was deleted is refused (S5)", async (t) => {
  const { owner, member, anonymous } = await startApi(t);
  const ann = await member();
  const refresh = await newToken(ann.script);

  await owner.script("delete", `/api/users/${ann.user.id}/`).expect(204);

  assertRefused(await anonymous("post", address, { refresh }), { status: 401, detail: /^Token is invalid/ });
});

test("api token exchange: only POST is there", async (t) => {
  const { anonymous } = await startApi(t);

  for (const method of ["get", "put", "patch", "delete"] as const) {
    const answer = await anonymous(method, address);
    assertRefused(answer, { status: 405, detail: `Method "${method.toUpperCase()}" not allowed.` });
    assert.equal(answer.headers.allow, "POST, OPTIONS");
  }
});
