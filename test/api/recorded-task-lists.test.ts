import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { filterBy, item, startFilteredTasks } from "../support/filtered-tasks.ts";
import { assertRows } from "../support/recorded-rows.ts";

const shared = share(startFilteredTasks);

const encoded = (query: object) => encodeURIComponent(JSON.stringify(query));

test("recorded task lists: pages, fields and parameters that choose nothing", async () => {
  const { script } = await shared();
  const all = [1, 2, 3, 4, 5, 6, 7];
  const totals = { total_annotations: 3, total_predictions: 2, total: 7 };

  await assertRows(script, [
    { ask: "GET /api/tasks/?project=1&page=x", status: 404, detail: "Invalid page." },
    { ask: "GET /api/tasks/?project=1&page=0", status: 404, detail: "Invalid page." },
    { ask: "GET /api/tasks/?project=1&page=last&page_size=3", status: 200, ids: [7] },
    { ask: "GET /api/tasks/?project=1&page_size=0", status: 200, ids: all },
    { ask: "GET /api/tasks/?project=1&page_size=x", status: 200, ids: all },
    { ask: "GET /api/tasks/?project=1&include=id", status: 200, is: { ...totals, tasks: all.map((id) => ({ id })) } },
    {
      ask: "GET /api/tasks/?project=1&include=id,data&page_size=1",
      status: 200,
      is: { ...totals, tasks: [{ id: 1, data: { text: "alpha one", n: 1, tag: "x" } }] },
    },
    { ask: "GET /api/tasks/?project=1&view=99", status: 404, detail: "No View matches the given query." },
    { ask: 'GET /api/tasks/?project=1&selectedItems={"all":false,"included":[4]}', status: 200, ids: all },
    { ask: "GET /api/tasks/?project=1&only_annotated=true&ids=1&review=1", status: 200, ids: all },
    { ask: "GET /api/tasks?project=1&resolve_uri=False", status: 200, ids: all },
  ]);
});

test("recorded task lists: credentials are needed", async () => {
  const { anonymous } = await shared();

  await assertRows(anonymous, [
    {
      ask: `GET /api/tasks/?project=1&query=${encoded({ selectedItems: { all: false, included: [4] } })}`,
      status: 401,
      detail: "Authentication credentials were not provided.",
    },
  ]);
});

test("recorded task lists: a row of a query has the fields of a row without one", async () => {
  const { script, ask } = await shared();
  const query = { ...filterBy(item("id", "greater", "Number", 5)), ordering: ["-tasks:id"] };

  const { body } = await ask({ ...query, selectedItems: { all: true, excluded: [] } }, "&page_size=1").expect(200);
  const { body: plain } = await script("get", "/api/tasks/?project=1&page=7&page_size=1").expect(200);

  assert.deepEqual(body.tasks, plain.tasks);
  const { created_at: _created, updated_at: _updated, ...row } = body.tasks[0];
  assert.deepEqual(row, {
    id: 7,
    drafts: [],
    annotators: [],
    inner_id: 7,
    cancelled_annotations: 0,
    total_annotations: 0,
    total_predictions: 0,
    annotations_results: "",
    predictions_results: "",
    file_upload: null,
    storage_filename: null,
    annotations_ids: "",
    predictions_model_versions: "",
    updated_by: [],
    data: { text: "from file", n: 7, tag: "z" },
    meta: {},
    is_labeled: false,
    overlap: 1,
    comment_count: 0,
    unresolved_comment_count: 0,
    last_comment_updated_at: null,
    project: 1,
    comment_authors: [],
  });
});

test("recorded task lists: with fields=all a row has all that is computed of its task", async () => {
  const { script } = await shared();

  const { tasks } = (await script("get", "/api/tasks/?project=1&fields=all").expect(200)).body;

  const [one, two, , four, five, , seven] = tasks;
  assert.deepEqual(two.annotations_ids.split(",").toSorted(), ["2", "4"]);
  assert.deepEqual(two.annotators.toSorted(), [1, 2]);
  assert.match(one.annotations_results, /choices: \{?\[?.*pos/);
  assert.doesNotMatch(one.annotations_results, /"/);
  assert.deepEqual([one.predictions_model_versions, one.predictions_score, one.avg_lead_time], ["v1", 0.9, 4]);
  assert.deepEqual([four.updated_by, two.updated_by, five.updated_by], [[{ user_id: 1 }], [{ user_id: 2 }], []]);
  assert.deepEqual([five.draft_exists, five.drafts.length, one.drafts], [true, 1, []]);
  assert.match(seven.file_upload, /^[0-9a-f]{8}-up\.csv$/);
  assert.ok(one.completed_at);
  assert.equal(four.completed_at, null);
});

test("recorded task lists: a filter of a project without tasks finds none", async (t) => {
  const { script } = await startFilteredTasks(t);
  await script("post", "/api/projects/", {}).expect(201);

  await assertRows(script, [
    {
      ask: `GET /api/tasks/?project=2&query=${encoded(filterBy(item("id", "less", "Number", 3)))}`,
      status: 200,
      is: { total_annotations: 0, total_predictions: 0, total: 0, tasks: [] },
    },
  ]);
});

test("recorded task lists: a prediction that is sent, changed or deleted changes its task, by whoever did it", async (t) => {
  const { script, member, repositories } = await startFilteredTasks(t);
  const bob = await member();
  const stateOf = async () => {
    const task = await repositories.tasks.find(6);
    return [task?.updated_at ?? "", task?.updated_by_id] as const;
  };
  const [before] = await stateOf();

  const { body } = await script("post", "/api/predictions/", { task: 6, result: [] }).expect(201);
  const [created, creator] = await stateOf();
  await bob.script("patch", `/api/predictions/${body.id}/`, { score: 0.5 }).expect(200);
  const [changed, changer] = await stateOf();
  await script("delete", `/api/predictions/${body.id}/`).expect(204);
  const [deleted, deleter] = await stateOf();

  assert.ok(before < created && created < changed && changed < deleted, [before, created, changed, deleted].join());
  assert.deepEqual([creator, changer, deleter], [1, bob.user.id, 1]);
});
