import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, startReviews, withoutTimestamps } from "../support/contract.ts";
import type { ReviewProject } from "../support/contract.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { assertRefused } from "../support/refusals.ts";
import { annotationFields, predictionFields, taskFields } from "../support/task-records.ts";

const noTask = { status: 404, detail: "No Task matches the given query." };

const row = {
  ...taskFields,
  drafts: [],
  annotators: [],
  annotations_results: "",
  predictions_results: "",
  storage_filename: null,
  annotations_ids: "",
  predictions_model_versions: "",
  updated_by: [],
};

const whole = {
  ...row,
  predictions: [],
  annotations: [],
  completed_at: null,
  predictions_score: null,
  avg_lead_time: null,
  draft_exists: false,
};

const annotation = { ...annotationFields, ground_truth: true, lead_time: 2.5 };

const prediction = { ...predictionFields, result: answer("neg") };

/** The first task has an annotation, and a prediction with another answer. */
async function label({ script, addTask, annotate }: ReviewProject): Promise<void> {
  const task = await addTask("one");
  await annotate(task, { ground_truth: true, lead_time: 2.5 });
  const input = { task: task.id, result: answer("neg"), score: 0.5, model_version: "v1" };
  await script("post", "/api/predictions/", input).expect(201);
}

const labeled = { is_labeled: true, total_annotations: 1, total_predictions: 1, updated_by: [{ user_id: 1 }] };

test("api tasks: a new one is in the answer, in full", async (t) => {
  const { script } = await startReviews(t);

  const input = { data: { text: "one" }, project: 1, meta: { k: 1 } };
  const response = await script("post", "/api/tasks/", input);

  assert.equal(response.status, 201);
  assert.equal(response.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(response.body), { ...taskFields, meta: { k: 1 }, updated_by: null });
});

test("api tasks: one that nobody labeled has every field, too", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");

  const response = await script("get", "/api/tasks/1/");

  assert.equal(response.status, 200);
  assert.equal(response.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(response.body), whole);
});

test("api tasks: one that is labeled names whoever did it", async (t) => {
  const reviews = await startReviews(t);
  await label(reviews);

  const { body } = await reviews.script("get", "/api/tasks/1/").expect(200);

  const owner = { id: 1, first_name: "", last_name: "", avatar: null, email: "owner@example.com", initials: "ow" };
  assert.deepEqual(withoutTimestamps(body), {
    ...whole,
    ...labeled,
    annotations: [{ ...annotation, completed_by: owner }],
    predictions: [prediction],
    annotators: [1],
    annotations_ids: "1",
    predictions_model_versions: "v1",
    predictions_score: 0.5,
    avg_lead_time: 2.5,
    completed_at: "a moment",
  });
});

test("api tasks: rows are short, and come by id with the totals of the project", async (t) => {
  const reviews = await startReviews(t);
  await label(reviews);
  for (const text of ["two", "three"]) await reviews.addTask(text);

  const response = await reviews.script("get", "/api/tasks/?project=1&page_size=2").expect(200);

  assert.equal(response.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.equal(response.headers["content-type"], "application/json");
  assert.deepEqual(withoutTimestamps(response.body), {
    total_annotations: 1,
    total_predictions: 1,
    total: 3,
    tasks: [
      { ...row, ...labeled },
      { ...row, id: 2, inner_id: 2, data: { text: "two" } },
    ],
  });
});

test("api tasks: rows with fields=all hold annotations, predictions and sums", async (t) => {
  const reviews = await startReviews(t);
  await label(reviews);

  const { body } = await reviews.script("get", "/api/tasks/?project=1&fields=all").expect(200);

  assert.deepEqual(withoutTimestamps(body.tasks), [
    {
      ...whole,
      ...labeled,
      annotations: [annotation],
      predictions: [prediction],
      annotators: [1],
      annotations_ids: "1",
      annotations_results: "[{id: r1, from_name: label, to_name: text, type: choices, value: {choices: [pos]}}]",
      predictions_results: "[{id: r1, from_name: label, to_name: text, type: choices, value: {choices: [neg]}}]",
      predictions_model_versions: "v1",
      predictions_score: 0.5,
      avg_lead_time: 2.5,
      completed_at: "a moment",
    },
  ]);
});

test("api tasks: a project without tasks has no rows", async (t) => {
  const { script } = await startReviews(t);

  const { body } = await script("get", "/api/tasks/?project=1").expect(200);

  assert.deepEqual(body, { total_annotations: 0, total_predictions: 0, total: 0, tasks: [] });
});

const pages: { query: string; ids: number[] }[] = [
  { query: "page_size=2", ids: [1, 2] },
  { query: "page_size=2&page=3", ids: [5] },
  { query: "page_size=2&page=last", ids: [5] },
  { query: "page_size=0", ids: [1, 2, 3, 4, 5] },
  { query: "page_size=x", ids: [1, 2, 3, 4, 5] },
  { query: "page_size=999999999", ids: [1, 2, 3, 4, 5] },
  { query: "review=false&resolve_uri=true&only_annotated=false", ids: [1, 2, 3, 4, 5] },
  { query: `query=${encodeURIComponent('{"filters": {"conjunction": "and", "items": []}}')}`, ids: [1, 2, 3, 4, 5] },
];

for (const { query, ids } of pages) {
  test(`api tasks: rows with ${query} are those that it should be`, async (t) => {
    const { script, addTask } = await startReviews(t);
    for (const text of ["a", "b", "c", "d", "e"]) await addTask(text);

    const { body } = await script("get", `/api/tasks/?project=1&include=id&${query}`).expect(200);

    assert.deepEqual(
      body.tasks,
      ids.map((id) => ({ id })),
    );
    assert.equal(body.total, 5);
  });
}

test("api tasks: a page of many holds each of them once", async (t) => {
  const { script, repositories } = await startReviews(t);
  const project = await repositories.projects.find(1);
  assert.ok(project);
  for (let created = 1; created <= 205; created++)
    await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 1);
  const ids = async (path: string) => {
    const { body } = await script("get", path).expect(200);
    return (body.tasks ?? body).map(({ id }: { id: number }) => id);
  };
  const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

  assert.deepEqual(await ids("/api/tasks/?project=1&page_size=1000&fields=all"), from(1, 205));
  assert.deepEqual(await ids("/api/tasks/?project=1&page_size=103&page=2"), from(104, 205));
  assert.deepEqual((await ids("/api/projects/1/tasks/?page_size=-1")).toReversed(), from(1, 205));
  assert.deepEqual((await ids("/api/projects/1/tasks/?page_size=103&page=2")).toReversed(), from(1, 102));
});

test("api tasks: numbers in a project go on after a task was deleted", async (t) => {
  const { script, addTask } = await startReviews(t);
  for (const text of ["a", "b"]) await addTask(text);
  await script("delete", "/api/tasks/2/").expect(204);

  const { inner_id } = await addTask("c");

  assert.equal(inner_id, 3);
});

test("api tasks: only what is sent is changed", async (t) => {
  const reviews = await startReviews(t);
  const { script } = reviews;
  await label(reviews);
  await script("patch", "/api/tasks/1/", { meta: { k: 1 } }).expect(200);

  const response = await script("patch", "/api/tasks/1/", { data: { text: "changed" } }).expect(200);
  const put = await script("put", "/api/tasks/1/", { data: { text: "put" } }).expect(200);

  assert.equal(response.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(response.body), {
    ...taskFields,
    ...labeled,
    data: { text: "changed" },
    meta: { k: 1 },
    updated_by: 1,
    annotations: [annotation],
    predictions: [prediction],
  });
  assert.deepEqual([put.body.data, put.body.meta], [{ text: "put" }, { k: 1 }]);
});

test("api tasks: a change of the data alone is nobody's annotation", async (t) => {
  const { script, addTask } = await startReviews(t);
  const { updated_at } = await addTask("one");

  const { body } = await script("patch", "/api/tasks/1/", { data: { text: "changed" } }).expect(200);

  assert.equal(body.updated_by, null);
  assert.ok(Date.parse(body.updated_at) >= Date.parse(String(updated_at)));
});

test("api tasks: what is counted of a task can't be set", async (t) => {
  const { script, addTask, repositories } = await startReviews(t);
  await addTask("one");
  const input = { is_labeled: true, total_annotations: 9, inner_id: 9, overlap: 9, id: 9 };

  const { body } = await script("patch", "/api/tasks/1/", input).expect(200);

  const { updated_by: _, ...rest } = withoutTimestamps(body);
  assert.deepEqual(rest, { ...taskFields, annotations: [], predictions: [] });
  await assertCountersMatch(repositories);
});

test("api tasks: a deleted one is gone with what was said of it", async (t) => {
  const reviews = await startReviews(t);
  const { script, path, repositories } = reviews;
  await label(reviews);
  await reviews.addTask("two");

  const response = await script("delete", "/api/tasks/1/");

  assert.equal(response.status, 204);
  assert.equal(response.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  for (const method of ["get", "delete"] as const) assertRefused(await script(method, "/api/tasks/1/"), noTask);
  const { body } = await script("get", `${path}?include=task_number,total_annotations_number,total_predictions_number`);
  assert.deepEqual(body, { task_number: 1, total_annotations_number: 0, total_predictions_number: 0 });
  await assertCountersMatch(repositories);
});

test("api tasks: a task is any member's to read, change and delete", async (t) => {
  const { addTask, member } = await startReviews(t);
  await addTask("one");
  const ann = await member();

  await ann.script("get", "/api/tasks/1/").expect(200);
  await ann.script("patch", "/api/tasks/1/", { data: { text: "hers" } }).expect(200);
  await ann.script("delete", "/api/tasks/1/").expect(204);
});
