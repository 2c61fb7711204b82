import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { predictionFields } from "../support/task-records.ts";

const list = "/api/predictions/";

const input = { task: 1, result: answer("pos"), score: 0.5, model_version: "v1" };

test("api predictions: a new one is in the answer, in full, and is the same by its own address", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");

  const created = await script("post", list, input);
  const one = await script("get", `${list}1/`).expect(200);

  assert.equal(created.status, 201);
  assert.equal(created.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.equal(one.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(created.body), predictionFields);
  assert.deepEqual(one.body, created.body);
});

test("api predictions: cluster, neighbors and mislabeling are stored, too", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");
  const fields = { cluster: 3, neighbors: [1, { a: 2 }], mislabeling: 0.25 };

  const created = await script("post", list, { ...input, ...fields }).expect(201);
  const changed = await script("patch", `${list}1/`, { cluster: null, neighbors: null, mislabeling: 0.5 }).expect(200);
  const stored = await script("patch", `${list}1/`, { score: 0.7 }).expect(200);

  assert.deepEqual(withoutTimestamps(created.body), { ...predictionFields, ...fields });
  assert.deepEqual(withoutTimestamps(changed.body), { ...predictionFields, mislabeling: 0.5 });
  assert.deepEqual(withoutTimestamps(stored.body), { ...predictionFields, mislabeling: 0.5, score: 0.7 });
});

test("api predictions: only a task and a result are needed", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");

  const { body } = await script("post", list, { task: "1", result: [] }).expect(201);

  assert.deepEqual(withoutTimestamps(body), { ...predictionFields, result: [], score: null, model_version: "" });
});

test("api predictions: PATCH and PUT change what is sent, and the rest stays", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");
  await script("post", list, input).expect(201);

  const patched = await script("patch", `${list}1/`, { score: 0.7 }).expect(200);
  const put = await script("put", `${list}1/`, { task: 1, result: [], model_version: null }).expect(200);

  assert.deepEqual(withoutTimestamps(patched.body), { ...predictionFields, score: 0.7 });
  assert.deepEqual(withoutTimestamps(put.body), { ...predictionFields, score: 0.7, result: [], model_version: "" });
});

test("api predictions: a deleted one is gone", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");
  await script("post", list, input).expect(201);

  await script("delete", `${list}1/`).expect(204);

  assert.equal((await script("get", "/api/tasks/1/")).body.total_predictions, 0);
  for (const method of ["get", "patch", "put", "delete"] as const)
    assertRefused(await script(method, `${list}1/`, method[0] === "p" ? { score: 1 } : undefined), {
      status: 404,
      detail: "No Prediction matches the given query.",
    });
});

const queries: [string, number[]][] = [
  ["", [1, 2, 3]],
  ["?task=1", [1]],
  ["?task=3", []],
  ["?project=1", [1, 2]],
  ["?project=2", [3]],
  ["?task__project=2", [3]],
  ["?task=1&project=1", [1]],
  ["?task=1&project=2", []],
];

for (const [query, ids] of queries) {
  test(`api predictions: the list${query} holds those that it should, by id`, async (t) => {
    const { script, addTask } = await startReviews(t);
    for (const text of ["a", "b", "c"]) await addTask(text);
    await script("post", "/api/projects/", {}).expect(201);
    await script("post", "/api/projects/2/tasks/", { data: {} }).expect(201);
    for (const task of [1, 2, 4]) await script("post", list, { ...input, task }).expect(201);

    const { body } = await script("get", `${list}${query}`)
      .expect(200)
      .expect("Content-Type", /^application\/json/);

    assert.deepEqual(
      body.map(({ id }: { id: number }) => id),
      ids,
    );
  });
}

test("api predictions: a list of many holds each of them once", async (t) => {
  const { script, database, addTask } = await startReviews(t);
  await addTask("one");
  await script("post", list, input).expect(201);
  const { id: _, ...row } = await database("predictions").first();
  await database.batchInsert(
    "predictions",
    Array.from({ length: 204 }, () => row),
    100,
  );

  const { body } = await script("get", `${list}?project=1`).expect(200);

  assert.deepEqual(
    body.map(({ id }: { id: number }) => id),
    Array.from({ length: 205 }, (_, index) => index + 1),
  );
});

const noChoice = "Select a valid choice. That choice is not one of the available choices.";

for (const field of ["task", "project", "task__project"]) {
  for (const value of ["9999", "x"]) {
    test(`api predictions: there are none of ${field} ${value}, which is not there`, async (t) => {
      const { script } = await startReviews(t);

      assertInvalid(await script("get", `${list}?${field}=${value}`), { [field]: [noChoice] });
    });
  }
}

const required = "This field is required.";

const refusals: { body: object; errors: Record<string, string[]> }[] = [
  { body: {}, errors: { task: [required], result: [required] } },
  { body: { task: 1 }, errors: { result: [required] } },
  { body: { result: [] }, errors: { task: [required] } },
  { body: { ...input, task: 9999 }, errors: { task: ['Invalid pk "9999" - object does not exist.'] } },
  { body: { ...input, task: "x" }, errors: { task: ["Incorrect type. Expected pk value, received str."] } },
  { body: { ...input, score: "x" }, errors: { score: ["A valid number is required."] } },
  { body: { ...input, cluster: "x" }, errors: { cluster: ["A valid integer is required."] } },
  { body: { ...input, mislabeling: "x" }, errors: { mislabeling: ["A valid number is required."] } },
  { body: { ...input, neighbors: 1 }, errors: { neighbors: ["Send a list of ids."] } },
  {
    body: { ...input, result: {} },
    errors: { result: ["No control of the labeling setup can have this answer. Send a list of regions."] },
  },
  { body: { ...input, model_version: [] }, errors: { model_version: ["Not a valid string."] } },
];

for (const { body, errors } of refusals) {
  test(`api predictions: POST ${JSON.stringify(body).slice(0, 80)} is 400, and nothing is made`, async (t) => {
    const { script, database, addTask } = await startReviews(t);
    await addTask("one");

    assertInvalid(await script("post", list, body), errors);

    assert.deepEqual(await database("predictions"), []);
    assert.equal((await database("tasks").first()).total_predictions, 0);
  });
}
