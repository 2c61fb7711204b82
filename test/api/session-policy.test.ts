import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { startApi } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const address = "/api/session-policy/";

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;

test("api session policy: it is 8 days since log-in and 3 since the last request, in minutes", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("get", address).expect(200);

  const { created_at, updated_at, ...policy } = answer.body;
  assert.deepEqual(policy, { max_session_age: 11_520, max_time_between_activity: 4_320 });
  assert.match(created_at, timestamp);
  assert.match(updated_at, timestamp);
  assert.equal(answer.headers.allow, "GET, PATCH");
});

test("api session policy: what is given changes, and what is left out stays", async (t) => {
  const { owner } = await startApi(t);
  const before = (await owner.script("get", address)).body;

  const both = await owner.script("patch", address, { max_session_age: 20_160, max_time_between_activity: 7_200 });
  assert.equal(both.status, 200);
  assert.equal(both.headers.allow, "GET, PATCH");
  const { updated_at, ...rest } = both.body;
  assert.deepEqual(rest, { max_session_age: 20_160, max_time_between_activity: 7_200, created_at: before.created_at });
  assert.ok(updated_at > before.updated_at);

  const one = await owner.script("patch", address, { max_session_age: 20_161 }).expect(200);
  assert.equal(one.body.max_session_age, 20_161);
  assert.equal(one.body.max_time_between_activity, 7_200);
  assert.deepEqual((await owner.script("get", address)).body, one.body);
});

test("api session policy: an ordinary member may change it", async (t) => {
  const { owner, member } = await startApi(t);

  const answer = await (await member()).script("patch", address, { max_session_age: 20_161 }).expect(200);

  assert.deepEqual((await owner.script("get", address)).body, answer.body);
});

test("api session policy: nothing changes with an empty body, and it answers without the last slash", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("patch", "/api/session-policy", {}).expect(200);

  assert.equal(answer.body.max_session_age, 11_520);
  assert.equal(answer.body.max_time_between_activity, 4_320);
});

test("api session policy: no other field of the organization is accepted (Z2)", async (t) => {
  const { owner, database } = await startApi(t);
  const { session_policy_updated_at: _, ...before } = await database("organizations").first();

  const input = { title: "Mine", created_at: "2000-01-01T00:00:00Z", id: 2, api_token_ttl_days: 1 };
  await owner.script("patch", address, input).expect(200);

  const { session_policy_updated_at: __, ...after } = await database("organizations").first();
  assert.deepEqual(after, before);
});

const least = "Ensure this value is greater than or equal to 1.";
const most = "Ensure this value is less than or equal to 43200.";
const noInteger = "A valid integer is required.";

const invalid: { body: object; errors: Record<string, string[]> }[] = [
  {
    body: { max_session_age: 0, max_time_between_activity: "x" },
    errors: { max_session_age: [least], max_time_between_activity: [noInteger] },
  },
  { body: { max_session_age: -5 }, errors: { max_session_age: [least] } },
  { body: { max_session_age: 43_201 }, errors: { max_session_age: [most] } },
  { body: { max_time_between_activity: 43_201 }, errors: { max_time_between_activity: [most] } },
  { body: { max_session_age: "99999999999" }, errors: { max_session_age: [most] } },
  { body: { max_session_age: 1.5 }, errors: { max_session_age: [noInteger] } },
  { body: { max_session_age: "" }, errors: { max_session_age: [noInteger] } },
  { body: { max_session_age: [5] }, errors: { max_session_age: [noInteger] } },
  { body: { max_session_age: null }, errors: { max_session_age: ["This field may not be null."] } },
  { body: { max_session_age: 60, max_time_between_activity: 0 }, errors: { max_time_between_activity: [least] } },
];

for (const { body, errors } of invalid) {
  test(`api session policy: ${JSON.stringify(body)} is refused, and nothing is changed (S6)`, async (t) => {
    const { owner } = await startApi(t);
    const before = (await owner.script("get", address)).body;

    assertInvalid(await owner.script("patch", address, body), errors);

    assert.deepEqual((await owner.script("get", address)).body, before);
  });
}

for (const minutes of [1, 43_200, "60"]) {
  test(`api session policy: ${JSON.stringify(minutes)} is a number of minutes (S6)`, async (t) => {
    const { owner } = await startApi(t);

    const input = { max_session_age: minutes, max_time_between_activity: minutes };
    const { body } = await owner.script("patch", address, input).expect(200);

    assert.equal(body.max_session_age, Number(minutes));
    assert.equal(body.max_time_between_activity, Number(minutes));
  });
}

for (const method of ["put", "post", "delete"] as const) {
  test(`api session policy: ${method.toUpperCase()} is not there`, async (t) => {
    const { owner } = await startApi(t);

    const answer = await owner.script(method, address, {});

    assertRefused(answer, { status: 405, detail: `Method "${method.toUpperCase()}" not allowed.` });
    assert.equal(answer.headers.allow, "GET, PATCH");
  });
}

const limits: { field: string; column: string; says: string }[] = [
  { field: "max_session_age", column: "created_at", says: "after log-in" },
  { field: "max_time_between_activity", column: "last_seen_at", says: "after the last request" },
];

for (const { field, column, says } of limits) {
  test(`api session policy: a browser's session ends as many minutes ${says} as it says, on pages and here (S6)`, async (t) => {
    const { signedIn, owner, database } = await startApi(t);
    const { browser } = await signedIn();
    const statuses = async (minutesAgo: number) => {
      await database("sessions").update({ [column]: minutesFromNow(-minutesAgo) });
      return [(await browser.get("/api/current-user/whoami")).status, (await browser.get("/people/")).status];
    };

    assert.deepEqual(await statuses(60), [200, 200]);
    await owner.script("patch", address, { [field]: 90 }).expect(200);
    assert.deepEqual(await statuses(85), [200, 200]);
    assert.deepEqual(await statuses(95), [401, 302]);
  });
}

test("api session policy: a longer one keeps a browser's session open, and a shorter one ends it at once (S6)", async (t) => {
  const { signedIn, owner, database } = await startApi(t);
  const { browser } = await signedIn();
  const tenDays = 10 * 24 * 60;
  await owner.script("patch", address, { max_session_age: 43_200, max_time_between_activity: 43_200 }).expect(200);

  await database("sessions").update({ created_at: minutesFromNow(-tenDays), last_seen_at: minutesFromNow(-tenDays) });
  await browser.get("/people/").expect(200);
  await owner.script("patch", address, { max_session_age: tenDays - 60 }).expect(200);

  await browser.get("/people/").expect(302);
});

test("api session policy: tokens have no part in it", async (t) => {
  const { owner, database } = await startApi(t);
  await owner.script("patch", address, { max_session_age: 1, max_time_between_activity: 1 }).expect(200);

  await database("users").update({ last_activity: minutesFromNow(-60) });

  await owner.script("get", "/api/current-user/whoami").expect(200);
});

test("api session policy: a user who sends requests all the time stays logged in, however short the limit is (S6)", async (t) => {
  const { owner, signedIn, database } = await startApi(t);
  const { browser, user } = await signedIn();
  await owner.script("patch", address, { max_time_between_activity: 1 }).expect(200);

  // Activity is recorded once a minute: the last request may have been at any time since the recorded one.
  await database("sessions")
    .where({ user_id: user.id })
    .update({ last_seen_at: minutesFromNow(-1.5) });
  await browser.get("/api/current-user/whoami").expect(200);
  await database("sessions")
    .where({ user_id: user.id })
    .update({ last_seen_at: minutesFromNow(-2.1) });
  await browser.get("/api/current-user/whoami").expect(401);
});
