import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { toTimestamp } from "../../src/common/timestamps.ts";
import { openRecords } from "../support/records.ts";

const end = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const day = 24 * 60 * minute;

/** Two people, and a clock that stands still until it is set. */
async function start(t: TestContext) {
  const records = await openRecords(t);
  const [ada, ben] = await records.addPeople(2);
  assert.ok(ada && ben);
  t.mock.timers.enable({ apis: ["Date"], now: end });
  return { ...records, ada, ben, setClock: (time: number) => t.mock.timers.setTime(time) };
}

test("expiry: a session is valid up to the millisecond before its end, and is deleted at its end", async (t) => {
  const { repositories, database, ada, setClock } = await start(t);
  const { sessions } = repositories;
  setClock(end - 30 * day);
  await sessions.create("key", { user_id: ada.id }, "");
  await database("sessions").update({ created_at: toTimestamp(end), last_seen_at: toTimestamp(end) });

  setClock(end - 1);
  await sessions.deleteExpired();
  assert.equal((await sessions.list(ada.id)).length, 1);
  assert.ok(await sessions.find("key"));

  setClock(end);
  assert.equal((await sessions.list(ada.id)).length, 0);
  assert.equal(await sessions.find("key"), undefined);
  await sessions.deleteExpired();
  assert.deepEqual(await database("sessions"), []);
});

for (const [policy, column, minutes] of [
  ["max_session_age", "created_at", 60],
  ["max_time_between_activity", "last_seen_at", 61],
] as const) {
  test(`expiry: a session ends at the moment that ${policy} says`, async (t) => {
    const { repositories, database, ada, setClock } = await start(t);
    await database("organizations").update({ [policy]: 60 });
    await repositories.sessions.create("key", { user_id: ada.id }, "");
    await database("sessions").update({ [column]: toTimestamp(end - minutes * minute) });
    setClock(end - 1);
    assert.ok(await repositories.sessions.find("key"));
    setClock(end);
    assert.equal(await repositories.sessions.find("key"), undefined);
  });
}

test("expiry: a log-in of the millisecond in which the password is changed doesn't count, one after it does", async (t) => {
  const { repositories, ada, setClock } = await start(t);
  const { sessions, users } = repositories;
  await users.changePassword(ada.id, "another long password");
  await sessions.create("old", { user_id: ada.id, password_submitted_at: toTimestamp(end) }, "");
  assert.equal(await sessions.find("old"), undefined);
  setClock(end + 1);
  await sessions.create("new", { user_id: ada.id, password_submitted_at: toTimestamp(end + 1) }, "");
  assert.ok(await sessions.find("new"));
});

test("expiry: a personal token is active up to the millisecond before its end", async (t) => {
  const { repositories, ada, setClock } = await start(t);
  const { personalTokens } = repositories;
  const token = { name: "", token: "x", created_at: toTimestamp(end - day), expires_at: toTimestamp(end) };
  setClock(end - 1);
  assert.ok(await personalTokens.createUnlessActive(ada.id, { ...token, jti: "one" }));
  assert.equal(await personalTokens.createUnlessActive(ada.id, { ...token, jti: "two" }), false);
  setClock(end);
  assert.deepEqual(await personalTokens.list(ada.id), []);
  assert.ok(await personalTokens.createUnlessActive(ada.id, { ...token, jti: "three" }));
});

test("expiry: a task is somebody's up to the millisecond before the end of their turn, and anybody's then", async (t) => {
  const { repositories, addProject, addTasks, database, ada, ben, setClock } = await start(t);
  const { taskAssignments } = repositories;
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  setClock(end - 30 * minute);
  assert.ok(await taskAssignments.assign(task.id, ada.id));

  setClock(end - 1);
  assert.equal(await taskAssignments.assign(task.id, ben.id), undefined);
  assert.equal(await taskAssignments.assignNext(project, ben.id), undefined);
  await taskAssignments.deleteExpired();
  assert.equal((await database("task_locks")).length, 1);

  setClock(end);
  await taskAssignments.deleteExpired();
  assert.deepEqual(await database("task_locks"), []);
  setClock(end - 30 * minute);
  assert.ok(await taskAssignments.assign(task.id, ada.id));
  setClock(end);
  assert.equal((await taskAssignments.assignNext(project, ben.id))?.task_id, task.id);
});

test("expiry: a job is leased up to the millisecond before the end of its lease, and free at its end", async (t) => {
  const { repositories, addProject, ada, setClock } = await start(t);
  const { exports, leases } = repositories;
  const project = await addProject(ada);
  const { id } = await exports.create({ project_id: project.id, created_by_id: ada.id, title: "", options: {} });
  const job = { kind: "exports" as const, id };
  const leased = await leases.acquire(job, toTimestamp(end + minute));
  assert.ok(leased);

  setClock(end + minute - 1);
  assert.deepEqual(await leases.findUnleased(["exports"]), []);
  assert.equal(await leases.acquire(job, toTimestamp(end + day)), undefined);
  setClock(end + minute);
  assert.deepEqual(await leases.findUnleased(["exports"]), [job]);
  // As a failed job rests, and whoever looks in the very millisecond in which that is over finds it.
  await leases.release(leased, toTimestamp(end + 2 * minute));
  assert.deepEqual(await leases.findUnleased(["exports"]), []);
  setClock(end + 2 * minute);
  assert.deepEqual(await leases.findUnleased(["exports"]), [job]);
  assert.ok(await leases.acquire(job, toTimestamp(end + day)));
});

test("expiry: who has to wait after failed log-ins may try again when the wait is over", async (t) => {
  const { repositories, database, setClock } = await start(t);
  const { loginThrottle } = repositories;
  for (let failures = 0; failures < 5; failures++)
    assert.equal(await loginThrottle.consumeLogin("a@b.example", "::1"), 0);
  assert.equal(await loginThrottle.consumeLogin("a@b.example", "::1"), 2);
  setClock(end + 1999);
  assert.equal(await loginThrottle.consumeLogin("a@b.example", "::1"), 1);
  setClock(end + 2000);
  assert.equal(await loginThrottle.consumeLogin("a@b.example", "::1"), 0);

  setClock(end + 2000 + day - 1);
  await loginThrottle.deleteOld();
  assert.equal((await database("login_attempts")).length, 1);
  setClock(end + 2000 + day);
  await loginThrottle.deleteOld();
  assert.deepEqual(await database("login_attempts"), []);
});
