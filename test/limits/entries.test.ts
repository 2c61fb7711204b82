import assert from "node:assert/strict";
import { test } from "node:test";

import { limits } from "../../src/common/limits.ts";
import { parseTask } from "../../src/imports/task-parser.ts";
import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import { textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { assertInvalid } from "../support/refusals.ts";
import { read } from "../imports/read.ts";

const api = share(startApi);

function header(columns: number): string {
  return Array.from({ length: columns }, (_, index) => `c${index}`).join(",");
}

test("entries: a table has so many columns as it may, and one more is refused before the row is read (X1)", async () => {
  const most = header(limits.taskFields);
  const { records } = await read(`${most}\n${most}\n`, "csv", 64_000);
  assert.equal(Object.keys(Object(records[0]?.[1])).length, limits.taskFields);
  for (const content of [header(limits.taskFields + 1), ",".repeat(200_000), `\n\n${",".repeat(10_000)}\n1`]) {
    const refused = await read(content, "csv", 64_000);
    assert.deepEqual(
      [refused.line, refused.message],
      [1, "There are more than 10000 columns. Import fewer of them."],
      content.slice(0, 20),
    );
  }
});

test("entries: a first line that is no list of names is refused with what belongs there (X1)", async () => {
  const text = "x".repeat(limits.columnName);
  assert.equal((await read(`${text},b\n1,2`, "csv", 64_000)).records.length, 1);
  const long = await read(`${text}x,b\n1,2`, "csv", 64_000);
  assert.match(long.message ?? "", /name of more than 1000 characters: "x{40}…"\. Write short column names/);
  const longer = await read(`"${"x\n".repeat(limits.columnNames / 2)}`, "csv", 64_000);
  assert.match(longer.message ?? "", /first line is longer than 256000 characters. Write the column names/);
});

test("entries: rows before a ragged one are read, and nothing behind it (X2)", async () => {
  const { records, line, message } = await read(`a,b\n1,2\n3,4\n5\n${"6\n".repeat(100)}7,8\n`, "csv", 64_000);
  assert.deepEqual(records, [
    [2, { a: "1", b: "2" }],
    [3, { a: "3", b: "4" }],
  ]);
  assert.deepEqual(
    [line, message?.slice(0, 75)],
    [4, "The row that begins here has 1 column, the first line has 2 columns. Put va"],
  );
});

test("entries: a task has so many fields as it may (X1)", async () => {
  const { owner } = await api();
  const app = await api();
  const project = await addProject(app, owner.user, { label_config: textSetup });
  const data = { text: "a", ...Object.fromEntries(Array.from({ length: limits.taskFields - 1 }, (_, at) => [at, 1])) };
  const path = `/api/projects/${project.id}/tasks/`;
  await owner.script("post", path, { data }).expect(201);
  const tooMany = { ...data, more: 1 };
  const message = "The data has more than 10000 fields: put some of them into lists or objects.";
  assertInvalid(await owner.script("post", path, { data: tooMany }), { data: [message] });
  assert.deepEqual(parseTask(tooMany), { ok: false, error: message });
  assert.deepEqual(parseTask({ data: tooMany }), { ok: false, error: message });
});

test("entries: results are limited in entries and in the length of names, wherever they come in (X1)", async () => {
  const app = await api();
  const { owner } = app;
  const project = await addProject(app, owner.user, { label_config: textSetup });
  const task = await app.repositories.tasks.create(project, { data: '{"text":"a"}', meta: "{}" }, 1);
  const many = Array.from({ length: limits.resultEntries }, () => ({}));
  const name = "n".repeat(limits.controlName);
  const tooMany = '"result" has more than 100000 entries: spread them over several annotations or predictions.';
  const tooLong = '"from_name" in "result" is longer than 1000 characters: use a shorter one.';
  for (const [result, error] of [
    [[...many, {}], tooMany],
    [[{}, { from_name: `${name}n` }], tooLong],
  ] as const) {
    for (const path of [`/api/tasks/${task.id}/annotations/`, `/api/tasks/${task.id}/drafts`])
      assertInvalid(await owner.script("post", path, { result }), { result: [error] });
    assertInvalid(await owner.script("post", "/api/predictions/", { task: task.id, result }), { result: [error] });
    assert.deepEqual(parseTask({ data: {}, annotations: [{ result }] }), { ok: false, error });
    assert.deepEqual(parseTask({ data: {}, predictions: [{ result }] }), { ok: false, error });
  }
  assert.ok(parseTask({ data: {}, annotations: [{ result: [...many.slice(1), { from_name: name }] }] }).ok);
});

test("entries: a task of a file has so many annotations and predictions as it may (X1)", () => {
  const most = Array.from({ length: limits.taskAnnotations }, () => ({ result: [] }));
  assert.ok(parseTask({ data: {}, annotations: most, predictions: most }).ok);
  for (const what of ["annotations", "predictions"])
    assert.deepEqual(parseTask({ data: {}, [what]: [...most, { result: [] }] }), {
      ok: false,
      error: `A task has more than 10000 ${what}: spread them over several tasks.`,
    });
});

test("entries: an action may choose so many model versions as it may, and more are refused with the limit (X1)", async () => {
  const app = await api();
  const project = await addProject(app, app.owner.user, { label_config: textSetup });
  const task = await app.repositories.tasks.create(project, { data: '{"text":"a"}', meta: "{}" }, 1);
  await app.repositories.predictions.create(task.id, { result: "[]", model_version: "v1" });
  const path = `/api/dm/actions/?id=predictions_to_annotations&project=${project.id}`;
  const model_version = Array.from({ length: limits.modelVersions }, (_, at) => `v${at}`);
  const made = await app.owner.script("post", path, { model_version }).expect(200);
  assert.deepEqual(made.body, { detail: "Created 1 annotations" });
  // More than a statement has parameters.
  const refused = await app.owner.script("post", path, { model_version: Array(50_000).fill("v") });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /Choose at most 1000 model versions/);
});
