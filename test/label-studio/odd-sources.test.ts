import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import type { Knex } from "knex";

import { startApp } from "../support/app.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { smallPng } from "../support/images.ts";
import { migrateInto, recordedFiles, countsOf } from "../support/label-studio.ts";
import { databaseContents } from "../support/tables.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("odd sources: emails that differ in capitals only are named, and nothing is moved", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  await source.change((sourceDatabase) =>
    sourceDatabase("htx_user").where({ id: 3 }).update({ email: "ADA@example.com" }),
  );
  const before = await databaseContents(app.database);

  await assert.rejects(migrateInto(app, source), /ada@example\.com \(1\) and ADA@example\.com \(3\)/);

  assert.ok((await databaseContents(app.database)) === before);
});

test("odd sources: what is no Label Studio, is not there or has nobody yet is refused with a line", async (t) => {
  const app = await startApp(t);
  const empty = recordedFiles(t);
  await empty.change(async (sourceDatabase) => {
    await sourceDatabase.raw("pragma foreign_keys = off");
    await sourceDatabase("organization").delete();
  });
  const text = path.join(temporaryFolder(t), "notes.txt");
  writeFileSync(text, "no database ".repeat(100));
  const blank = path.join(temporaryFolder(t), "blank.sqlite3");
  writeFileSync(blank, "");
  const from = (file: string) => migrateInto(app, { ...empty, place: { client: "sqlite3", file } });

  await assert.rejects(migrateInto(app, empty), /Nobody has signed up in this Label Studio yet/);
  await assert.rejects(from(blank), /This is no database of Label Studio/);
  await assert.rejects(from(text), /notes\.txt can't be read \(.*not a database\)/);
  await assert.rejects(from(path.join(temporaryFolder(t), "nothing.sqlite3")), /can't be read \(.*unable to open/);
});

test("odd sources: other hashers, and passwords that are none, are told and match nothing", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  await source.change(async (sourceDatabase) => {
    await sourceDatabase("htx_user")
      .where({ id: 1 })
      .update({ password: "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA" });
    await sourceDatabase("htx_user").where({ id: 2 }).update({ password: "!x9Y8z7" });
    await sourceDatabase("htx_user").where({ id: 3 }).update({ is_active: 0 });
  });

  const { notes } = await migrateInto(app, source);

  assert.match(
    notes.join("\n"),
    /^Without a password .*: ada@example\.com \(argon2\), bjorn@example\.com \(had none\), noa\.katz@example\.com \(had none\)\.$/m,
  );
  assert.deepEqual(await app.database("imported_passwords").orderBy("user_id").pluck("user_id"), [3, 4]);
  assert.deepEqual(await app.database("users").where({ is_active: false }).pluck("id"), [3]);
});

test("odd sources: deleted projects and other organizations stay there, with all that is in them", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  await source.change(async (sourceDatabase) => {
    await sourceDatabase("organization").insert({
      id: 7,
      title: "Others",
      token: "t",
      created_by_id: 5,
      created_at: "2026-01-01",
      updated_at: "2026-01-01",
    });
    await sourceDatabase("organizations_organizationmember").where({ user_id: 5 }).update({ organization_id: 7 });
    const { id: _, ...project } = await sourceDatabase("project").where({ id: 2 }).first();
    await sourceDatabase("project").insert({ ...project, organization_id: 7 });
    await sourceDatabase("project").where({ id: 2 }).update({ deleted_at: "2026-11-01 10:00:00" });
    await sourceDatabase("task").where({ id: 1 }).update({ project_id: 3 });
  });

  const report = await migrateInto(app, source);

  const counts = countsOf(report);
  assert.deepEqual(counts["projects"], [3, 1, 0, 2]);
  assert.deepEqual(counts["tasks"], [447, 440, 0, 7]);
  assert.deepEqual(counts["annotations"], [500, 475, 0, 25]);
  assert.deepEqual(counts["drafts"], [2, 1, 0, 1]);
  const notes = report.notes.join("\n");
  assert.match(notes, /^Only the first organization was moved, "Ålesund Labels"\. Left out: 1 organization\.$/m);
  assert.match(notes, /^Left out: 1 project, because they are deleted there\.$/m);
  assert.match(notes, /^No members there, and removed ones here, .*: 1 person\.$/m);
  const noa = await app.repositories.members.find(5);
  assert.notEqual(noa?.deleted_at, null);
  await assertCountersMatch(app.repositories);
});

test("odd sources: several memberships of a person become one, which stands while one of them does", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  await source.change(async (sourceDatabase) => {
    const { id: _, ...membership } = await sourceDatabase("organizations_organizationmember")
      .where({ user_id: 3 })
      .first();
    await sourceDatabase("organizations_organizationmember").insert({
      ...membership,
      deleted_at: "2026-11-27 12:00:00",
    });
    await sourceDatabase("organizations_organizationmember").insert({ ...membership, user_id: 4 });
  });

  const report = await migrateInto(app, source);

  assert.deepEqual(countsOf(report)["memberships"], [7, 5, 0, 2]);
  for (const id of [3, 4]) assert.equal((await app.repositories.members.find(id))?.deleted_at, null);
  await assertCountersMatch(app.repositories);
});

test("odd sources: tasks with the same number, and annotations made of later ones", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  await source.change(async (sourceDatabase) => {
    await sourceDatabase("task").where({ id: 2 }).update({ inner_id: 1 });
    await sourceDatabase("task_completion")
      .where({ id: 10 })
      .update({ parent_annotation_id: 499, parent_prediction_id: 3 });
    await sourceDatabase("task_completion").where({ id: 12 }).update({ parent_annotation_id: 11, result: null });
    await sourceDatabase("prediction").where({ id: 1 }).update({ result: "{}" });
    await sourceDatabase("prediction").where({ id: 2 }).update({ result: '{"id": "r1"}' });
  });

  await migrateInto(app, source);

  assert.deepEqual(
    await app.database("tasks").where({ project_id: 1 }).orderBy("id").limit(3).pluck("inner_id"),
    [1, 2, 3],
  );
  const parents = await app
    .database("annotations")
    .whereIn("id", [10, 12])
    .orderBy("id")
    .select("parent_annotation_id", "parent_prediction_id");
  assert.deepEqual(parents, [
    { parent_annotation_id: 499, parent_prediction_id: 3 },
    { parent_annotation_id: 11, parent_prediction_id: null },
  ]);
  assert.equal((await app.repositories.annotations.find(12))?.result, "[]");
  assert.deepEqual(await app.database("predictions").whereIn("id", [1, 2]).orderBy("id").pluck("result"), [
    "[]",
    '[{"id": "r1"}]',
  ]);
});

test("odd sources: profile images pass the checks of an upload, or are told and left (F1, F2)", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  const media = path.join(source.folder, "media");
  writeFileSync(path.join(media, "avatars", "good.png"), smallPng);
  writeFileSync(path.join(media, "avatars", "page.html"), smallPng);
  writeFileSync(path.join(media, "avatars", "large.png"), Buffer.alloc(1024 * 1024 + 1));
  writeFileSync(path.join(source.folder, "outside.png"), smallPng);
  await source.change(async (sourceDatabase) => {
    const files = ["avatars/good.png", "avatars/page.html", "avatars/large.png", "", "../outside.png"];
    for (const [at, avatar] of files.entries())
      await sourceDatabase("htx_user")
        .where({ id: at + 1 })
        .update({ avatar });
  });

  const report = await migrateInto(app, source, { media });

  assert.deepEqual(countsOf(report)["profile images"], [4, 1, 0, 3]);
  const note = report.notes.find((each) => each.startsWith("Profile images")) ?? "";
  assert.match(note, /bjorn@example\.com \(Choose a PNG, JPEG or GIF image\./);
  assert.match(note, /zoe@example\.com \(it is larger than 1024 KB\)/);
  assert.match(note, /noa\.katz@example\.com \(it lies outside of the media folder\)/);
  assert.deepEqual(await app.database("avatars").pluck("user_id"), [1]);
  assert.deepEqual(await app.database("users").whereNotNull("avatar").pluck("id"), [1]);
});

test("odd sources: people who never logged in there have not logged in here either", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  const joined = "2026-11-01 10:00:30.000000";
  const user = (sourceDatabase: Knex, email: string) =>
    sourceDatabase("htx_user").whereRaw("lower(email) = ?", [email]);
  await source.change(async (sourceDatabase) => {
    const never = { date_joined: joined, last_activity: "2026-11-01 10:00:31.000000", last_login: null };
    await user(sourceDatabase, "ada@example.com").update({ ...never, last_login: "2026-11-01 10:00:40.000000" });
    await user(sourceDatabase, "bjorn@example.com").update(never);
    await user(sourceDatabase, "noa.katz@example.com").update({
      ...never,
      last_activity: "2026-11-02 09:00:00.000000",
    });
  });

  await migrateInto(app, source);

  const seen = await app
    .database("users")
    .whereIn("email", ["ada@example.com", "bjorn@example.com", "noa.katz@example.com"])
    .orderBy("email");
  assert.deepEqual(
    seen.map(({ last_seen_at }) => last_seen_at),
    ["2026-11-01T10:00:31.000000Z", "", "2026-11-02T09:00:00.000000Z"],
  );
});
