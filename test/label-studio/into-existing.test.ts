import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { password, startApp } from "../support/app.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { logIn } from "../support/forms.ts";
import { hashCheaply, migrateInto, recordedFiles, recordedCounts, countsOf } from "../support/label-studio.ts";
import { databaseContents } from "../support/tables.ts";

/** A server with an owner, with Ada, who is also in Label Studio, and with a project of two tasks that she labeled. */
async function start(t: TestContext) {
  const app = await startApp(t);
  const { users, projects, tasks, annotations } = app.repositories;
  const owner = await users.create({ email: "owner@example.com", password });
  const ada = await users.create({ email: "ada@example.com", password, first_name: "Ada", last_name: "King" });
  const project = await projects.create(1, owner.id, { title: "Ours" });
  const task = await tasks.create(project, { data: '{"text":"ours"}', meta: "{}" }, 1);
  await tasks.create(project, { data: "{}", meta: "{}" }, 1);
  await annotations.create(task.id, ada.id, {});
  return { ...app, owner, ada, project };
}

test("into existing: without the flag nothing is done, in one line", async (t) => {
  const app = await start(t);
  const before = await databaseContents(app.database);

  await assert.rejects(
    migrateInto(app, recordedFiles(t)),
    /^\S.*: There are people here already, and nothing was moved: .*--into-existing\.$/,
  );

  assert.ok((await databaseContents(app.database)) === before);
});

test("into existing: what is here stays, what comes gets free ids, and all counts are right", async (t) => {
  const app = await start(t);

  const report = await migrateInto(app, recordedFiles(t), { into_existing: true });

  assert.deepEqual(countsOf(report), {
    ...recordedCounts,
    people: [5, 4, 1, 0],
    memberships: [5, 4, 1, 0],
    "legacy tokens": [5, 3, 1, 1],
    "profile images": [0, 0, 0, 0],
  });
  const notes = report.notes.join("\n");
  assert.match(notes, /^New ids, because theirs are taken here: 1 person \(2 → 6\)\.$/m);
  assert.match(notes, /^New ids, because theirs are taken here: 1 project \(1 → 3\)\.$/m);
  assert.match(notes, /^New ids, because theirs are taken here: 2 tasks \(1 to 2 → 448 to 449\)\.$/m);
  assert.match(notes, /^Here before with the same email, .*: ada@example\.com\.$/m);
  assert.match(notes, /^The organization here stays as it is/m);
  assert.equal((await app.repositories.tasks.find(1))?.data, '{"text":"ours"}');
  assert.equal((await app.repositories.tasks.find(448))?.data, '{"text": "review 1", "number": 1}');
  assert.equal((await app.repositories.organizations.first())?.title, "My team");
  await assertCountersMatch(app.repositories);
});

test("into existing: whoever has the same email is the same person, with the password and profile from here", async (t) => {
  const app = await start(t);
  const source = recordedFiles(t);
  const { ada, bjorn, zoe, ramon } = source.people;
  await hashCheaply(source, [ada, bjorn, zoe, ramon]);

  await migrateInto(app, source, { into_existing: true });

  const { email } = source.people.ada;
  await logIn(app.visitor(), { email, password: source.people.ada.password ?? "" }).expect(422);
  await logIn(app.visitor(), { email, password }).expect(303);
  assert.equal((await app.repositories.users.find(app.ada.id))?.last_name, "King");
  const { contributed } = await app.repositories.contributions.findByUser(app.ada.id);
  assert.deepEqual(
    new Set(contributed.map(({ title }) => title)),
    new Set(["Bewertungen für Ærø", "Ours", "Pictures"]),
  );
  await logIn(app.visitor(), { email: source.people.bjorn.email, password: source.people.bjorn.password ?? "" }).expect(
    303,
  );
});

test("into existing: a token and an annotation's id that others have here are theirs", async (t) => {
  const app = await start(t);
  const source = recordedFiles(t);
  const { legacy_token = "" } = source.people.zoe;
  await app.repositories.users.create({ email: "first@example.com", token: legacy_token });
  await source.change(async (sourceDatabase) => {
    const [unique_id] = await app.database("annotations").pluck("unique_id");
    await sourceDatabase("task_completion")
      .where({ id: 9 })
      .update({ unique_id: unique_id.replaceAll("-", "") });
  });

  const { notes } = await migrateInto(app, source, { into_existing: true });

  assert.match(notes.join("\n"), /^Left out: 1 legacy token, because somebody else here has the same/m);
  assert.ok(!notes.join("\n").includes(legacy_token));
  assert.equal((await app.repositories.identities.findByLegacyToken(legacy_token))?.user.email, "first@example.com");
  assert.equal(await app.repositories.annotations.find(9).then((annotation) => annotation?.lead_time), 8.25);
  assert.equal(new Set(await app.database("annotations").pluck("unique_id")).size, 501);
});

test("into existing: a second Label Studio comes beside the first, and each is known again", async (t) => {
  const app = await startApp(t);
  const [first, second] = [recordedFiles(t), recordedFiles(t)];
  await second.change((sourceDatabase) => sourceDatabase("organization").update({ created_at: "2020-01-01 00:00:00" }));
  await migrateInto(app, first);

  await assert.rejects(migrateInto(app, second), /--into-existing/);
  const report = await migrateInto(app, second, { into_existing: true });

  assert.deepEqual(countsOf(report)["people"], [5, 0, 5, 0]);
  assert.deepEqual(countsOf(report)["annotations"], [500, 500, 0, 0]);
  for (const source of [first, second])
    assert.deepEqual(countsOf(await migrateInto(app, source))["annotations"], [500, 0, 500, 0]);
  await assertCountersMatch(app.repositories);
});
