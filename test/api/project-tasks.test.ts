import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { answer, startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { taskFields } from "../support/task-records.ts";

const tasks = "/api/projects/1/tasks/";

const record = { ...taskFields, updated_by: null, annotations: [], predictions: [] };

test("api project tasks: the latest change comes first", async (t) => {
  const { script, addTask } = await startReviews(t);
  for (const text of ["one", "two", "three"]) await addTask(text);

  const response = await script("get", `${tasks}?page_size=2`).expect(200);

  assert.equal(response.headers.allow, "GET, POST, DELETE, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(response.body), [
    { ...record, id: 3, inner_id: 3, data: { text: "three" } },
    { ...record, id: 2, inner_id: 2, data: { text: "two" } },
  ]);
});

test("api project tasks: an annotation is a change, and is in the record", async (t) => {
  const { script, database, addTask, annotate } = await startReviews(t);
  for (const text of ["one", "two"]) await addTask(text);
  await database("tasks").update({ updated_at: "2026-01-01T00:00:00.000000Z" });
  const annotation = await annotate({ id: 1 });

  const { body } = await script("get", tasks).expect(200);

  assert.deepEqual(
    body.map(({ id }: { id: number }) => id),
    [1, 2],
  );
  assert.deepEqual([body[0].annotations, body[0].is_labeled, body[0].updated_by], [[annotation], true, 1]);
});

test("api project tasks: a project without tasks has none", async (t) => {
  const { script } = await startReviews(t);

  assert.deepEqual((await script("get", tasks).expect(200)).body, []);
});

const queries: { query: string; ids: number[] }[] = [
  { query: "page_size=2&page=2", ids: [1] },
  { query: "page_size=-1", ids: [3, 2, 1] },
  { query: "page_size=0", ids: [3, 2, 1] },
  { query: "page_size=x", ids: [3, 2, 1] },
];

/** For requests that only read. */
const three = share(async (t) => {
  const started = await startReviews(t);
  for (const text of ["one", "two", "three"]) await started.addTask(text);
  return started;
});

for (const { query, ids } of queries) {
  test(`api project tasks: with ${query} it is those that it should be`, async () => {
    const { script } = await three();

    const { body } = await script("get", `${tasks}?${query}`).expect(200);

    assert.deepEqual(
      body.map(({ id }: { id: number }) => id),
      ids,
    );
  });
}

for (const query of ["page=99", "page=0", "page=9999999999"]) {
  test(`api project tasks: ${query} is no page`, async () => {
    const { script } = await three();

    assertRefused(await script("get", `${tasks}?${query}`), { status: 404, detail: "Not found." });
  });
}

test("api project tasks: a task can be added under the project's address", async (t) => {
  const { script } = await startReviews(t);

  const { body } = await script("post", tasks, { data: { text: "one" }, meta: { k: 1 } }).expect(201);

  const { annotations: _, predictions: __, ...created } = record;
  assert.deepEqual(withoutTimestamps(body), { ...created, meta: { k: 1 } });
});

test("api project tasks: data that does not fit the label config is refused, and nothing is added", async (t) => {
  const { script } = await startReviews(t);
  const unfit = '"text" key is expected in task data [assume: item["data"] = task root with values]';

  assertInvalid(await script("post", tasks, { data: { foo: "x" } }), { non_field_errors: [unfit] });
  assertInvalid(await script("post", tasks, {}), { data: ["This field is required."] });

  assert.deepEqual((await script("get", tasks).expect(200)).body, []);
});

test("api project tasks: all can be deleted at once, and those of other projects stay", async (t) => {
  const { script, path, repositories, addTask, annotate } = await startReviews(t);
  const task = await addTask("one");
  await addTask("two");
  await annotate(task);
  await script("post", "/api/predictions/", { task: task.id, result: answer("neg") }).expect(201);
  await script("post", "/api/projects/", {}).expect(201);
  await script("post", "/api/projects/2/tasks/", { data: { text: "stays" } }).expect(201);

  const response = await script("delete", tasks);

  assert.equal(response.status, 204);
  assert.equal(response.headers.allow, "GET, POST, DELETE, HEAD, OPTIONS");
  assert.deepEqual((await script("get", tasks).expect(200)).body, []);
  assert.equal((await script("get", "/api/projects/2/tasks/").expect(200)).body.length, 1);
  const { body } = await script("get", `${path}?include=task_number,total_annotations_number,total_predictions_number`);
  assert.deepEqual(body, { task_number: 0, total_annotations_number: 0, total_predictions_number: 0 });
  await assertCountersMatch(repositories);
  await script("delete", tasks).expect(204);
});

test("api project tasks: many are deleted, too", async (t) => {
  const { script, path, repositories, member } = await startReviews(t);
  const project = await repositories.projects.find(1);
  const { user } = await member();
  assert.ok(project);
  for (let created = 1; created <= 510; created++) {
    const { id } = await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 1);
    if (created % 50 === 0) await repositories.annotations.create(id, user.id, {});
  }

  await script("delete", tasks).expect(204);

  assert.deepEqual((await script("get", `${path}?include=task_number`)).body, { task_number: 0 });
  await assertCountersMatch(repositories);
});
