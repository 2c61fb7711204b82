import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow, now } from "../../../src/common/timestamps.ts";
import type { EventName } from "../../../src/repositories/accounts/events.ts";
import { openRecords } from "../../support/records.ts";

test("events: a person's list has what they did and what was done to them, newest first, page by page", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const [ann = 0, ben = 0] = (await addPeople(2)).map(({ id }) => id);
  const add = (name: EventName, actor_id: number | null, subject_id: number | null) =>
    repositories.events.add({ name, actor_id, subject_id });
  await add("authn_login_success", ann, ann);
  await add("authn_login_fail", null, ben);
  await add("member_removed", ann, ben);
  await add("authn_logout", ann, ann);

  const names = async (query: Parameters<typeof repositories.events.list>[0]) =>
    (await repositories.events.list(query)).map(({ name }) => name);
  assert.deepEqual(await names({ limit: 10 }), [
    "authn_logout",
    "member_removed",
    "authn_login_fail",
    "authn_login_success",
  ]);
  assert.deepEqual(await names({ user_id: ben, limit: 10 }), ["member_removed", "authn_login_fail"]);
  assert.deepEqual(await names({ group: "login", limit: 10 }), [
    "authn_logout",
    "authn_login_fail",
    "authn_login_success",
  ]);
  assert.deepEqual(await names({ user_id: ben, group: "people", limit: 10 }), ["member_removed"]);
  const [first, second] = await repositories.events.list({ user_id: ann, limit: 2 });
  assert.deepEqual([first?.name, second?.name], ["authn_logout", "member_removed"]);
  assert.deepEqual(await names({ user_id: ann, before: second?.id, limit: 2 }), ["authn_login_success"]);
  assert.deepEqual(await names({ since: daysFromNow(1), limit: 10 }), []);
});

test("events: who, from where and what else are stored, and of too long text its beginning", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const [ann = 0] = (await addPeople(1)).map(({ id }) => id);

  await repositories.events.add({
    name: "authn_token_created",
    actor_id: ann,
    subject_id: ann,
    ip: "2001:db8::1",
    user_agent: "x".repeat(1000),
    details: { name: "notebook", days: 90 },
  });

  const [{ id: _, created_at, ...event } = assert.fail()] = await repositories.events.list({ limit: 1 });
  assert.ok(created_at <= now());
  assert.deepEqual(event, {
    name: "authn_token_created",
    actor_id: ann,
    subject_id: ann,
    ip: "2001:db8::1",
    user_agent: "x".repeat(256),
    details: { name: "notebook", days: 90 },
  });
});

test("events: they stay when the account they are about is deleted, and are recorded after it was", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const [ann = 0, ben = 0] = (await addPeople(2)).map(({ id }) => id);
  await repositories.events.add({ name: "authn_login_success", actor_id: ben, subject_id: ben });
  await repositories.users.delete(ben);

  await repositories.events.add({ name: "user_deleted", actor_id: ann, subject_id: ben });

  const recorded = await repositories.events.list({ limit: 10 });
  assert.deepEqual(
    recorded.map(({ name, actor_id, subject_id }) => [name, actor_id, subject_id]),
    [
      ["user_deleted", ann, null],
      ["authn_login_success", null, null],
    ],
  );
});

test("events: those before a time are deleted, however many there are", async (t) => {
  const { repositories, database } = await openRecords(t);
  const old = { name: "authn_login_fail", ip: "", user_agent: "", details: "{}", created_at: daysFromNow(-401) };
  await database.batchInsert("events", Array(2500).fill(old), 500);
  await repositories.events.add({ name: "authn_login_fail", actor_id: null, subject_id: null });

  assert.equal(await repositories.events.deleteBefore(daysFromNow(-400)), 2500);

  assert.equal((await repositories.events.list({ limit: 10 })).length, 1);
});

test("events: all are read in their order, in batches", async (t) => {
  const { repositories } = await openRecords(t);
  for (let count = 0; count < 3; count++)
    await repositories.events.add({ name: "authn_login_fail", actor_id: null, subject_id: null, details: { count } });

  const first = await repositories.events.listAfter(0, { limit: 2 });
  const rest = await repositories.events.listAfter(first.at(-1)?.id ?? 0, { since: daysFromNow(-1), limit: 2 });

  assert.deepEqual(
    [...first, ...rest].map(({ details }) => details["count"]),
    [0, 1, 2],
  );
  assert.deepEqual(await repositories.events.listAfter(0, { since: daysFromNow(1), limit: 2 }), []);
});
