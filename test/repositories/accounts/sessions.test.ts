import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../../src/common/timestamps.ts";
import { password, startApp } from "../../support/app.ts";

const email = "ada@example.com";

test("sessions: the person in a session is the person in the table, true and false included", async (t) => {
  const { repositories } = await startApp(t);
  const { sessions, users, organizations } = repositories;
  const ada = await users.create({ email, password, allow_newsletters: true });

  await sessions.create("key", { user_id: ada.id }, "Firefox");

  const session = await sessions.find("key");
  assert.deepEqual({ ...session?.user }, { ...(await users.find(ada.id)) });
  assert.deepEqual({ ...session?.organization }, { ...(await organizations.first()) });
});

test("sessions: a log-in that was under way with the old password opens nothing (S2, R4)", async (t) => {
  const { repositories } = await startApp(t);
  const { sessions, users } = repositories;
  const ada = await users.create({ email, password });
  const password_submitted_at = minutesFromNow(-1);

  await users.changePassword(ada.id, "another battery staple");
  await sessions.create("key", { user_id: ada.id, password_submitted_at }, "Firefox");

  assert.equal(await sessions.find("key"), undefined);
});

test("sessions: a request is noted, and of a person's sessions those that are named end (S9)", async (t) => {
  const { repositories, database } = await startApp(t);
  const { sessions, users } = repositories;
  const ada = await users.create({ email, password });
  const ben = await users.create({ email: "ben@example.com", password });
  for (const [key, user_id] of Object.entries({ one: ada.id, two: ada.id, three: ben.id }))
    await sessions.create(key, { user_id }, "Firefox");
  const [one, , three] = await database("sessions").orderBy("id");
  await database("sessions").update({ last_seen_at: minutesFromNow(-1) });

  await sessions.touch(one);
  assert.equal((await sessions.list(ada.id))[0]?.id, one.id);
  assert.equal(await sessions.deleteMany(ada.id, { ids: [one.id, three.id] }), 1);

  assert.equal(await sessions.find("one"), undefined);
  assert.equal((await sessions.list(ada.id)).length, 1);
  assert.equal((await sessions.list(ben.id)).length, 1);

  await sessions.create("four", { user_id: ada.id }, "Firefox");
  const [two] = await sessions.list(ada.id);
  assert.equal(await sessions.deleteMany(ada.id, { all_but: two?.id ?? 0 }), 1);
  assert.deepEqual(
    (await sessions.list(ada.id)).map(({ id }) => id),
    [two?.id],
  );
  assert.equal((await sessions.list(ben.id)).length, 1);
});
