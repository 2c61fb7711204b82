import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { answer, reviewSetup, startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { waitUntil } from "../support/wait-until.ts";

const noProject = { status: 404, detail: "No Project matches the given query." };

const otherControl =
  '<View><Text name="text" value="$text"/><Choices name="other" toName="text"><Choice value="pos"/></Choices></View>';

const fewerLabels =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="neg"/></Choices></View>';

test("api project changes: only what is sent is changed", async (t) => {
  const { script, path } = await startReviews(t);
  const before = (await script("get", path).expect(200)).body;
  const changes = {
    title: "Film reviews",
    show_instruction: true,
    expert_instruction: "<b>Read</b>",
    color: "#FF0000",
  };

  const response = await script("patch", path, changes).expect(200);

  assert.equal(response.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.deepEqual(response.body, { ...before, ...changes });
  assert.deepEqual((await script("get", path).expect(200)).body, response.body);
});

const settings = {
  title: "Other",
  description: "For the team",
  show_skip_button: false,
  enable_empty_annotation: false,
  show_annotation_history: true,
  show_collab_predictions: false,
  show_ground_truth_first: true,
  show_overlap_first: true,
  evaluate_predictions_automatically: true,
  reveal_preannotations_interactively: true,
  is_published: true,
  is_draft: true,
  maximum_annotations: 3,
  overlap_cohort_percentage: 50,
  min_annotations_to_start_training: 10,
  model_version: "v1",
  sampling: "Uncertainty sampling",
  skip_queue: "IGNORE_SKIPPED",
  pinned_at: "2026-01-01T00:00:00Z",
};

for (const [name, value] of Object.entries(settings)) {
  test(`api project changes: ${name} is stored, when a project is created and when it is changed`, async (t) => {
    const { owner } = await startApi(t);

    const created = await owner.script("post", "/api/projects/", { [name]: value }).expect(201);
    await owner.script("post", "/api/projects/", {}).expect(201);
    await owner.script("patch", "/api/projects/2/", { [name]: value }).expect(200);

    assert.equal(created.body[name], value);
    assert.equal((await owner.script("get", "/api/projects/2/")).body[name], value);
  });
}

test("api project changes: PUT also leaves unchanged what is left out, and the creator", async (t) => {
  const { script, path } = await startReviews(t, { description: "d" });
  const before = (await script("get", path).expect(200)).body;

  const { body } = await script("put", path, { title: "Other" }).expect(200);

  assert.deepEqual(body, { ...before, title: "Other" });
  assert.equal(body.created_by.id, 1);
});

test("api project changes: a record that is sent back unchanged changes nothing", async (t) => {
  const { script, path } = await startReviews(t);
  const before = (await script("get", path).expect(200)).body;

  for (const method of ["put", "patch"] as const)
    assert.deepEqual((await script(method, path, before).expect(200)).body, before);
});

test("api project changes: text that is null is empty", async (t) => {
  const { script, path } = await startReviews(t, { description: "d", expert_instruction: "Read" });

  const { body } = await script("patch", path, { title: null, description: null, expert_instruction: null });

  assert.deepEqual([body.title, body.description, body.expert_instruction], [null, "", ""]);
});

test("api project changes: any member may change and delete any project", async (t) => {
  const { path, member, script } = await startReviews(t);
  const ann = await member();

  const { body } = await ann.script("patch", path, { title: "Mine now" }).expect(200);
  const deleted = await ann.script("delete", path);

  assert.deepEqual([body.title, body.created_by.id], ["Mine now", 1]);
  assert.equal(deleted.status, 204);
  assert.equal(deleted.text, "");
  assertRefused(await script("get", path), noProject);
});

test("api project changes: a deleted project takes its tasks, annotations and predictions with it", async (t) => {
  const { script, path, database, repositories, addTask, annotate } = await startReviews(t);
  const task = await addTask("a");
  const { id } = await annotate(task);
  const prediction = (await script("post", "/api/predictions/", { task: task.id, result: [] }).expect(201)).body;

  await script("delete", path).expect(204).expect("Allow", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");

  assertRefused(await script("delete", path), noProject);
  for (const address of [`tasks/${task.id}`, `annotations/${id}`, `predictions/${prediction.id}`])
    await script("get", `/api/${address}/`).expect(404);
  await waitUntil("its rows are gone", async () => (await database("projects")).length === 0);
  for (const table of ["tasks", "annotations", "contributions"]) assert.deepEqual(await database(table), [], table);
  await assertCountersMatch(repositories);
});

test("api project changes: tasks follow the project's number of annotations per task", async (t) => {
  const { script, path, repositories, addTask, annotate } = await startReviews(t);
  const task = await addTask("a");
  await annotate(task);
  const finished = async () => (await script("get", `${path}?include=finished_task_number`).expect(200)).body;

  assert.deepEqual(await finished(), { finished_task_number: 1 });
  await script("patch", path, { maximum_annotations: 2 }).expect(200);
  assert.deepEqual(await finished(), { finished_task_number: 0 });
  const { body } = await script("get", `/api/tasks/${task.id}/`).expect(200);
  assert.deepEqual([body.overlap, body.is_labeled], [2, false]);
  await assertCountersMatch(repositories);
});

test("api project changes: a label config that lacks a tag of existing answers is refused, and nothing is saved", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t);
  for (const text of ["a", "b"]) await annotate(await addTask(text));

  for (const method of ["patch", "put"] as const)
    assertInvalid(await script(method, path, { title: "Other", label_config: otherControl }), {
      label_config: [
        "Created annotations are incompatible with provided labeling schema, we found:\n2 with from_name=label, to_name=text, type=choices",
      ],
    });

  const { body } = await script("get", path).expect(200);
  assert.deepEqual([body.title, body.label_config], ["Reviews", reviewSetup]);
});

test("api project changes: without answers any label config is accepted, and with answers one that has their tags", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t);

  await script("patch", path, { label_config: otherControl }).expect(200);
  await script("patch", path, { label_config: reviewSetup }).expect(200);
  await annotate(await addTask("a"));
  const { body } = await script("patch", path, { label_config: fewerLabels }).expect(200);

  assert.equal(body.label_config, fewerLabels);
  assert.deepEqual(body.parsed_label_config.label.labels, ["neg"]);
});

test("api project changes: answers that were deleted are no answers", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t);
  const { id } = await annotate(await addTask("a"), { result: answer("neg") });

  await script("patch", path, { label_config: otherControl }).expect(400);
  await script("delete", `/api/annotations/${id}/`).expect(204);
  await script("patch", path, { label_config: otherControl }).expect(200);
});

test("api project changes: forms are accepted like JSON", async (t) => {
  const { owner, script, request } = await startReviews(t);

  const created = await request()
    .post("/api/projects/")
    .set("Authorization", `Token ${owner.token}`)
    .type("form")
    .send({ title: "Reviews", label_config: reviewSetup, show_instruction: "true", maximum_annotations: "2" });

  const { created_at: _, ...record } = withoutTimestamps((await script("get", "/api/projects/2/").expect(200)).body);
  assert.equal(created.status, 201);
  assert.deepEqual([record.label_config, record.show_instruction, record.maximum_annotations], [reviewSetup, true, 2]);
});
