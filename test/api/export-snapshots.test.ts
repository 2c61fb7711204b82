import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { startExport } from "../support/exports.ts";
import { addProject } from "../support/projects.ts";
import { assertNothingStored, storedOwners } from "../support/stored.ts";
import { waitUntil } from "../support/wait-until.ts";

test("snapshots: one has all tasks, and says when and by whom it was created", async (t) => {
  const app = await startExport(t);

  const { status, body } = await app.ask("exports/", "post", { title: "first" });

  const { created_at, finished_at, md5, ...rest } = body;
  const { id, first_name, last_name, email } = app.owner.user;
  assert.equal(status, 201);
  assert.deepEqual(rest, {
    title: "first",
    id: 1,
    created_by: { id, first_name, last_name, email, avatar: null },
    status: "completed",
    counters: { task_number: 2 },
    converted_formats: [],
    task_filter_options: null,
    annotation_filter_options: null,
    serialization_options: null,
  });
  assert.match(created_at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.ok(Date.parse(finished_at) >= Date.parse(created_at));
  assert.match(md5, /^[0-9a-f]{32}$/);
  assert.deepEqual(Object.keys(body).slice(0, 9), [
    "title",
    "id",
    "created_by",
    "created_at",
    "finished_at",
    "status",
    "md5",
    "counters",
    "converted_formats",
  ]);
});

test("snapshots: one without a title gets one, and a form will do", async (t) => {
  const { ask, owner, project } = await startExport(t);

  const untitled = await ask("exports/", "post", {}).expect(201);
  const formed = await owner
    .script("post", `/api/projects/${project.id}/exports/`)
    .type("form")
    .send({ title: "formed", task_filter_options: '{"annotated": "only"}' })
    .expect(201);

  assert.match(untitled.body.title, /^My-reviews-at-\d{4}(-\d\d){4}$/);
  assert.equal(formed.body.title, "formed");
  assert.equal(formed.body.counters.task_number, 1);
});

test("snapshots: they are listed, the newest first, and shown one by one", async (t) => {
  const app = await startExport(t);
  const other = await addProject(app, app.owner.user);
  for (const title of ["one", "two"]) await app.ask("exports/", "post", { title }).expect(201);

  const { body } = await app.ask("exports/").expect(200);

  assert.deepEqual(
    body.map(({ id, title }: { id: number; title: string }) => [id, title]),
    [
      [2, "two"],
      [1, "one"],
    ],
  );
  assert.deepEqual((await app.ask("exports/1").expect(200)).body, body[1]);
  assert.ok(!("task_filter_options" in body[0]));
  assert.deepEqual((await app.owner.script("get", `/api/projects/${other.id}/exports/`).expect(200)).body, []);
});

test("snapshots: the file is the project as it was, and its MD5 is that of its bytes", async (t) => {
  const app = await startExport(t);
  const before = (await app.ask("export?download_all_tasks=true")).body;
  const { body: created } = await app.ask("exports/", "post", {}).expect(201);
  await app.repositories.tasks.delete(app.tasks[1].id);

  const { headers, text, body } = await app.ask("exports/1/download").set("Accept-Encoding", "identity").expect(200);

  assert.deepEqual(body, before);
  assert.equal(createHash("md5").update(text).digest("hex"), created.md5);
  assert.equal(headers["content-type"], "application/json; charset=utf-8");
  assert.equal(headers["content-length"], String(Buffer.byteLength(text)));
  const minute = created.created_at.slice(0, 16).replaceAll(/[T:]/g, "-");
  const name = `project-${app.project.id}-at-${minute}-${created.md5.slice(0, 8)}.json`;
  assert.equal(headers.filename, name);
  assert.equal(headers["content-disposition"], `attachment; filename="${name}"`);
});

for (const format of ["JSON", "JSON_MIN", "CSV", "TSV"])
  test(`snapshots: as ${format} it is what the project's export would be, converted before or not`, async (t) => {
    const app = await startExport(t);
    const data = '{"text":"x","n":1.0,"big":12345678901234567890,"sep":"a\\u2028b\u2028\\nc"}';
    const task = await app.repositories.tasks.create(app.project, { data, meta: "{}" }, 1);
    await app.repositories.annotations.create(task.id, app.owner.user.id, {
      result: '[{"from_name":"label","value":{"choices":["neg"]}}]',
      lead_time: 2,
    });
    const { text: direct } = await app.ask(`export?download_all_tasks=true&exportType=${format}`);
    await app.ask("exports/", "post", {}).expect(201);
    const download = async () => (await app.ask(`exports/1/download?exportType=${format}`).expect(200)).text;
    const same = (text: string) =>
      format === "JSON" ? assert.deepEqual(JSON.parse(text), JSON.parse(direct)) : assert.equal(text, direct);

    same(await download());
    const { body } = await app.ask("exports/1/convert", "post", { export_type: format }).expect(200);
    assert.deepEqual(body, { export_type: format, converted_format: 1 });
    same(await download());

    const { converted_formats } = (await app.ask("exports/1")).body;
    assert.deepEqual(converted_formats, [{ id: 1, status: "completed", export_type: format, traceback: null }]);
  });

test("snapshots: options filter tasks and annotations, and say what is serialized in full", async (t) => {
  const app = await startExport(t);
  const { email } = app.owner.user;
  const options = {
    task_filter_options: { annotated: "only", skipped: null },
    annotation_filter_options: { ground_truth: true },
    serialization_options: { annotations__completed_by: { only_id: false }, drafts: { only_id: false } },
  };

  const { body } = await app.ask("exports/", "post", options).expect(201);

  assert.deepEqual(body.annotation_filter_options, { usual: true, ground_truth: true });
  assert.deepEqual(body.task_filter_options, options.task_filter_options);
  assert.deepEqual(body.serialization_options, options.serialization_options);
  const tasks = (await app.ask("exports/1/download").expect(200)).body;
  assert.equal(tasks.length, 1);
  assert.equal(tasks[0].annotations[0].completed_by.email, email);
  const { text } = await app.ask("exports/1/download?exportType=CSV").expect(200);
  assert.match(text, new RegExp(`\r\n1,"${email}",`));
});

test("snapshots: one is deleted with its files, and a project with all of its", async (t) => {
  const app = await startExport(t);
  for (let count = 0; count < 3; count++) await app.ask("exports/", "post", {}).expect(201);
  await app.ask("exports/2/convert", "post", { export_type: "CSV" }).expect(200);
  assert.deepEqual(await storedOwners(app.database), ["conversion 1", "export 1", "export 2", "export 3"]);

  await app.ask("exports/2", "delete").expect(204);
  await app.ask("exports/2", "delete").expect(404);
  assert.deepEqual(await storedOwners(app.database), ["export 1", "export 3"]);

  await app.owner.script("delete", `/api/projects/${app.project.id}/`).expect(204);
  await waitUntil("the project is gone", async () => (await app.database("projects")).length === 0);
  await assertNothingStored(app.database);
  assert.deepEqual(await app.database("exports"), []);
  assert.deepEqual(await app.database("export_conversions"), []);
});

test("snapshots: one stays when the user who created it is deleted", async (t) => {
  const app = await startExport(t);
  const { user, script } = await app.member();
  await script("post", `/api/projects/${app.project.id}/exports/`, {}).expect(201);
  await app.owner.script("delete", `/api/users/${user.id}/`).expect(204);

  assert.equal((await app.ask("exports/1").expect(200)).body.created_by, null);
  assert.equal((await app.ask("exports/1/download").expect(200)).body.length, 2);
});

test("snapshots: one has the drafts of the user who created it, and of no one else", async (t) => {
  const app = await startExport(t);
  const { user } = await app.member();
  const [own, other] = [app.owner.user, user];
  for (const { id } of [own, other]) await app.repositories.drafts.create(app.tasks[0].id, null, id, {});

  await app.ask("exports/", "post", {}).expect(201);
  await app.ask("exports/", "post", { serialization_options: { drafts: {} } }).expect(201);

  const drafts = async (id: number) => (await app.ask(`exports/${id}/download`).expect(200)).body[0].drafts;
  assert.deepEqual(await drafts(1), [1]);
  assert.deepEqual(
    (await drafts(2)).map(({ id, user }: { id: number; user: string }) => [id, user]),
    [[1, own.email]],
  );
});
