import assert from "node:assert/strict";
import { test } from "node:test";

import { jsonDepthError } from "../../src/common/json-depth.ts";
import { limits } from "../../src/common/limits.ts";
import { RawJson, stringifyJson } from "../../src/common/raw-json.ts";
import { startApi } from "../support/api.ts";
import type { Script } from "../support/api.ts";
import { share } from "../support/app.ts";
import { storedTaskData, textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { read } from "../imports/read.ts";

/** A list in a list in a list. */
function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

/** More than the stack of calls holds. */
const veryDeep = nested(20_000);

const api = share(startApi);

async function startProject() {
  const app = await api();
  const project = await addProject(app, app.owner.user, { label_config: textSetup });
  const task = await app.repositories.tasks.create(project, { data: '{"text":"a"}', meta: "{}" }, 1);
  const post: Script = (method, path, body) => app.owner.script(method, path, body).type("json");
  return { ...app, project, task, post };
}

test("depth: brackets are counted outside of strings only, in JSON of any quality (X1)", () => {
  assert.equal(jsonDepthError(nested(3), 3), undefined);
  assert.match(jsonDepthError(nested(4), 3) ?? "", /more than 3 levels deep/);
  assert.match(jsonDepthError('{"a":[{"b":[]}]}', 3) ?? "", /more than 3/);
  assert.equal(jsonDepthError('["[[[[", "\\"[[[[", "\\\\", [], [], {}]', 2), undefined);
  for (const broken of ['"[[[[', '"\\', "]]]]", "}{][", ""]) assert.equal(jsonDepthError(broken, 1), undefined);
});

test("depth: JSON of any depth is written, as JSON.stringify would (X1)", () => {
  assert.equal(stringifyJson(JSON.parse(veryDeep)), veryDeep);
  const value = { a: [1, "x\n", null, undefined, { b: {} }, []], c: undefined, d: true };
  assert.equal(stringifyJson(value), JSON.stringify(value));
  assert.equal(stringifyJson([new RawJson("1.0"), new RawJson("[ ]")]), "[1.0,[ ]]");
});

const bodies: [method: "post" | "patch", path: (ids: { project: number; task: number }) => string, body: string][] = [
  ["post", () => "/api/tasks/", `{"project": 1, "data": {"text": ${veryDeep}}}`],
  ["patch", ({ task }) => `/api/tasks/${task}/`, `{"data": {"text": "a"}, "meta": ${veryDeep}}`],
  ["post", ({ project }) => `/api/projects/${project}/tasks/`, `{"data": {"text": "a", "b": ${veryDeep}}}`],
  ["post", ({ task }) => `/api/tasks/${task}/annotations/`, `{"result": ${veryDeep}}`],
  ["post", ({ task }) => `/api/tasks/${task}/drafts`, `{"result": ${veryDeep}}`],
  ["post", () => "/api/predictions/", `{"result": ${veryDeep}}`],
  ["post", ({ project }) => `/api/projects/${project}/import/predictions`, veryDeep],
  ["patch", () => "/api/current-user/hotkeys/", `{"custom_hotkeys": ${veryDeep}}`],
  ["post", ({ project }) => `/api/projects/${project}/exports/`, `{"task_filter_options": ${veryDeep}}`],
];

for (const [method, path, body] of bodies)
  test(`depth: ${method} ${path({ project: 1, task: 1 })} refuses what is nested too deep, and names the limit (X1)`, async () => {
    const { post, project, task } = await startProject();
    const answer = await post(method, path({ project: project.id, task: task.id }), body);
    assert.equal(answer.status, 400);
    assert.match(answer.body.detail, /nested more than 100 levels deep: put fewer/);
  });

test("depth: JSON that a form sends as text has the same limit (X1)", async () => {
  const { owner, task } = await startProject();
  const send = (result: string) =>
    owner.script("post", `/api/tasks/${task.id}/annotations/`).type("form").send({ result });
  const answer = await send(`[{"value": ${nested(limits.jsonDepth - 1)}}]`);
  assert.equal(answer.status, 400);
  assert.match(answer.body.detail, /nested more than 100 levels/);
  assert.equal((await send(`[{"value": ${nested(limits.jsonDepth - 2)}}]`)).status, 201);
});

test("depth: a body as deep as it may be is kept, exported and imported again (X1)", async () => {
  const { post, owner, project, task } = await startProject();
  const deepest = nested(limits.jsonDepth - 1);
  const deepestResult = `[{"value": ${nested(limits.jsonDepth - 3)}}]`;
  await post("post", `/api/tasks/${task.id}/annotations/`, `{"result": ${deepestResult}}`).expect(201);
  await post("patch", `/api/tasks/${task.id}/`, `{"data": {"text": "a"}, "meta": ${deepest}}`).expect(200);
  const exported = await owner.script("get", `/api/projects/${project.id}/export?exportType=JSON`).expect(200);
  const answer = await post("post", `/api/projects/${project.id}/import`, exported.text);
  assert.deepEqual([answer.status, answer.body.task_count, answer.body.annotation_count], [201, 1, 1]);
});

test("depth: in a file it is an error of that record, and the others are read on (X1)", async () => {
  const { post, project } = await startProject();
  const deep = `{"text": ${nested(limits.importedJsonDepth)}}`;
  for (const [format, content] of [
    ["json", `[{"text": "a"},\n${deep},\n{"text": "b"}]`],
    ["jsonl", `{"text": "a"}\n${deep}\n{"text": "b"}`],
  ] as const) {
    const { records } = await read(content, format, 1000);
    assert.deepEqual(records, [
      [1, { text: "a" }],
      [2, undefined],
      [3, { text: "b" }],
    ]);
  }
  const answer = await post("post", `/api/projects/${project.id}/import`, `[{"text": "a"}, ${deep}, {"b": 1}]`);
  assert.equal(answer.status, 400);
  const [first, second] = answer.body.validation_errors.non_field_errors;
  assert.match(
    first,
    /^Error at item 1: This JSON is nested more than 103 levels deep: put fewer.*inside each other\.$/,
  );
  assert.match(second, /^Error at item 2: "text" key is expected/);
  assert.equal((await storedTaskData({ database: (await api()).database }, project)).length, 1);
});

test("depth: what was stored before there was a limit is shown, labeled and exported by every page (X1)", async () => {
  const app = await api();
  const { browser, user } = await app.signedIn();
  const deepData = `{"text": "a", "n": 1.0, "deep": ${veryDeep}, "tree": ${treeOf(10_000)}}`;
  const label_config = `<View><Text name="text" value="$deep"/><Table name="t" value="$tree"/>
    <Taxonomy name="tree" toName="text" value="$tree"/><Choices name="c" toName="text"><Choice value="x"/></Choices></View>`;
  const project = await addProject(app, user, { label_config });
  const task = await app.repositories.tasks.create(project, { data: deepData, meta: veryDeep }, 1);
  const result = `[{"id": ${veryDeep}, "from_name": "c", "to_name": "text", "type": "choices", "value": ${veryDeep}},
    {"id": "b", "from_name": "tree", "to_name": "text", "type": "taxonomy", "value": {"taxonomy": ${veryDeep}}}]`;
  await app.repositories.annotations.create(task.id, user.id, { result });
  await app.repositories.predictions.create(task.id, { result });
  await app.repositories.drafts.create(task.id, null, user.id, { result });
  const pages = [
    `/projects/${project.id}`,
    `/projects/${project.id}/tasks/${task.id}`,
    `/projects/${project.id}/tasks/${task.id}/label`,
    `/projects/${project.id}/label`,
    `/projects/${project.id}/settings`,
    `/people/${user.id}`,
    `/projects/${project.id}/export`,
    `/projects/${project.id}/import`,
  ];
  for (const page of pages) assert.equal((await browser.get(page)).status, 200, page);
  const labelPage = `/projects/${project.id}/tasks/${task.id}/label`;
  const saved = await browser.post(labelPage).type("form").send({ "answer.c": "x" });
  assert.ok(saved.status < 500, app.logged.at(-1));
  const calls = [
    `/api/tasks/${task.id}/`,
    `/api/tasks/?project=${project.id}&fields=all`,
    `/api/projects/${project.id}/tasks/`,
    `/api/tasks/${task.id}/annotations/`,
    ...["JSON", "JSON_MIN", "CSV", "TSV"].map((type) => `/api/projects/${project.id}/export?exportType=${type}`),
  ];
  for (const path of calls) assert.equal((await app.owner.script("get", path)).status, 200, path);
  const changed = await app.owner.script("patch", `/api/projects/${project.id}/`, { label_config: textSetup });
  assert.ok(changed.status < 500, String(changed.status));
});

/** Choices within choices. */
function treeOf(depth: number): string {
  return '[{"value": "x", "children": '.repeat(depth) + "[]" + "}]".repeat(depth);
}
