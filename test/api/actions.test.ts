import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { answer, startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertCountersMatch } from "../support/counters.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const actions = "/api/dm/actions/";

/** Four tasks: the first two are annotated by the owner and by Ann, and predicted; the third is predicted twice. */
async function start(t: TestHooks) {
  const reviews = await startReviews(t);
  const { script, path, member, addTask, annotate } = reviews;
  const ann = await member();
  for (const text of ["a", "b", "c", "d"]) await addTask(text);
  for (const id of [1, 2]) {
    await annotate({ id });
    await annotate({ id }, {}, ann.script);
  }
  for (const [task, model_version] of [
    [1, "v1"],
    [2, "v1"],
    [3, "v1"],
    [3, "v2"],
  ])
    await script("post", "/api/predictions/", { task, model_version, result: answer("neg") }).expect(201);
  const act = (id: string, body?: object) => script("post", `${actions}?id=${id}&project=1`, body);
  const numbers = async () => {
    const names = "task_number,total_annotations_number,total_predictions_number,finished_task_number";
    const { body } = await script("get", `${path}?include=${names}`).expect(200);
    await assertCountersMatch(reviews.repositories);
    return [body.task_number, body.total_annotations_number, body.total_predictions_number, body.finished_task_number];
  };
  return { ...reviews, ann, act, numbers };
}

/** For requests that change nothing. */
const shared = share(start);

test("api actions: those that there are are listed", async () => {
  const { script } = await shared();

  const response = await script("get", `${actions}?project=1`).expect(200);

  assert.equal(response.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.deepEqual(
    response.body.map(({ id, order, permission }: Record<string, unknown>) => [id, order, permission]),
    [
      ["predictions_to_annotations", 91, "tasks.change"],
      ["remove_duplicates", 95, ["projects.change", "tasks.delete"]],
      ["delete_tasks", 100, "tasks.delete"],
      ["delete_tasks_annotations", 101, ["tasks.change", "annotations.delete"]],
      ["delete_tasks_predictions", 102, "predictions.any"],
    ],
  );
});

test("api actions: the selected tasks are deleted", async (t) => {
  const { act, numbers } = await start(t);

  const response = await act("delete_tasks", { selectedItems: { all: false, included: [1, 3, 9999] } }).expect(200);

  assert.equal(response.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.deepEqual(response.body, { processed_items: 2, reload: false, detail: "Deleted 2 tasks" });
  assert.deepEqual(await numbers(), [2, 2, 1, 1]);
});

test("api actions: all tasks but those that are excluded are deleted", async (t) => {
  const { act, numbers } = await start(t);

  const { body } = await act("delete_tasks", { selectedItems: { all: true, excluded: [2] } }).expect(200);

  assert.deepEqual(body, { processed_items: 3, reload: false, detail: "Deleted 3 tasks" });
  assert.deepEqual(await numbers(), [1, 2, 1, 1]);
});

test("api actions: without a selection it is about all tasks", async (t) => {
  const { act, numbers } = await start(t);

  const { body } = await act("delete_tasks").expect(200);

  assert.deepEqual(body, { processed_items: 4, reload: true, detail: "Deleted 4 tasks" });
  assert.deepEqual(await numbers(), [0, 0, 0, 0]);
});

test("api actions: it is never about tasks of other projects", async (t) => {
  const { script, act, numbers } = await start(t);
  await script("post", "/api/projects/", {}).expect(201);
  await script("post", "/api/projects/2/tasks/", { data: {} }).expect(201);

  const { body } = await act("delete_tasks", { selectedItems: { all: false, included: [5] } }).expect(200);
  await act("delete_tasks").expect(200);

  assert.equal(body.processed_items, 0);
  assert.deepEqual(await numbers(), [0, 0, 0, 0]);
  await script("get", "/api/tasks/5/").expect(200);
});

test("api actions: the annotations of the selected tasks are deleted, with drafts", async (t) => {
  const { script, act, numbers } = await start(t);
  await script("post", "/api/tasks/1/drafts", { result: [] }).expect(201);

  const { body } = await act("delete_tasks_annotations", { selectedItems: { all: false, included: [1, 4] } });

  assert.deepEqual(body, { processed_items: 2, detail: "Deleted 2 annotations" });
  assert.deepEqual(await numbers(), [4, 2, 4, 1]);
  const task = (await script("get", "/api/tasks/1/").expect(200)).body;
  assert.deepEqual([task.annotations, task.drafts, task.updated_by], [[], [], [{ user_id: 1 }]]);
});

test("api actions: of annotations, one person's can be meant", async (t) => {
  const { act, ann, numbers, script } = await start(t);

  const { body } = await act("delete_tasks_annotations", { annotator: String(ann.user.id) }).expect(200);

  assert.deepEqual(body, { processed_items: 2, detail: "Deleted 2 annotations" });
  assert.deepEqual(await numbers(), [4, 2, 4, 2]);
  assert.deepEqual((await script("get", "/api/tasks/1/")).body.annotators, [1]);
});

test("api actions: the predictions of the selected tasks are deleted", async (t) => {
  const { act, numbers } = await start(t);

  const { body } = await act("delete_tasks_predictions", { selectedItems: { all: false, included: [3, 4] } });

  assert.deepEqual(body, { processed_items: 2, detail: "Deleted 2 predictions" });
  assert.deepEqual(await numbers(), [4, 4, 2, 2]);
});

test("api actions: predictions become annotations of the caller's, once", async (t) => {
  const { act, numbers, ann, script } = await start(t);
  const convert = async (body: object) =>
    (await ann.script("post", `${actions}?id=predictions_to_annotations&project=1`, body).expect(200)).body;
  const third = { selectedItems: { all: false, included: [3] } };

  assert.deepEqual(await convert({ ...third, model_version: "v2" }), { detail: "Created 1 annotations" });
  assert.deepEqual(await numbers(), [4, 5, 4, 3]);
  const [created] = (await script("get", "/api/tasks/3/annotations/").expect(200)).body;
  assert.deepEqual(
    [created.result, created.completed_by, created.parent_prediction, withoutTimestamps(created).created_at],
    [answer("neg"), ann.user.id, 4, "a moment"],
  );
  assert.deepEqual(await convert({ ...third, model_version: ["v1", "v2"] }), { detail: "Created 1 annotations" });
  assert.deepEqual(await convert(third), { detail: "Created 0 annotations" });
  assert.deepEqual((await act("predictions_to_annotations")).body, { detail: "Created 2 annotations" });
  assert.deepEqual(await numbers(), [4, 8, 4, 3]);
});

const selections = [{ included: [1] }, [1], "x", 5, { all: false, included: ["x"] }, null];

for (const selectedItems of selections) {
  test(`api actions: ${JSON.stringify(selectedItems)} selects nothing, and nothing is done`, async () => {
    const { act, numbers } = await shared();

    assertInvalid(await act("delete_tasks", { selectedItems }), {
      selectedItems: ['selectedItems must be dict: {"all": [true|false], "excluded | included": [...task_ids...]}.'],
    });

    assert.deepEqual(await numbers(), [4, 4, 4, 2]);
  });
}

test("api actions: a selection may come as text", async (t) => {
  const { act } = await start(t);

  const { body } = await act("delete_tasks", { selectedItems: '{"all": false, "included": [1]}' }).expect(200);

  assert.equal(body.processed_items, 1);
});

const less = (id: number) => ({
  conjunction: "and",
  items: [{ filter: "filter:tasks:id", operator: "less", type: "Number", value: id }],
});

test("api actions: none is done where nothing is selected", async () => {
  const { act, numbers } = await shared();

  for (const selectedItems of [{ all: false }, { all: false, included: [] }])
    assert.equal((await act("delete_tasks", { selectedItems }).expect(200)).body.processed_items, 0);

  assert.deepEqual(await numbers(), [4, 4, 4, 2]);
});

test("api actions: filters choose tasks, of those that are selected", async (t) => {
  const { act, numbers } = await start(t);
  const selectedItems = { all: true, excluded: [1] };

  const one = await act("delete_tasks_annotations", { filters: less(3), selectedItems, ordering: ["-tasks:id"] });
  const predictions = await act("delete_tasks_predictions", { filters: less(2) });
  const tasks = await act("delete_tasks", { filters: less(4) });

  assert.deepEqual(one.body, { processed_items: 2, detail: "Deleted 2 annotations" });
  assert.deepEqual(predictions.body, { processed_items: 1, detail: "Deleted 1 predictions" });
  assert.deepEqual(tasks.body, { processed_items: 3, reload: false, detail: "Deleted 3 tasks" });
  assert.deepEqual(await numbers(), [1, 0, 0, 0]);
});

test("api actions: a saved view chooses tasks, and what can't be applied changes nothing", async (t) => {
  const { act, numbers, script } = await start(t);
  const view = await script("post", "/api/dm/views/", { project: 1, data: { filters: less(3) } }).expect(201);
  await script("post", "/api/projects/", {}).expect(201);
  const foreign = await script("post", "/api/dm/views/", { project: 2 }).expect(201);

  const unknown = await act("delete_tasks", { filters: { ...less(3), conjunction: "xor" } });
  const other = await act(`delete_tasks&view=${foreign.body.id}`);

  assert.equal(unknown.status, 400);
  assert.match(unknown.body.validation_errors.filters[0], /conjunction/);
  assertInvalid(other, { view: ["This view belongs to another project."] });
  assert.deepEqual(await numbers(), [4, 4, 4, 2]);
  assert.equal((await act(`delete_tasks&view=${view.body.id}`).expect(200)).body.processed_items, 2);
});

test("api actions: the next task is the first of those that were chosen", async (t) => {
  const { act, ann } = await start(t);
  const next = async (body: object) => (await act("next_task", body).expect(200)).body;

  const first = await next({});
  const last = await next({ ordering: ["-tasks:id"] });
  const chosen = await next({ selectedItems: { all: false, included: [1, 3] } });
  const taken = await ann.script("post", `${actions}?id=next_task&project=1`, {
    selectedItems: { all: false, included: [3] },
  });
  const none = await act("next_task", { selectedItems: { all: false, included: [1] } });

  assert.deepEqual([first.id, first.queue], [3, "Sequence queue"]);
  assert.deepEqual([last.id, last.queue], [4, "Data manager queue"]);
  assert.deepEqual([chosen.id, chosen.queue, typeof chosen.unique_lock_id], [3, "Data manager queue", "string"]);
  assert.equal(taken.status, 404);
  assertRefused(none, { status: 404, detail: "There are no tasks for owner@example.com" });
});

test("api actions: one that is not there is refused", async () => {
  const { script, act, numbers } = await shared();
  const noProject = { status: 404, detail: "No Project matches the given query." };

  const nameless = await script("post", `${actions}?project=1`, {});

  assert.equal(nameless.status, 422);
  assert.deepEqual(nameless.body, { detail: 'No action id "None", use ?id=<action-id>' });
  assertRefused(await act("nope"), { status: 400, detail: "Can't find 'nope' in registered actions" });
  assertRefused(await act("delete_tasks&view=1"), { status: 404, detail: "No View matches the given query." });
  assertRefused(await script("post", `${actions}?id=delete_tasks`, {}), noProject);
  assertRefused(await script("post", `${actions}?id=delete_tasks&project=9999`, {}), noProject);
  assertRefused(await script("get", actions), noProject);
  assert.deepEqual(await numbers(), [4, 4, 4, 2]);
});

test("api actions: of tasks with the same data the annotated one stays, with the annotations and drafts of the others", async (t) => {
  const { act, numbers, script, addTask, annotate, ann } = await start(t);
  // "a" is annotated twice; of "d" only the second task will be, of "c" the third one is another person's skip.
  for (const text of ["d", "a", "c"]) await addTask(text);
  await annotate({ id: 5 });
  await annotate({ id: 6 });
  await annotate({ id: 7 }, { was_cancelled: true }, ann.script);
  await script("post", "/api/tasks/4/drafts", { result: answer("neg") }).expect(201);
  const before = await numbers();

  const { body } = await act("remove_duplicates", { selectedItems: { all: true, excluded: [] } }).expect(200);

  assert.deepEqual(body, {});
  const tasks = (await script("get", "/api/tasks/?project=1&fields=all").expect(200)).body.tasks;
  assert.deepEqual(
    tasks.map(({ id, total_annotations, cancelled_annotations, drafts }: Record<string, unknown>) => [
      id,
      total_annotations,
      cancelled_annotations,
      (drafts as unknown[]).length,
    ]),
    [
      [1, 3, 0, 0],
      [2, 2, 0, 0],
      [5, 1, 0, 1],
      [7, 0, 1, 0],
    ],
  );
  const [, annotations] = before;
  assert.equal((await numbers())[1], annotations);
  await act("remove_duplicates", {}).expect(200);
  assert.equal((await numbers())[0], 4);
});

test("api actions: duplicates are looked for among the selected tasks alone", async (t) => {
  const { act, script, addTask } = await start(t);
  for (const text of ["d", "d"]) await addTask(text);

  await act("remove_duplicates", { selectedItems: { all: false, included: [5, 6] } }).expect(200);

  const { tasks } = (await script("get", "/api/tasks/?project=1&include=id")).body;
  assert.deepEqual(
    tasks.map(({ id }: { id: number }) => id),
    [1, 2, 3, 4, 5],
  );
});

test("api actions: forms say whose annotations and which predictions can be chosen", async () => {
  const { script, owner, ann } = await shared();
  const form = async (id: string) => (await script("get", `${actions}${id}/form/?project=1`).expect(200)).body;

  const [{ fields }] = await form("delete_tasks_annotations");
  assert.deepEqual(fields, [
    {
      type: "select",
      name: "annotator",
      label: "Annotator",
      options: [owner.user, ann.user].map(({ id, email }) => ({ value: String(id), label: email })),
      placeholder: "All",
      searchable: true,
    },
  ]);
  const [predictions] = await form("predictions_to_annotations");
  assert.deepEqual(predictions.fields[0].options.toSorted(), ["v1", "v2"]);
  assertRefused(await script("get", `${actions}delete_tasks_annotations/form/?project=99`), {
    status: 404,
    detail: "No Project matches the given query.",
  });
});

for (const id of [
  "retrieve_tasks_predictions",
  "cache_labels",
  "add_data_field",
  "propagate_annotations",
  "rename_labels",
])
  test(`api actions: ${id} is refused with what to do instead`, async () => {
    const { act } = await shared();
    const { status, body } = await act(id, {});
    assert.equal(status, 400);
    assert.match(body.detail, /^Atelier (?:calls no|doesn't) .* (?:\/api\/\S+|annotations_results)/);
  });
