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
  const { script } = app.owner;
  const ofProject = `/api/projects/${project.id}`;
  const addTasks = async (...tasks: object[]): Promise<number[]> =>
    (await script("post", `${ofProject}/tasks/bulk/?return_task_ids=true`, tasks).expect(201)).body.task_ids;
  return { ...app, project, script, ofProject, addTasks };
}

const noProject = { status: 404, detail: "No Project matches the given query." };

test("script calls: tasks/bulk imports as import does, from JSON and from files", async (t) => {
  const { script, ofProject, addTasks, repositories, project } = await start(t);

  const ids = await addTasks({ text: "a" }, { data: { text: "b" }, annotations: [{ result: choice("pos") }] });
  const byFile = await script("post", `${ofProject}/tasks/bulk`).attach("file", Buffer.from("text\nc\n"), "t.csv");

  assert.equal(ids.length, 2);
  assert.equal(byFile.status, 201);
  assert.deepEqual(byFile.body.found_formats, { ".csv": 1 });
  assert.equal((await repositories.projects.find(project.id))?.task_number, 3);
  assertRefused(await script("post", "/api/projects/99/tasks/bulk/", [{ text: "a" }]), noProject);
});

test("script calls: the status of an import is a 404, as an import is over when it is answered", async (t) => {
  const { script, ofProject } = await start(t);

  for (const [path, model] of [
    ["imports", "ProjectImport"],
    ["reimports", "ProjectReimport"],
  ])
    assertRefused(await script("get", `${ofProject}/${path}/1/`), {
      status: 404,
      detail: `No ${model} matches the given query.`,
    });
});

test("script calls: model versions are counted in their order, and the predictions of one are deleted", async (t) => {
  const { script, ofProject, addTasks } = await start(t);
  const [task] = await addTasks({ text: "a" });
  for (const model_version of ["v1", "v1", "", "5"])
    await script("post", "/api/predictions/", { task, result: choice("pos"), model_version }).expect(201);
  await script("patch", `${ofProject}/`, { model_version: "v1" }).expect(200);

  assert.deepEqual((await script("get", `${ofProject}/model-versions/`)).body, { "": 1, "5": 1, v1: 2 });
  const { body } = await script("get", `${ofProject}/model-versions?extended=true&limit=2`).expect(200);
  assert.equal(body.live, null);
  assert.equal(body.static.length, 2);
  assert.match(body.static[0].latest, /Z$/);
  const deleted = await script("delete", `${ofProject}/model-versions/`, { model_version: "v1" }).expect(200);
  assert.deepEqual(deleted.body, { deleted_predictions: 2 });
  assert.equal((await script("get", `${ofProject}/`)).body.model_version, "");
  assertInvalid(await script("delete", `${ofProject}/model-versions/`, {}), {
    model_version: ["model_version param is required"],
  });
  assertRefused(await script("get", "/api/projects/99/model-versions/"), noProject);
});

test("script calls: the order of model versions is kept also where their names are numbers", async (t) => {
  const { script, ofProject, addTasks, database } = await start(t);
  const [task] = await addTasks({ text: "a" });
  for (const model_version of ["9", "b", "10"])
    await script("post", "/api/predictions/", { task, result: [], model_version }).expect(201);
  for (const [model_version, day] of [
    ["9", "02"],
    ["b", "03"],
    ["10", "01"],
  ] as const)
    await database("predictions")
      .where({ model_version })
      .update({ created_at: `2026-01-${day}T00:00:00.000Z` });

  const { text } = await script("get", `${ofProject}/model-versions/`).expect(200);

  assert.equal(text, '{"b":1,"9":1,"10":1}');
});

test("script calls: one's own annotations of a project are its history, oldest first", async (t) => {
  const { script, member, ofProject, addTasks } = await start(t);
  const [one, two] = await addTasks({ text: "a" }, { text: "b" });
  const other = await member();
  for (const task of [two, one]) await script("post", `/api/tasks/${task}/annotations/`, { result: [] }).expect(201);
  await other.script("post", `/api/tasks/${one}/annotations/`, { result: [] }).expect(201);

  const { body } = await script("get", `${ofProject}/label-stream-history/`).expect(200);

  assert.deepEqual(body, [
    { taskId: two, annotationId: 1 },
    { taskId: one, annotationId: 2 },
  ]);
  assertRefused(await script("get", `/api/tasks/${one}/agreement/`), { status: 403, detail: "Feature not enabled" });
});

test("script calls: drafts of an annotation are one's own, go with its change, and need their task", async (t) => {
  const { script, member, addTasks } = await start(t);
  const [one, two] = await addTasks({ text: "a" }, { text: "b" });
  const { body: annotation } = await script("post", `/api/tasks/${one}/annotations/`, { result: [] }).expect(201);
  const drafts = `/api/tasks/${one}/annotations/${annotation.id}/drafts`;

  const { body: draft } = await script("post", drafts, { result: choice("neg"), lead_time: 2 }).expect(201);

  assert.deepEqual([draft.task, draft.annotation, draft.lead_time], [one, annotation.id, 2]);
  assert.deepEqual(
    (await script("get", drafts)).body.map(({ id }: { id: number }) => id),
    [draft.id],
  );
  assert.deepEqual((await (await member()).script("get", drafts)).body, []);
  assertInvalid(await script("post", drafts, {}), { result: ["This field is required."] });
  const wrong = `/api/tasks/${two}/annotations/${annotation.id}/drafts`;
  assert.deepEqual((await script("get", wrong)).body, []);
  assertRefused(await script("post", wrong, { result: [] }), {
    status: 404,
    detail: "No Annotation matches the given query.",
  });
  await script("patch", `/api/annotations/${annotation.id}/`, { result: choice("neg") }).expect(200);
  assert.deepEqual((await script("get", drafts)).body, []);
});

test("script calls: an annotation becomes a draft again", async (t) => {
  const { script, addTasks } = await start(t);
  const [task] = await addTasks({ text: "a" });
  const sent = { result: choice("pos"), lead_time: 3 };
  const { body: annotation } = await script("post", `/api/tasks/${task}/annotations/`, sent).expect(201);

  const { body: draft } = await script("post", `/api/annotations/${annotation.id}/convert-to-draft`).expect(201);

  assert.deepEqual([draft.result, draft.lead_time, draft.task, draft.annotation], [sent.result, 3, task, null]);
  const gone = { status: 404, detail: "No Annotation matches the given query." };
  assertRefused(await script("get", `/api/annotations/${annotation.id}/`), gone);
  assertRefused(await script("post", `/api/annotations/${annotation.id}/convert-to-draft`), gone);
  const { body } = await script("get", `/api/tasks/${task}/`);
  assert.deepEqual([body.is_labeled, body.total_annotations, body.drafts.length], [false, 0, 1]);
});

test("script calls: lists of what is not here are empty, and say what is wrong with their project", async (t) => {
  const { script, project } = await start(t);
  const page = { count: 0, next: null, previous: null, results: [] };

  for (const path of ["ml", "webhooks", "storages", "storages/export", "storages/s3", "storages/export/localfiles"])
    for (const slash of ["", "/"])
      assert.deepEqual((await script("get", `/api/${path}${slash}?project=${project.id}`).expect(200)).body, [], path);
  assert.deepEqual((await script("get", "/api/webhooks/").expect(200)).body, []);
  assert.deepEqual((await script("get", "/api/labels/").expect(200)).body, page);
  assert.deepEqual((await script("get", "/api/label_links/").expect(200)).body, page);
  assert.deepEqual((await script("get", "/api/templates/").expect(200)).body, { templates: [], groups: [] });
  for (const path of ["/api/ml/", "/api/ml/?project=99", "/api/storages/s3?project=99"])
    assertRefused(await script("get", path), noProject);
  assertInvalid(await script("get", "/api/webhooks/?project=99"), {
    project: ["Select a valid choice. That choice is not one of the available choices."],
  });
  assertInvalid(await script("get", "/api/storages/localfiles"), {
    non_field_errors: ['query parameter "project" is required'],
  });
});

test("script calls: making what is not here is refused with what to do instead", async (t) => {
  const { script, project } = await start(t);

  for (const [path, instead] of [
    ["ml", /import\/predictions/],
    ["webhooks", /\/api\/tasks\//],
    ["storages/s3", /Import tasks/],
    ["storages/export/gcs", /download exports/],
    ["labels", /label_config/],
  ] as const)
    assertRefused(await script("post", `/api/${path}/`, { project: project.id, url: "http://127.0.0.1" }), {
      status: 403,
      detail: instead,
    });
});

test("script calls: the log-in form has the field that scripts read, and takes it back (C6)", async (t) => {
  const { visitor, owner } = await startApi(t);
  const browser = visitor();

  const { text } = await browser.get("/user/login/").expect(200);
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(text)?.[1];

  assert.ok(token);
  const password = "correct horse battery";
  const sent = { email: owner.user.email, password, csrfmiddlewaretoken: token };
  await browser.post("/user/login/").type("form").send(sent).expect(303);
});

/** A short result, and the control and the value that it stands for. */
const short: [label_config: string, value: unknown, region: object][] = [
  [textSetup, "pos", { from_name: "label", to_name: "text", type: "choices", value: { choices: ["pos"] } }],
  [
    '<View><Text name="text" value="$text"/><Rating name="r" toName="text"/></View>',
    3,
    { from_name: "r", to_name: "text", type: "rating", value: { rating: [3] } },
  ],
  [
    '<View><Text name="text" value="$text"/><TextArea name="c" toName="text"/></View>',
    "A word",
    { from_name: "c", to_name: "text", type: "textarea", value: { textarea: ["A word"] } },
  ],
  [
    '<View><Text name="text" value="$text"/><Labels name="l" toName="text"><Label value="x"/></Labels></View>',
    { start: 0, end: 1, labels: ["x"] },
    { from_name: "l", to_name: "text", type: "labels", value: { start: 0, end: 1, labels: ["x"] } },
  ],
];

for (const [label_config, value, region] of short)
  test(`script calls: ${JSON.stringify(value)} as the result of a prediction is the region it stands for, wherever it comes in`, async (t) => {
    const { script, ofProject, addTasks, database } = await start(t);
    await script("patch", `${ofProject}/`, { label_config }).expect(200);

    const [task] = await addTasks({
      data: { text: "a" },
      predictions: [{ result: value, score: 0.5 }, { result: [region] }],
    });
    const { body } = await script("post", "/api/predictions/", { task, result: value }).expect(201);
    await script("post", `${ofProject}/import/predictions`, [{ task, result: value }]).expect(201);

    assert.deepEqual(body.result, [region]);
    const results = await database("predictions").orderBy("id").pluck("result");
    assert.deepEqual(
      results.map((result) => JSON.parse(result)),
      [[region], [region], [region], [region]],
    );
  });

test("script calls: a short result that no control can have is refused, and nothing is stored", async (t) => {
  const { script, ofProject, addTasks, database } = await start(t);
  const [task] = await addTasks({ text: "a" });
  const refusal = { result: ["No control of the labeling setup can have this answer. Send a list of regions."] };

  for (const result of [3, true, {}, { x: 1 }])
    assertInvalid(await script("post", "/api/predictions/", { task, result }), refusal);
  assertInvalid(await script("post", "/api/predictions/", { task, result: null }), {
    result: ["This field may not be null."],
  });
  assertInvalid(await script("post", "/api/predictions/", { task: 99, result: "pos" }), {
    task: ['Invalid pk "99" - object does not exist.'],
  });
  await script("post", `${ofProject}/import`, [{ data: { text: "b" }, predictions: [{ result: 3 }] }]).expect(400);
  assert.deepEqual(await database("predictions"), []);
});

test("script calls: a prediction as a form has its result in short or as JSON text", async (t) => {
  const { script, addTasks } = await start(t);
  const [task] = await addTasks({ text: "a" });
  const send = async (result: string) => script("post", "/api/predictions/").type("form").send({ task, result });

  assert.deepEqual((await send("pos").then(({ body }) => body)).result, [
    { from_name: "label", to_name: "text", type: "choices", value: { choices: ["pos"] } },
  ]);
  assert.deepEqual((await send("[]")).body.result, []);
});

test("script calls: an annotation may bring its unique id, and only once", async (t) => {
  const { script, addTasks, database } = await start(t);
  const [one, two] = await addTasks({ text: "a" }, { text: "b" });
  const unique_id = "2F4F2A3C-1111-4222-8333-444455556666";

  await script("post", `/api/tasks/${one}/annotations/`, { result: [], unique_id }).expect(201);

  const taken = { status: 409, detail: "Annotation with this unique id already exists" };
  for (const task of [one, two])
    assertRefused(await script("post", `/api/tasks/${task}/annotations/`, { result: [], unique_id }), taken);
  assertInvalid(await script("post", `/api/tasks/${two}/annotations/`, { result: [], unique_id: "zz" }), {
    unique_id: ["Must be a valid UUID."],
  });
  assert.deepEqual(await database("annotations").pluck("unique_id"), [unique_id.toLowerCase()]);
});

test("script calls: counts have the fields that are asked for, and a task is one of its project", async (t) => {
  const { script, project, addTasks, repositories, owner } = await start(t);
  const [task] = await addTasks({ text: "a" });

  const { body } = await script("get", `/api/projects/counts/?ids=${project.id}&include=task_number`).expect(200);

  assert.deepEqual(body.results, [{ task_number: 1 }]);
  assert.equal((await script("get", `/api/projects/counts/?ids=${project.id}`)).body.results[0].id, project.id);
  await script("get", `/api/tasks/${task}/?project=${project.id}`).expect(200);
  assertRefused(await script("get", `/api/tasks/${task}/?project=99`), {
    status: 404,
    detail: "No Task matches the given query.",
  });
  assert.equal((await script("get", `/api/tasks/${task}/?project=x`)).status, 400);
  await repositories.users.update(owner.user.id, { first_name: "Ada", last_name: "Lovelace" });
  const { body: draft } = await script("post", `/api/tasks/${task}/drafts`, { result: [] }).expect(201);
  assert.equal(draft.created_username, `Ada Lovelace ${owner.user.email}, ${owner.user.id}`);
});
