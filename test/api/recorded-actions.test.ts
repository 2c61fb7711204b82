import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, startReviews } from "../support/contract.ts";
import { filterBy, item } from "../support/filtered-tasks.ts";
import { assertRows } from "../support/recorded-rows.ts";
import type { RecordedRow } from "../support/recorded-rows.ts";

const actions = "/api/dm/actions/";

const act = (id: string, body: object, row: Omit<RecordedRow, "ask" | "body" | "status"> & { status?: number }) => ({
  ask: `POST ${actions}?id=${id}&project=1`,
  body,
  status: 200,
  ...row,
});

const chosen = (...included: number[]) => ({ selectedItems: { all: false, included } });

const none = { status: 404, detail: "There are no tasks for owner@example.com" };

test("recorded actions: each does what it did, one after another", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  const tasks = [];
  for (const text of ["t0", "t1", "t2", "t3", "same", "same", "t6", "x"]) tasks.push(await addTask(text));
  const [first, , , , , sixth] = tasks;
  assert.ok(first && sixth);
  for (const task of [1, 2, 3, 4])
    await script("post", "/api/predictions/", { task, result: answer("neg"), model_version: "m1" }).expect(201);
  await annotate(sixth);
  await annotate(first);
  const withView = filterBy(item("id", "equal", "Number", 1));
  await script("post", "/api/dm/views/", { project: 1, data: withView }).expect(201);

  await assertRows(script, [
    act("next_task", {}, { has: { id: 2, queue: "Sequence queue" } }),
    act("next_task", filterBy(item("id", "greater", "Number", 3)), { has: { id: 4, queue: "Data manager queue" } }),
    act("next_task", { ordering: ["-tasks:id"] }, { has: { id: 8, queue: "Data manager queue" } }),
    act("next_task", chosen(4), { has: { id: 4, queue: "Data manager queue" } }),
    act("next_task", chosen(1), none),
    act("predictions_to_annotations", { ...chosen(2), filters: null, ordering: [] }, { is: { detail: "Created 1 annotations" } }), // prettier-ignore
    act("predictions_to_annotations", { ...chosen(2, 3), model_version: ["m1"] }, { is: { detail: "Created 1 annotations" } }), // prettier-ignore
    act(
      "predictions_to_annotations",
      { ...filterBy(item("id", "equal", "Number", 4)), model_version: "m1" },
      { is: { detail: "Created 1 annotations" } },
    ),
    act("remove_duplicates", { selectedItems: { all: true, excluded: [] } }, { is: {} }),
    { ask: "GET /api/tasks/?project=1", status: 200, ids: [1, 2, 3, 4, 6, 7, 8] },
    { ask: "GET /api/annotations/1/", status: 200, has: { task: 6 } },
    act("delete_tasks_predictions", chosen(1, 8), { is: { processed_items: 1, detail: "Deleted 1 predictions" } }),
    act("delete_tasks_annotations", { ...chosen(1), annotator: "1" }, { is: { processed_items: 1, detail: "Deleted 1 annotations" } }), // prettier-ignore
    act("delete_tasks_annotations", filterBy(item("total_annotations", "greater", "Number", 0)), {
      is: { processed_items: 4, detail: "Deleted 4 annotations" },
    }),
    act("delete_tasks_annotations", { ...chosen(1), annotator: "x" }, {
      status: 400,
      errors: { annotator: ["Incorrect type. Expected pk value, received str."] },
    }),
    act("delete_tasks", { ...filterBy(item("data.text", "equal", "String", "x")), selectedItems: { all: true, excluded: [] } }, {
      is: { processed_items: 1, reload: false, detail: "Deleted 1 tasks" },
    }),
    {
      ask: `POST ${actions}?id=delete_tasks&project=1&view=1`,
      body: {},
      status: 200,
      is: { processed_items: 1, reload: false, detail: "Deleted 1 tasks" },
    },
    { ask: "GET /api/tasks/?project=1", status: 200, ids: [2, 3, 4, 6, 7] },
    act("delete_tasks", { selectedItems: { all: false } }, {
      is: { processed_items: 0, reload: false, detail: "Deleted 0 tasks" },
    }),
    act("delete_tasks", {}, { is: { processed_items: 5, reload: true, detail: "Deleted 5 tasks" } }),
    { ask: "GET /api/dm/views/?project=1", status: 200, ids: [1] },
    act("next_task", {}, none),
  ]); // prettier-ignore
});

test("recorded actions: the list names titles and orders, and says after which one the page is read again", async (t) => {
  const { script } = await startReviews(t);

  const { body } = await script("get", `${actions}?project=1`).expect(200);

  assert.deepEqual(
    body.map(({ id, title, order, dialog, reload, experimental }: Record<string, { type: string }>) => [
      id,
      title,
      order,
      dialog?.type,
      reload,
      experimental,
    ]),
    [
      ["predictions_to_annotations", "Create Annotations From Predictions", 91, "confirm", undefined, undefined],
      ["remove_duplicates", "Remove Duplicated Tasks", 95, "confirm", undefined, false],
      ["delete_tasks", "Delete Tasks", 100, "confirm", true, undefined],
      ["delete_tasks_annotations", "Delete Annotations", 101, "confirm", undefined, undefined],
      ["delete_tasks_predictions", "Delete Predictions", 102, "confirm", undefined, undefined],
    ],
  );
});

test("recorded actions: the form of predictions_to_annotations offers the versions, the newest first", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("a");
  for (const model_version of ["v1", "v2"])
    await script("post", "/api/predictions/", { task: 1, result: answer("pos"), model_version }).expect(201);

  await assertRows(script, [
    {
      ask: `GET ${actions}predictions_to_annotations/form/?project=1`,
      status: 200,
      is: [
        {
          columnCount: 1,
          fields: [
            { type: "select", name: "model_version", label: "Choose predictions", options: ["v2", "v1"], value: "" },
          ],
        },
      ],
    },
  ]);
});
