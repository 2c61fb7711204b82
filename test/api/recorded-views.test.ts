import assert from "node:assert/strict";
import { test } from "node:test";

import { filterBy, item, startFilteredTasks } from "../support/filtered-tasks.ts";
import { assertRows } from "../support/recorded-rows.ts";

const views = "/api/dm/views";

test("recorded views: saving, changing and ordering, row by row", async (t) => {
  const { script } = await startFilteredTasks(t);
  const title = "Short";
  const columns = {
    hiddenColumns: { explore: ["tasks:inner_id"], labeling: ["tasks:id"] },
    type: "list",
    gridWidth: 4,
  };
  const less = { ...filterBy(item("id", "less", "Number", 4)), ordering: ["-tasks:id"] };
  const or = {
    filters: {
      conjunction: "or",
      items: [item("id", "equal", "Number", 2), item("data.text", "contains", "String", "six")],
    },
  };
  const none = filterBy();
  const one = { all: false, included: [1] };
  const view = (id: number, data: object, order = 0) => ({ id, data, order, user: 1, project: 1 });
  const changed = { title: "Renamed", ...or, ordering: ["-tasks:id"] };
  const put = { ...changed, title: "Put" };
  const titled = { ...changed, title: "only title" };
  const emptied = { title: "x", ...none, ordering: ["-tasks:id"] };

  await assertRows(script, [
    { ask: `GET ${views}/?project=1`, status: 200, is: [] },
    {
      ask: `POST ${views}/`,
      body: { project: 1, data: { title, ...less, ...columns } },
      status: 201,
      is: view(1, { title, ...columns, ...less }),
    },
    {
      ask: `PATCH ${views}/1/`,
      body: { data: { title: "Renamed", ...or }, project: 1 },
      status: 200,
      is: view(1, changed),
    },
    { ask: `PUT ${views}/1`, body: { data: { title: "Put" }, project: 1 }, status: 200, is: view(1, put) },
    { ask: `GET ${views}/1`, status: 200, is: view(1, put) },
    { ask: `GET ${views}?project=1`, status: 200, is: [view(1, put)] },
    { ask: `POST ${views}/`, body: {}, status: 400, errors: { project: ["This field is required."] } },
    { ask: `POST ${views}/`, body: { project: 1 }, status: 201, is: view(2, {}) },
    // The order of a view with filters is the number of those that there are.
    { ask: `POST ${views}/`, body: { project: 1, data: none }, status: 201, is: view(3, none, 2) },
    { ask: `POST ${views}/`, body: { project: 1, data: { selectedItems: one } }, status: 201, is: view(4, { selectedItems: one }) }, // prettier-ignore
    {
      ask: `POST ${views}/`,
      body: { project: 1, data: { title: "so" }, selected_items: one, order: 7 },
      status: 201,
      is: view(5, { title: "so", selectedItems: one }, 7),
    },
    { ask: `PATCH ${views}/1/`, body: { data: { title: "only title" } }, status: 200, is: view(1, titled) },
    { ask: `PATCH ${views}/1/`, body: { data: { title: "x", ...none } }, status: 200, is: view(1, emptied) },
    { ask: `POST ${views}/order/`, body: { project: 1, ids: [2, 1] }, status: 200, is: "" },
    { ask: `GET ${views}/?project=1`, status: 200, ids: [2, 4, 1, 3, 5] },
    { ask: `GET ${views}/999/`, status: 404, detail: "No View matches the given query." },
    { ask: `DELETE ${views}/1/`, status: 204, is: "" },
    { ask: `DELETE ${views}/1/`, status: 404, detail: "No View matches the given query." },
    { ask: `POST ${views}/reset/`, body: { project: 1 }, status: 405, detail: 'Method "POST" not allowed.' },
    { ask: `DELETE ${views}/reset/`, body: { project: 1 }, status: 204, is: "" },
    { ask: `GET ${views}/?project=1`, status: 200, is: [] },
  ]);
});

test("recorded views: filters that can't be are refused with what is wrong, under data", async (t) => {
  const { script } = await startFilteredTasks(t);
  const save = async (...items: object[]) =>
    (await script("post", `${views}/`, { project: 1, data: filterBy(...items) }).expect(400)).body.validation_errors;

  for (const [items, sentence] of [
    [{ ...item("id", "equal", "Number", 1), filter: "tasks:id" }, /^Filter 1: "filter" starts with filter:tasks: /],
    [{ filter: "filter:tasks:id" }, /^Filter 1: "type" is missing/],
    [item("project__id", "equal", "Number", 1), /^Filter 1: there is no column "project__id"/],
    [item("nope", "zz", "Zz", 1), /^Filter 1: there is no column "nope"/],
  ] as const) {
    const { data, ...rest } = await save(items);
    assert.match(data[0], sentence);
    assert.deepEqual(rest, {});
  }
});

test("recorded views: snapshots take tasks with annotations, and annotations by their kind", async (t) => {
  const { script } = await startFilteredTasks(t);
  const snapshot = async (options: object) => {
    const { body } = await script("post", "/api/projects/1/exports/", options).expect(201);
    assert.equal(body.status, "completed");
    const file = await script("get", `/api/projects/1/exports/${body.id}/download?exportType=JSON`).expect(200);
    const tasks: { id: number; annotations: { id: number }[] }[] = file.body;
    return [body.counters.task_number, tasks.map(({ id, annotations }) => [id, annotations.map((each) => each.id)])];
  };

  assert.deepEqual(await snapshot({ task_filter_options: { only_with_annotations: true } }), [
    3,
    [[1, [1]], [2, [2, 4]], [3, [3]]], // prettier-ignore
  ]);
  assert.deepEqual(await snapshot({ annotation_filter_options: { usual: true, ground_truth: false, skipped: true } }), [
    7,
    [[1, [1]], [2, [4]], [3, [3]], [4, []], [5, []], [6, []], [7, []]], // prettier-ignore
  ]);
});

/** Id, title, type, help, and whether it is shown in the list and while labeling. */
const columns: [string, string, string, string, boolean, boolean][] = [
  ["id", "ID", "Number", "Task ID", true, false],
  ["inner_id", "Inner ID", "Number", "Internal task ID starting from 1 for the current project", false, false],
  ["completed_at", "Completed", "Datetime", "Last annotation date", true, false],
  ["total_annotations", "Annotations", "Number", "Total annotations per task", true, true],
  ["cancelled_annotations", "Cancelled", "Number", "Total cancelled (skipped) annotations", true, false],
  ["total_predictions", "Predictions", "Number", "Total predictions per task", true, false],
  ["annotators", "Annotated by", "List", "All users who completed the task", true, false],
  ["annotations_results", "Annotation results", "String", "Annotation results stacked over all annotations", false, false],
  ["annotations_ids", "Annotation IDs", "String", "Annotation IDs stacked over all annotations", false, false],
  ["predictions_score", "Prediction score", "Number", "Average prediction score over all task predictions", false, false],
  ["predictions_model_versions", "Prediction model versions", "List", "Model versions aggregated over all predictions", false, false],
  ["predictions_results", "Prediction results", "String", "Prediction results stacked over all predictions", false, false],
  ["file_upload", "Upload filename", "String", "Filename of uploaded file", false, false],
  ["storage_filename", "Storage filename", "String", "Filename from import storage", false, false],
  ["created_at", "Created at", "Datetime", "Task creation time", false, false],
  ["updated_at", "Updated at", "Datetime", "Task update time", false, false],
  ["updated_by", "Updated by", "List", "User who did the last task update", false, false],
  ["avg_lead_time", "Lead Time", "Time", "Average lead time over all annotations", false, false],
  ["draft_exists", "Drafts", "Boolean", "True if at least one draft exists for the task", false, false],
]; // prettier-ignore

test("recorded views: each column has its title, type and help, and is shown where it was", async (t) => {
  const { script } = await startFilteredTasks(t);

  const { body } = await script("get", "/api/dm/columns/?project=1").expect(200);

  const known = body.columns.filter((each: Record<string, unknown>) => !each["project_defined"]).slice(0, -1);
  assert.deepEqual(
    known.map(({ id, title, type, help, visibility_defaults: shown }: Record<string, Record<string, boolean>>) => [
      id,
      title,
      type,
      help,
      shown?.["explore"],
      shown?.["labeling"],
    ]),
    columns,
  );
  const data = body.columns.at(-1);
  assert.deepEqual([data.id, data.title, data.type, data.target], ["data", "data", "List", "tasks"]);
});
