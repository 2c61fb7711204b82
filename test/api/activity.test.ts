import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { password } from "../support/app.ts";
import { sessionHeader } from "../support/cookies.ts";
import { logIn } from "../support/forms.ts";
import { exchange, newToken } from "../support/tokens.ts";

interface Way {
  what: string;
  header: (app: ApiApp) => Promise<Record<string, string>>;
  moves: boolean;
}

const requests: Way[] = [
  {
    what: "an access token",
    header: async (app) => ({ Authorization: `Bearer ${await exchange(app, await newToken(app.owner.script))}` }),
    moves: true,
  },
  {
    what: "a personal token",
    header: async (app) => ({ Authorization: `Token ${await newToken(app.owner.script)}` }),
    moves: true,
  },
  {
    what: "a session",
    header: async ({ visitor, owner }) => ({
      Cookie: sessionHeader(await logIn(visitor(), { email: owner.user.email, password })),
    }),
    moves: true,
  },
  { what: "a legacy token", header: async ({ owner }) => ({ Authorization: `Token ${owner.token}` }), moves: false },
  { what: "a legacy token as X-Api-Key", header: async ({ owner }) => ({ "X-Api-Key": owner.token }), moves: false },
];

for (const { what, header, moves } of requests) {
  test(`api activity: ${what} ${moves ? "moves it, at most once a minute" : "does not move it"}`, async (t) => {
    const app = await startApi(t);
    const headers = await header(app);
    const activityAfter = async (minutesAgo: number) => {
      const before = minutesFromNow(-minutesAgo);
      await app.database("users").update({ last_activity: before, last_seen_at: before });
      await app.database("sessions").update({ last_seen_at: before });
      await app.request().patch("/api/users/1/").set(headers).send({ phone: "1" }).expect(200);
      const person = await app.repositories.users.find(1);
      return (person?.last_activity ?? "") > before;
    };

    assert.equal(await activityAfter(0.5), false);
    assert.equal(await activityAfter(1.5), moves);
  });
}

test("api activity: only the activity of the user who makes the request moves", async (t) => {
  const app = await startApi(t);
  const ann = await app.member();
  const authorization = `Token ${await newToken(ann.script)}`;
  const before = minutesFromNow(-5);
  await app.database("users").update({ last_activity: before, last_seen_at: before });

  await app.as(authorization)("get", "/api/users/1/").expect(200);

  assert.equal((await app.repositories.users.find(1))?.last_activity, before);
  assert.ok(((await app.repositories.users.find(2))?.last_activity ?? "") > before);
});

test("api activity: a refused request does not move it", async (t) => {
  const app = await startApi(t);
  const personal = await newToken(app.owner.script);
  await app.owner.script("post", "/api/token/blacklist/", { refresh: personal }).expect(204);
  const before = minutesFromNow(-5);
  await app.database("users").update({ last_activity: before, last_seen_at: before });

  await app.as(`Token ${personal}`)("get", "/api/users/1/").expect(401);

  assert.equal((await app.repositories.users.find(1))?.last_activity, before);
});
