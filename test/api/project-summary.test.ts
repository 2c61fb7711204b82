import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { choice, textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

async function start(t: TestContext) {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: textSetup });
  return { ...app, project, script: app.owner.script, path: `/api/projects/${project.id}` };
}

test("project summary: fields, answers and labels are counted, and one's own drafts", async (t) => {
  const { script, member, path, project } = await start(t);
  const empty = { all_data_columns: {}, common_data_columns: [], created_annotations: {}, created_labels: {} };
  const { body: before } = await script("get", `${path}/summary/`).expect(200);
  assert.deepEqual(before, {
    project: project.id,
    created_at: before.created_at,
    ...empty,
    created_labels_drafts: {},
  });
  const tasks = [
    { data: { text: "a", k: 1 }, annotations: [{ result: choice("pos") }] },
    { data: { text: "b", m: null } },
    { data: { text: "c", m: 2 }, annotations: [{ result: choice("neg") }, { result: choice("neg") }] },
  ];
  await script("post", `${path}/import`, tasks).expect(201);
  await script("post", "/api/tasks/2/drafts", { result: choice("pos") }).expect(201);
  await (await member()).script("post", "/api/tasks/2/drafts", { result: choice("neg") }).expect(201);

  const { body } = await script("get", `${path}/summary`).expect(200);

  assert.deepEqual(body, {
    project: project.id,
    created_at: before.created_at,
    all_data_columns: { text: 3, k: 1, m: 2 },
    common_data_columns: ["text"],
    created_annotations: { "label|text|choices": 3 },
    created_labels: { label: { pos: 1, neg: 2 } },
    created_labels_drafts: { label: { pos: 1 } },
  });
  const reset = await script("post", `${path}/summary/reset/`).expect(200);
  assert.equal(reset.text, "");
  assert.deepEqual((await script("get", `${path}/summary/`)).body, body);
  assertRefused(await script("get", "/api/projects/99/summary/"), {
    status: 404,
    detail: "No ProjectSummary matches the given query.",
  });
});

test("sample task: it fits the setup that is sent, with answers of its controls where they are asked for", async (t) => {
  const { script, path, owner } = await start(t);
  const label_config = `<View><Image name="i" value="$image"/><Text name="t" value="$t"/>
    <RectangleLabels name="box" toName="i"><Label value="X"/></RectangleLabels>
    <Choices name="c" toName="t"><Choice value="pos"/></Choices><Pairwise name="p" toName="i,t"/></View>`;

  const { sample_task } = (await script("post", `${path}/sample-task/`, { label_config }).expect(200)).body;

  assert.deepEqual(Object.keys(sample_task), ["image", "t"]);
  assert.deepEqual(
    Object.values(sample_task).map((value) => typeof value),
    ["string", "string"],
  );
  const whole = { label_config, include_annotation_and_prediction: true };
  const { data, annotations, predictions } = (await script("post", `${path}/sample-task`, whole).expect(200)).body
    .sample_task;
  assert.deepEqual(data, sample_task);
  assert.equal(annotations[0].completed_by, owner.user.id);
  assert.deepEqual(
    annotations[0].result.map(({ type }: { type: string }) => type),
    ["rectanglelabels", "choices"],
  );
  assert.deepEqual(predictions[0].result, annotations[0].result);
  // What it answers can be imported.
  const { body: project } = await script("post", "/api/projects/", { label_config }).expect(201);
  const task = { data, annotations: annotations.map(({ result }: { result: object[] }) => ({ result })), predictions };
  await script("post", `/api/projects/${project.id}/import`, [task]).expect(201);
  const none = { non_field_errors: ["Label config is not set or is empty"] };
  for (const body of [{}, { label_config: "" }, { label_config: 3 }])
    assertInvalid(await script("post", `${path}/sample-task`, body), none);
  assert.equal((await script("post", `${path}/sample-task`, { label_config: "<View>" })).status, 400);
  assert.deepEqual((await script("get", `${path}/sample-task/`)).body, (await script("get", `${path}/`)).body);
});

test("words where a number belongs are refused, as a script may have forgotten to fill them in", async (t) => {
  const { script, path } = await start(t);
  const digits = (key: string, value = "x") => ({
    [key]: [`Incorrect value in key "${key}" = "${value}". It should be digit string.`],
  });

  for (const address of ["/api/tasks/", "/api/tasks/1/", "/api/dm/actions/", "/api/dm/columns/", "/api/dm/project/"])
    assertInvalid(await script("get", `${address}?project=x`), digits("project"));
  assertInvalid(await script("get", "/api/tasks/?project="), digits("project", ""));
  assertInvalid(await script("get", "/api/tasks/?view=None"), digits("view", "None"));
  assertInvalid(await script("post", "/api/dm/actions/?id=delete_tasks&project={id}", {}), digits("project", "{id}"));
  assertInvalid(await script("get", `${path}/tasks/?page=x`), digits("page"));
  assertInvalid(await script("get", `${path}/export?view=x`), digits("view"));
  assertInvalid(await script("get", "/api/projects/?ids=1,x"), {
    ids: ["Send ids with commas between them, such as 1,2."],
  });
  assert.deepEqual((await script("get", "/api/tasks/?project=0").expect(404)).body, {
    detail: "Neither project nor view id specified",
  });
  const noChoice = { project: ["Select a valid choice. That choice is not one of the available choices."] };
  assertInvalid(await script("get", "/api/predictions/?project=x"), noChoice);
  assertInvalid(await script("get", "/api/dm/views/?project=x"), noChoice);
});

test("a task is not changed by the address of another project, nor listed with a word for a boolean", async (t) => {
  const { script, path, owner, repositories } = await start(t);
  await script("post", `${path}/import`, [{ text: "a" }]).expect(201);
  const other = await addProject({ repositories }, owner.user);
  const noTask = { status: 404, detail: "No Task matches the given query." };

  for (const project of [other.id, 9999])
    assertRefused(await script("patch", "/api/tasks/1/", { project, meta: { q: 1 } }), noTask);
  assert.deepEqual((await script("get", "/api/tasks/1/")).body.meta, {});
  const { body } = await script("patch", "/api/tasks/1/", { project: 1, meta: { q: 1 } }).expect(200);
  assert.deepEqual([body.project, body.meta], [1, { q: 1 }]);
  assertInvalid(await script("get", "/api/tasks/?project=1&resolve_uri=x"), {
    resolve_uri: ['Incorrect bool value "x". It should be one of [1, 0, true, false, yes, no]'],
  });
  await script("get", "/api/tasks/?project=1&resolve_uri=True").expect(200);
});

test("a result whose entries are no objects is refused, wherever one comes in", async (t) => {
  const { script, path } = await start(t);
  await script("post", `${path}/import`, [{ text: "a" }]).expect(201);
  const noObjects = { result: ['Each item in "result" should be dict.'] };
  const { body: annotation } = await script("post", "/api/tasks/1/annotations/", { result: [] }).expect(201);

  for (const result of [[1], ["x"], [null], [[]], [{}, 2]]) {
    assertInvalid(await script("post", "/api/tasks/1/annotations/", { result }), noObjects);
    assertInvalid(await script("patch", `/api/annotations/${annotation.id}/`, { result }), noObjects);
    assertInvalid(await script("post", "/api/tasks/1/drafts", { result }), noObjects);
    assertInvalid(await script("post", "/api/predictions/", { task: 1, result }), {
      non_field_errors: ["Each item in prediction result should be dict"],
    });
    for (const member of ["annotations", "predictions"]) {
      const { status, text } = await script("post", `${path}/import`, [
        { data: { text: "b" }, [member]: [{ result }] },
      ]);
      assert.equal(status, 400, member);
      assert.match(text, /should be dict/);
    }
  }
});
