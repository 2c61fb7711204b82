import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { password } from "../support/app.ts";
import { sessionHeader } from "../support/cookies.ts";
import { logIn } from "../support/forms.ts";
import { exchange, newToken } from "../support/tokens.ts";

const email = "ann@example.com";

const endings: { what: string; end: (app: ApiApp) => PromiseLike<unknown> }[] = [
  {
    what: "who was removed",
    end: ({ owner }) => owner.script("delete", "/api/organizations/1/memberships/2/").expect(204),
  },
  { what: "who was deleted", end: ({ owner }) => owner.script("delete", "/api/users/2/").expect(204) },
  { what: "who is not active", end: ({ database }) => database("users").where({ id: 2 }).update({ is_active: false }) },
];

/** Ann's session and tokens, each as a request header. */
async function credentials(app: ApiApp) {
  const ann = await app.member(email);
  const personal = await newToken(ann.script);
  const cookie = sessionHeader(await logIn(app.visitor(), { email, password }));
  const headers: Record<string, Record<string, string>> = {
    "legacy token": { Authorization: `Token ${ann.token}` },
    "legacy token as X-Api-Key": { "X-Api-Key": ann.token },
    "personal token": { Authorization: `Token ${personal}` },
    "access token": { Authorization: `Bearer ${await exchange(app, personal)}` },
    session: { Cookie: cookie },
  };
  return { personal, cookie, headers };
}

for (const { what, end } of endings) {
  test(`api former members: session and tokens of a user ${what} end at the next request (S5)`, async (t) => {
    const app = await startApi(t);
    const { headers, cookie } = await credentials(app);
    const statuses = async () => {
      const requests = Object.entries(headers).map(async ([name, header]) => {
        return [name, (await app.request().get("/api/current-user/whoami").set(header)).status];
      });
      return Object.fromEntries(await Promise.all(requests));
    };
    const all = (status: number) => Object.fromEntries(Object.keys(headers).map((name) => [name, status]));

    assert.deepEqual(await statuses(), all(200));
    await app.request().get("/people/").set("Cookie", cookie).expect(200);
    await end(app);

    assert.deepEqual(await statuses(), all(401));
    await app.request().get("/people/").set("Cookie", cookie).expect(302);
  });

  test(`api former members: a personal token of a user ${what} is neither exchanged nor rotated (S5)`, async (t) => {
    const app = await startApi(t);
    const { personal, headers } = await credentials(app);
    await end(app);

    const refreshed = await app.anonymous("post", "/api/token/refresh/", { refresh: personal });
    assert.equal(refreshed.status, 401);
    assert.match(refreshed.body.detail, /^Token is /);
    assert.equal(refreshed.headers["www-authenticate"], 'Bearer realm="api"');
    for (const header of Object.values(headers)) {
      const rotated = await app.request().post("/api/token/rotate/").set(header).send({ refresh: personal });
      assert.equal(rotated.status, 401);
    }
    await app.owner.script("post", "/api/token/rotate/", { refresh: personal }).expect(400);
  });

  test(`api former members: a user ${what} changes nothing any more (S5)`, async (t) => {
    const app = await startApi(t);
    const { headers } = await credentials(app);
    await end(app);
    const before = await app.database("organizations").first();

    for (const header of Object.values(headers)) {
      const ask = (path: string) => app.request().post(path).set(header).send({ api_tokens_enabled: false });
      await ask("/api/invite/reset-token").expect(401);
      await ask("/api/jwt/settings").expect(401);
      await ask("/api/token/").expect(401);
    }

    assert.deepEqual(await app.database("organizations").first(), before);
  });

  test(`api former members: a user ${what} can't log in, and starts no new session with an old one (S5)`, async (t) => {
    const app = await startApi(t);
    const { cookie } = await credentials(app);
    await end(app);

    await logIn(app.visitor(), { email, password }).expect(422);
    await logIn(app.visitor(), { email, password }).set("Cookie", cookie);

    assert.equal((await app.database("sessions").where({ user_id: 2 })).length, 0);
  });
}
