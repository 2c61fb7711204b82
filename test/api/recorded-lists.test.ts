import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, startReviews, reviewSetup } from "../support/contract.ts";
import { assertRows } from "../support/recorded-rows.ts";

const kinds = ["localfiles", "s3", "gcs", "azure", "redis"];

test("recorded lists: what is not here is empty for each kind, with and without the final slash", async (t) => {
  const { script } = await startReviews(t);
  const lists = [
    "ml",
    "webhooks",
    "storages",
    "storages/export",
    ...kinds.flatMap((kind) => [`storages/${kind}`, `storages/export/${kind}`]),
  ];

  await assertRows(
    script,
    lists.flatMap((list) => ["", "/"].map((slash) => ({ ask: `GET /api/${list}${slash}?project=1`, status: 200, is: [] }))), // prettier-ignore
  );
});

test("recorded lists: what is wrong with a list, and what is in none", async (t) => {
  const { script } = await startReviews(t);
  const noProject = { status: 404, detail: "No Project matches the given query." };
  const notFound = { status: 404, detail: "Not found." };
  const page = { count: 0, next: null, previous: null, results: [] };

  await assertRows(script, [
    { ask: "GET /api/ml/", ...noProject },
    { ask: "GET /api/ml/?project=99", ...noProject },
    { ask: "GET /api/storages/localfiles?project=99", ...noProject },
    { ask: "GET /api/storages/", status: 200, is: [] },
    { ask: "GET /api/storages/types", status: 200, is: [] },
    { ask: "GET /api/labels/", status: 200, is: page },
    { ask: "GET /api/label_links/", status: 200, is: page },
    { ask: "GET /api/templates/", status: 200, is: { templates: [], groups: [] } },
    ...["webhooks/1/", "comments/", "workspaces/", "fsm/entities/task/1/history", "webhooks/info/", ""].map((path) => ({
      ask: `GET /api/${path}`,
      ...notFound,
    })),
    { ask: "GET /data/local-files/?d=x.png", status: 403, detail: /^Local files are not served here/ },
  ]);
});

test("recorded lists: making what is not here is 403, whatever is sent, and says what to do", async (t) => {
  const { script } = await startReviews(t);

  await assertRows(script, [
    ...[{ project: 1, url: "http://127.0.0.1:9090" }, {}, { project: 1, url: "x" }].map((body) => ({
      ask: "POST /api/ml/",
      body,
      status: 403,
      detail: /^Atelier calls no ML backend\./,
    })),
    ...[{ url: "http://127.0.0.1:9/", project: 1 }, {}, { url: "x" }].map((body) => ({
      ask: "POST /api/webhooks/",
      body,
      status: 403,
      detail: /^Atelier calls no webhooks\./,
    })),
    ...["s3", "gcs", "azure", "redis"].map((kind) => ({
      ask: `POST /api/storages/${kind}`,
      body: { project: 1 },
      status: 403,
      detail: /^Atelier connects to no storage\./,
    })),
    {
      ask: "POST /api/storages/export/localfiles",
      body: { project: 1, path: "/nope" },
      status: 403,
      detail: /^Atelier writes no annotations into folders of the server\. .*label-studio export/,
    },
    ...[{}, [{ value: ["pos"], title: "pos", from_name: "label", project: 1 }]].map((body) => ({
      ask: "POST /api/labels/",
      body,
      status: 403,
      detail: /^Atelier keeps labels in the labeling setup\./,
    })),
    ...["localfiles/", "localfiles/validate"].map((path) => ({
      ask: `POST /api/storages/${path}`,
      body: { project: 1, path: "/nope" },
      status: 403,
      detail: /^Local files are not served here\./,
    })),
  ]);
});

test("recorded lists: numbers and lists that are asked for by words", async (t) => {
  const { script } = await startReviews(t);
  const ids = { status: 400, errors: { ids: ["Send ids with commas between them, such as 1,2."] } };

  await assertRows(script, [
    {
      ask: "GET /api/projects/counts/?ids=1&include=task_number",
      status: 200,
      is: { count: 1, next: null, previous: null, results: [{ task_number: 0 }] },
    },
    {
      ask: "GET /api/projects/counts/?ids=1&include=nope",
      status: 200,
      is: { count: 1, next: null, previous: null, results: [{}] },
    },
    { ask: "GET /api/projects/counts/?ids=x", ...ids },
    { ask: "GET /api/projects/?ids=x", ...ids },
    { ask: "GET /api/projects/?ids=1,x", ...ids },
    { ask: "GET /api/projects/?page=x", status: 404, detail: "Invalid page." },
    { ask: "GET /api/projects/1/tasks/?page=0", status: 404, detail: "Not found." },
  ]);
});

test("recorded lists: a project as a form has the booleans of JSON where it leaves them out", async (t) => {
  const { script } = await startReviews(t);

  const { status, body } = await script("post", "/api/projects/")
    .type("form")
    .send({ title: "From a form", label_config: reviewSetup, is_draft: "on", show_instruction: "1" });
  const changed = await script("patch", `/api/projects/${body.id}/`).type("form").send({ title: "Changed" });

  assert.equal(status, 201);
  const { title, is_draft, show_instruction } = body;
  assert.deepEqual([title, is_draft, show_instruction], ["From a form", true, true]);
  const { show_skip_button, enable_empty_annotation, show_collab_predictions } = body;
  assert.deepEqual([show_skip_button, enable_empty_annotation, show_collab_predictions], [true, true, true]);
  assert.deepEqual([changed.body.title, changed.body.is_draft], ["Changed", true]);
});

test("recorded lists: tasks and annotations come as forms, too", async (t) => {
  const { script } = await startReviews(t);

  const task = await script("post", "/api/tasks/").type("form").send({ project: 1, data: '{"text": "a"}' });
  const annotation = await script("post", "/api/tasks/1/annotations/")
    .type("form")
    .send({ result: "[]", lead_time: 3 });

  assert.deepEqual([task.status, task.body.data], [201, { text: "a" }]);
  const { result, lead_time, bulk_created } = annotation.body;
  assert.deepEqual([annotation.status, result, lead_time, bulk_created], [201, [], 3, false]);
});

/** What is counted, as the recorded table has its columns. */
const columns = [
  "task_number",
  "finished_task_number",
  "num_tasks_with_annotations",
  "total_annotations_number",
  "useful_annotation_number",
  "ground_truth_number",
  "skipped_annotations_number",
  "total_predictions_number",
  "queue_done",
];

test("recorded lists: counts go along with what is imported, annotated, skipped and deleted", async (t) => {
  const { script, member, path, annotate } = await startReviews(t);
  const bob = await member();
  const made = (more = {}) => ({ result: answer("pos"), ...more });
  const tasks: object[] = [
    { annotations: [made()] },
    { annotations: [made({ ground_truth: false })] },
    { annotations: [made({ was_cancelled: true })] },
    {},
    { annotations: [made({ was_cancelled: true, ground_truth: false })] },
    { annotations: [made({ ground_truth: false }), made({ was_cancelled: true })] },
    { predictions: [{ result: answer("pos") }] },
  ].map((task, index) => ({ data: { text: String(index + 1) }, ...task }));
  const counted = async () => {
    const { body } = await script("get", `${path}?include=${columns.join()}`).expect(200);
    const list = await script("get", "/api/tasks/?project=1&include=id,is_labeled").expect(200);
    const labeled = list.body.tasks.filter((task: { is_labeled: boolean }) => task.is_labeled);
    return [...columns.map((name) => body[name]), labeled.map(({ id }: { id: number }) => id)];
  };

  // In the third column tasks with ground truths count, too; in the second and the last those that were only skipped don't.
  await script("post", `${path}import`, tasks).expect(201);
  assert.deepEqual(await counted(), [7, 3, 3, 3, 2, 3, 3, 1, 5, [1, 2, 6]]);
  const first = await annotate({ id: 4 });
  assert.deepEqual(await counted(), [7, 4, 4, 4, 3, 3, 3, 1, 6, [1, 2, 4, 6]]);
  const skip = await annotate({ id: 7 }, { was_cancelled: true });
  assert.deepEqual(await counted(), [7, 4, 4, 4, 3, 3, 4, 1, 7, [1, 2, 4, 6]]);
  await annotate({ id: 4 }, { ground_truth: true });
  await script("delete", `/api/annotations/${first.id}/`).expect(204);
  assert.deepEqual(await counted(), [7, 4, 4, 4, 2, 4, 4, 1, 7, [1, 2, 4, 6]]);
  await script("patch", `/api/annotations/${skip.id}/`, { was_cancelled: false }).expect(200);
  assert.deepEqual(await counted(), [7, 5, 5, 5, 3, 4, 3, 1, 7, [1, 2, 4, 6, 7]]);
  await script("patch", path, { maximum_annotations: 2 }).expect(200);
  assert.deepEqual(await counted(), [7, 0, 5, 5, 3, 4, 3, 1, 7, []]);
  await annotate({ id: 2 }, {}, bob.script);
  assert.deepEqual(await counted(), [7, 1, 5, 6, 4, 4, 3, 1, 7, [2]]);
  await script("patch", path, { maximum_annotations: 1 }).expect(200);
  assert.deepEqual(await counted(), [7, 5, 5, 6, 4, 4, 3, 1, 7, [1, 2, 4, 6, 7]]);
  await script("delete", "/api/tasks/1/").expect(204);
  assert.deepEqual(await counted(), [6, 4, 4, 5, 4, 3, 3, 1, 6, [2, 4, 6, 7]]);
});
