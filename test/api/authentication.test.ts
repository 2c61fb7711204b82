import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { password, startApp } from "../support/app.ts";
import { sessionHeader } from "../support/cookies.ts";
import { logIn, signUp } from "../support/forms.ts";
import { assertRefused } from "../support/refusals.ts";
import { exchange, newToken } from "../support/tokens.ts";

const address = "/api/current-user/token";

const none = /^Authentication credentials were not provided\./;

interface Tokens {
  legacy: string;
  personal: string;
  access: string;
}

async function startWithTokens(t: Parameters<typeof startApi>[0]): Promise<ApiApp & { tokens: Tokens }> {
  const app = await startApi(t);
  const personal = await newToken(app.owner.script);
  return { ...app, tokens: { legacy: app.owner.token, personal, access: await exchange(app, personal) } };
}

const rejected: { what: string; header: (tokens: Tokens) => Record<string, string>; detail: string | RegExp }[] = [
  { what: "no credentials", header: () => ({}), detail: "Authentication credentials were not provided." },
  { what: "an unknown token", header: () => ({ Authorization: "Token nope" }), detail: "Invalid token." },
  {
    what: "the word Token alone",
    header: () => ({ Authorization: "Token" }),
    detail: "Invalid token header. No credentials provided.",
  },
  {
    what: "a token with a space in it",
    header: () => ({ Authorization: "Token a b" }),
    detail: "Invalid token header. Token string should not contain spaces.",
  },
  { what: "a name and a password", header: () => ({ Authorization: "Basic YTpi" }), detail: none },
  { what: "nonsense as Bearer", header: () => ({ Authorization: "Bearer xyz" }), detail: none },
  { what: "the word Bearer alone", header: () => ({ Authorization: "Bearer" }), detail: none },
  {
    what: "a personal token as Bearer",
    header: ({ personal }) => ({ Authorization: `Bearer ${personal}` }),
    detail:
      /^Authentication credentials were not provided\..* exchange it at \/api\/token\/refresh\/ or send it as `Token`/,
  },
  {
    what: "a legacy token as Bearer",
    header: ({ legacy }) => ({ Authorization: `Bearer ${legacy}` }),
    detail: none,
  },
  {
    what: "an access token as Token",
    header: ({ access }) => ({ Authorization: `Token ${access}` }),
    detail: /^Invalid token\..*`Bearer`/,
  },
  {
    what: "an access token as X-Api-Key",
    header: ({ access }) => ({ "X-Api-Key": access }),
    detail: /^Invalid token\..*`Bearer`/,
  },
  {
    what: "an access token with a wrong signature",
    header: ({ access }) => ({ Authorization: `Bearer ${access.slice(0, access.lastIndexOf("."))}.${"A".repeat(43)}` }),
    detail: none,
  },
  { what: "an unknown X-Api-Key", header: () => ({ "X-Api-Key": "nope" }), detail: "Invalid token." },
  {
    what: "an unknown X-Api-Key beside a good Authorization",
    header: ({ legacy }) => ({ "X-Api-Key": "nope", Authorization: `Token ${legacy}` }),
    detail: "Invalid token.",
  },
];

for (const { what, header, detail } of rejected) {
  test(`api authentication: ${what} is refused with 401`, async (t) => {
    const app = await startWithTokens(t);

    const answer = await app.request().get(address).set(header(app.tokens));

    assertRefused(answer, { status: 401, detail });
    assert.equal(answer.headers["www-authenticate"], "Token");
    assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS");
  });
}

const accepted: { what: string; header: (tokens: Tokens) => Record<string, string> }[] = [
  { what: "a legacy token", header: ({ legacy }) => ({ Authorization: `Token ${legacy}` }) },
  {
    what: "a legacy token after the word in small letters",
    header: ({ legacy }) => ({ Authorization: `token ${legacy}` }),
  },
  { what: "a legacy token after the word in capitals", header: ({ legacy }) => ({ Authorization: `TOKEN ${legacy}` }) },
  { what: "a legacy token as X-Api-Key", header: ({ legacy }) => ({ "X-Api-Key": legacy }) },
  {
    what: "a good X-Api-Key beside a bad Authorization",
    header: ({ legacy }) => ({ "X-Api-Key": legacy, Authorization: "Token nope" }),
  },
  { what: "an access token", header: ({ access }) => ({ Authorization: `Bearer ${access}` }) },
  {
    what: "an access token after the word in small letters",
    header: ({ access }) => ({ Authorization: `bearer ${access}` }),
  },
  { what: "a personal token as Token", header: ({ personal }) => ({ Authorization: `Token ${personal}` }) },
];

for (const { what, header } of accepted) {
  test(`api authentication: ${what} is accepted`, async (t) => {
    const app = await startWithTokens(t);

    const answer = await app.request().get(address).set(header(app.tokens)).expect(200);

    assert.deepEqual(answer.body, { token: app.tokens.legacy });
  });
}

test("api authentication: a browser's session needs no further token", async (t) => {
  const { signedIn, repositories } = await startApi(t);
  const { browser, user } = await signedIn();

  const answer = await browser.patch(`/api/users/${user.id}/`).send({ phone: "+1 556" }).expect(200);

  assert.equal(answer.body.phone, "+1 556");
  assert.equal((await repositories.users.find(user.id))?.phone, "+1 556");
});

test("api authentication: a cross-site change with a session is refused, one with a token is not (C5)", async (t) => {
  const { signedIn, owner, repositories } = await startApi(t);
  const { browser, user } = await signedIn();
  const foreign = { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" };

  const answer = await browser.patch(`/api/users/${user.id}/`).set(foreign).send({ phone: "1" });
  await owner.script("patch", `/api/users/${owner.user.id}/`, { phone: "2" }).set(foreign).expect(200);

  assertRefused(answer, { status: 403, detail: /another site/ });
  assert.equal((await repositories.users.find(user.id))?.phone, "");
});

test("api authentication: a token counts for its own user, whoever's session comes with it", async (t) => {
  const { signedIn, owner } = await startApi(t);
  const { browser } = await signedIn();

  const answer = await browser.get("/api/current-user/whoami").set("Authorization", `Token ${owner.token}`).expect(200);

  assert.equal(answer.body.id, owner.user.id);
});

test("api authentication: switched off, legacy tokens are refused and all else goes on", async (t) => {
  const app = await startWithTokens(t);
  const cookie = sessionHeader(await logIn(app.visitor(), { email: app.owner.user.email, password }));
  await app.owner.script("post", "/api/jwt/settings", { legacy_api_tokens_enabled: false }).expect(200);

  for (const header of [{ Authorization: `Token ${app.owner.token}` }, { "X-Api-Key": app.owner.token }]) {
    const answer = await app.request().get("/api/users/").set(header);
    assertRefused(answer, {
      status: 401,
      detail:
        "Authentication token no longer valid: legacy token authentication has been disabled for this organization",
    });
    assert.equal(answer.headers["www-authenticate"], "Token");
    assert.equal(answer.headers.allow, "GET, POST, HEAD");
  }
  for (const header of [
    { Cookie: cookie },
    { Authorization: `Bearer ${app.tokens.access}` },
    { Authorization: `Token ${app.tokens.personal}` },
  ] as Record<string, string>[]) {
    const answer = await app.request().get(address).set(header).expect(200);
    assert.deepEqual(answer.body, { token: app.owner.token }, "it is still shown");
  }
});

for (const [enable_legacy_api_token, status] of [
  [false, 401],
  [true, 200],
] as const) {
  test(`api authentication: a new server ${status === 200 ? "accepts" : "refuses"} legacy tokens when the setting is ${enable_legacy_api_token}`, async (t) => {
    const { visitor, repositories, request } = await startApp(t, { enable_legacy_api_token });
    await signUp(visitor(), { email: "ada@example.com", password }).expect(303);
    const legacy = await repositories.legacyTokens.findByUser(1);

    const answer = await request().get(address).set("Authorization", `Token ${legacy?.token}`);

    assert.equal(answer.status, status);
  });
}

test("api authentication: a changed password ends sessions, and tokens go on", async (t) => {
  const app = await startWithTokens(t);
  const cookie = sessionHeader(await logIn(app.visitor(), { email: app.owner.user.email, password }));
  const statusWith = async (header: Record<string, string>) => (await app.request().get(address).set(header)).status;

  await app.repositories.users.changePassword(app.owner.user.id, "another battery staple");

  assert.equal(await statusWith({ Cookie: cookie }), 401);
  assert.equal(await statusWith({ Authorization: `Token ${app.tokens.legacy}` }), 200);
  assert.equal(await statusWith({ Authorization: `Token ${app.tokens.personal}` }), 200);
  assert.equal(await statusWith({ Authorization: `Bearer ${app.tokens.access}` }), 200);
  await app.anonymous("post", "/api/token/refresh/", { refresh: app.tokens.personal }).expect(200);
});

test("api authentication: a proxy's own credentials leave the browser's session as it is (C5)", async (t) => {
  const { signedIn } = await startApi(t);
  const { browser } = await signedIn();
  const proxied = { Authorization: "Basic YTpi" };

  await browser.get("/api/current-user/whoami").set(proxied).expect(200);
  await browser
    .patch("/api/users/2/")
    .set({ ...proxied, "Sec-Fetch-Site": "cross-site" })
    .send({ first_name: "Eve" })
    .expect(403);
});
