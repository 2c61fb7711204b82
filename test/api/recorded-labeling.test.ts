import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, reviewSetup, startReviews } from "../support/contract.ts";
import { assertRows } from "../support/recorded-rows.ts";

const noProject = { status: 404, detail: "No Project matches the given query." };

test("recorded labeling: model versions and the project's own, row by row", async (t) => {
  const { script, path } = await startReviews(t);
  const versions = `${path}model-versions/`;
  const import_ = { data: { text: "a" }, predictions: [{ result: answer("pos"), model_version: "v1" }] };
  const predict = (model_version?: string) => ({ task: 1, result: answer("pos"), model_version });

  await assertRows(script, [
    { ask: `GET ${versions}`, status: 200, is: {} },
    { ask: `POST ${path}import`, body: [import_], status: 201 },
    { ask: `GET ${path}?include=model_version`, status: 200, is: { model_version: "v1" } },
    { ask: "POST /api/predictions/", body: predict("v2"), status: 201 },
    { ask: "POST /api/predictions/", body: predict(), status: 201 },
    { ask: `GET ${versions}`, status: 200, is: { "": 1, v2: 1, v1: 1 } },
    { ask: `GET ${versions}?limit=1`, status: 200, is: { "": 1 } },
    { ask: `GET ${versions}?extended=true`, status: 200, has: { live: null } },
    { ask: `GET ${versions}?extended=true&include_live_models=true`, status: 200, has: { live: [] } },
    { ask: "GET /api/projects/99/model-versions/", ...noProject },
    { ask: `DELETE ${versions}`, body: { model_version: "v2" }, status: 200, is: { deleted_predictions: 1 } },
    { ask: `PATCH ${path}`, body: { model_version: "nope" }, status: 200, has: { model_version: "nope" } },
    { ask: `PATCH ${path}`, body: { model_version: "" }, status: 200, has: { model_version: "" } },
    { ask: `PATCH ${path}`, body: { model_version: null }, status: 400, errors: { model_version: ["This field may not be null."] } }, // prettier-ignore
    { ask: `PATCH ${path}`, body: { model_version: "v1" }, status: 200 },
    { ask: `DELETE ${versions}`, body: { model_version: "v1" }, status: 200, is: { deleted_predictions: 1 } },
    { ask: `GET ${path}?include=model_version`, status: 200, is: { model_version: "" } },
  ]);
});

test("recorded labeling: the next task and its queue, in their order", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t, { skip_queue: "REQUEUE_FOR_ME" });
  const tasks = [];
  for (const text of ["one", "two", "three"]) tasks.push(await addTask(text));
  const [first, second, third] = tasks;
  assert.ok(first && second && third);
  const next = async (query = "") => {
    const { body } = await script("get", `${path}next/${query}`).expect(200);
    return [body.id, body.queue];
  };

  assert.deepEqual(await next(), [1, "Sequence queue"]);
  assert.deepEqual(await next("?task=3&taskId=3"), [1, "Sequence queue"]);
  await annotate(first);
  assert.deepEqual(await next(), [2, "Sequence queue"]);
  await script("post", "/api/tasks/3/drafts", { result: [] }).expect(201);
  assert.deepEqual(await next(), [2, "Sequence queue"]);
  await annotate(second, { was_cancelled: true });
  assert.deepEqual(await next(), [3, "Sequence queue"]);
  await annotate(third);
  assert.deepEqual(await next(), [2, "Skipped queue"]);
  await assertRows(script, [
    {
      ask: `GET ${path}label-stream-history/`,
      status: 200,
      is: [1, 2, 3].map((id) => ({ taskId: id, annotationId: id })),
    },
    { ask: "GET /api/projects/99/label-stream-history/", ...noProject },
    { ask: "GET /api/tasks/1/agreement/", status: 403, detail: "Feature not enabled" },
    { ask: "GET /api/tasks/999/agreement/", status: 403, detail: "Feature not enabled" },
  ]);
});

test("recorded labeling: by chance and by scores, the queue says so", async (t) => {
  const { script, path, addTask } = await startReviews(t, { sampling: "Uniform sampling" });
  for (const text of ["one", "two", "three"]) await addTask(text);
  for (const [task, score] of [0.9, 0.6, 0.3].entries())
    await script("post", "/api/predictions/", { task: task + 1, result: [], score }).expect(201);

  await assertRows(script, [{ ask: `GET ${path}next/`, status: 200, has: { queue: "Uniform random queue" } }]);
});

test("recorded labeling: of uncertain predictions the lowest score comes first", async (t) => {
  const { script, path, addTask } = await startReviews(t, { sampling: "Uncertainty sampling" });
  for (const text of ["one", "two", "three"]) await addTask(text);
  for (const [task, score] of [0.9, 0.6, 0.3].entries())
    await script("post", "/api/predictions/", { task: task + 1, result: [], score }).expect(201);

  await assertRows(script, [
    { ask: `GET ${path}next/`, status: 200, has: { id: 3, queue: "Active learning or random queue" } },
  ]);
});

test("recorded labeling: drafts of annotations, and what submitting makes of them", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  const one = await addTask("one");
  await addTask("two");
  await annotate(one);
  const drafts = "/api/tasks/1/annotations/1/drafts";
  const user = { user: "owner@example.com", created_username: "owner@example.com, 1" };
  const draft = { ...user, lead_time: 2, was_postponed: false, import_id: null, task: 1, annotation: 1 };
  const unique_id = "2f4f2a3c-1111-4222-8333-444455556666";
  const annotations = "/api/tasks/1/annotations/";

  await assertRows(script, [
    { ask: `POST ${drafts}`, body: { result: answer("neg"), lead_time: 2 }, status: 201, has: { id: 1, ...draft } },
    { ask: `GET ${drafts}`, status: 200, ids: [1] },
    { ask: "GET /api/tasks/2/annotations/1/drafts", status: 200, is: [] },
    { ask: `POST ${drafts}`, body: {}, status: 400, errors: { result: ["This field is required."] } },
    { ask: "GET /api/tasks/1/drafts", status: 200, ids: [1] },
    {
      ask: "PATCH /api/annotations/1/",
      body: { result: answer("neg") },
      status: 200,
      has: { result: answer("neg"), draft_created_at: null },
    },
    { ask: `GET ${drafts}`, status: 200, is: [] },
    // An unknown draft is ignored.
    { ask: `POST ${annotations}`, body: { result: answer("pos"), draft_id: 99 }, status: 201, has: { draft_created_at: null } }, // prettier-ignore
    { ask: `POST ${annotations}`, body: { result: answer("pos"), unique_id }, status: 201 },
    {
      ask: `POST ${annotations}`,
      body: { result: answer("pos"), unique_id },
      status: 409,
      detail: "Annotation with this unique id already exists",
    },
    {
      ask: "POST /api/projects/1/import",
      body: [{ data: { text: "x" }, annotations: [{ result: answer("pos"), unique_id }] }],
      status: 201,
      has: { task_count: 1, annotation_count: 1 },
    },
    { ask: "PUT /api/annotations/1/", body: {}, status: 200, has: { result: answer("neg"), completed_by: 1 } },
    { ask: "PUT /api/projects/1/", body: {}, status: 200, has: { id: 1, title: "Reviews", created_by: { avatar: null, email: "owner@example.com", first_name: "", id: 1, last_name: "" } } }, // prettier-ignore
    { ask: "PUT /api/tasks/1/", body: {}, status: 200, has: { data: { text: "one" } } },
  ]);
});

test("recorded labeling: a draft goes with what is submitted, whatever draft it names", async (t) => {
  const { script, addTask } = await startReviews(t);
  for (const text of ["one", "two", "three"]) await addTask(text);
  const draftOf = async (task: number) =>
    (await script("post", `/api/tasks/${task}/drafts`, { result: answer("pos") }).expect(201)).body;
  const [first, second, third] = [await draftOf(1), await draftOf(2), await draftOf(3)];
  const { body: prediction } = await script("post", "/api/predictions/", { task: 3, result: [] }).expect(201);
  const gone = { status: 404, detail: "No AnnotationDraft matches the given query." };
  const submit = (task: number, more: object) => ({
    ask: `POST /api/tasks/${task}/annotations/`,
    body: { result: answer("pos"), ...more },
    status: 201,
  });

  await assertRows(script, [
    { ...submit(1, {}), has: { draft_created_at: first.created_at } },
    { ask: `GET /api/drafts/${first.id}/`, ...gone },
    { ...submit(2, { draft_id: second.id }), has: { draft_created_at: second.created_at } },
    { ask: `GET /api/drafts/${second.id}/`, ...gone },
    { ...submit(3, { parent_prediction: prediction.id }), has: { parent_prediction: prediction.id, draft_created_at: third.created_at } }, // prettier-ignore
    { ask: `GET /api/drafts/${third.id}/`, ...gone },
  ]);
});

const text = '<Text name="text" value="$text"/>';
const asking = (name: string, ...labels: string[]) =>
  `<View>${text}<Choices name="${name}" toName="text">${labels.map((label) => `<Choice value="${label}"/>`).join("")}</Choices></View>`;
const dropped = asking("label", "neg");
const renamed = asking("lab2", "pos", "neg");
const otherField = asking("label", "pos", "neg").replace("$text", "$body");
const otherTag = `<View>${text}<TextArea name="label" toName="text"/></View>`;

test("recorded labeling: validate and PATCH of a setup with work in the project", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t);
  const task = await addTask("a");
  const validate = (label_config: string) => ({ ask: `POST ${path}validate/`, body: { label_config } });
  const changed = { status: 200, is: { config_essential_data_has_changed: true } };
  const lost = "Created annotations are incompatible with provided labeling schema, we found:\n1 with from_name=label, to_name=text, type=choices"; // prettier-ignore
  const labels = 'These labels still exist in annotations or drafts:\npos (1 annotation)\nPlease add labels to tag with name="label".'; // prettier-ignore
  const incompatible = { status: 400, errors: { non_field_errors: [lost] } };

  await assertRows(script, [
    { ...validate(dropped), ...changed },
    // What only drafts use may go.
    { ask: "POST /api/tasks/1/drafts", body: { result: answer("pos") }, status: 201 },
    { ...validate(dropped), ...changed },
    { ...validate(renamed), ...changed },
    { ...validate(otherTag), ...changed },
  ]);
  await annotate(task);
  await assertRows(script, [
    { ...validate(dropped), status: 400, errors: { non_field_errors: [labels] } },
    { ...validate(renamed), ...incompatible },
    { ...validate(otherField), ...changed },
    { ...validate(otherTag), ...incompatible },
    { ask: `PATCH ${path}`, body: { label_config: renamed }, status: 400, errors: { label_config: [lost] } },
    { ask: `PATCH ${path}`, body: { label_config: dropped }, status: 200, has: { label_config: dropped } },
  ]);
});

/** A setup's control, the short result that is sent, and the region that is stored, but for its names. */
const short: [control: string, result: unknown, type: string, value: object][] = [
  ["<Choices><Choice value='pos'/></Choices>", "pos", "choices", { choices: ["pos"] }],
  ["<Choices choice='multiple'><Choice value='pos'/></Choices>", "pos", "choices", { choices: ["pos"] }],
  ["<Choices><Choice value='pos'/></Choices>", "zz", "choices", { choices: ["zz"] }],
  ["<Choices><Choice value='pos'/></Choices>", "", "choices", { choices: [""] }],
  ["<TextArea/>", "pos", "textarea", { textarea: ["pos"] }],
  ["<Rating/>", 9, "rating", { rating: [9] }],
  ["<Rating/>", { rating: 3 }, "rating", { rating: 3 }],
  ["<Number/>", { number: 3 }, "number", { number: 3 }],
  ["<Number/>", 3, "number", { number: 3 }],
  ["<Taxonomy><Choice value='a'/></Taxonomy>", { taxonomy: [["a"]] }, "taxonomy", { taxonomy: [["a"]] }],
  [
    "<Labels><Label value='pos'/></Labels>",
    { start: 0, end: 1, labels: ["pos"] },
    "labels",
    { start: 0, end: 1, labels: ["pos"] },
  ],
];

for (const [control, result, type, value] of short)
  test(`recorded labeling: ${JSON.stringify(result)} stands for a region of ${control}`, async (t) => {
    const named = control.replace(/^<(\w+)/, '<$1 name="c" toName="t"');
    const { script, addTask } = await startReviews(t, {
      label_config: `<View><Text name="t" value="$text"/>${named}</View>`,
    });
    await addTask("a");

    await assertRows(script, [
      {
        ask: "POST /api/predictions/",
        body: { task: 1, result },
        status: 201,
        has: { result: [{ from_name: "c", to_name: "t", type, value }] },
      },
    ]);
  });

const boxes = `<View><Image name="t" value="$text"/><RectangleLabels name="c" toName="t"><Label value="pos"/></RectangleLabels></View>`;

test("recorded labeling: a box in short is a region, and of two Choices the first is meant", async (t) => {
  const box = { x: 1, y: 2, width: 3, height: 4, rectanglelabels: ["pos"] };
  const { script, addTask, path } = await startReviews(t, { label_config: boxes });
  await addTask("a");
  const region = (from_name: string, type: string, value: object) => [{ from_name, to_name: "t", type, value }];
  const two = `<View><Text name="t" value="$text"/><Choices name="a" toName="t"><Choice value="x"/></Choices><Choices name="b" toName="t"><Choice value="pos"/></Choices></View>`;

  await assertRows(script, [
    {
      ask: "POST /api/predictions/",
      body: { task: 1, result: box },
      status: 201,
      has: { result: region("c", "rectanglelabels", box) },
    },
    { ask: `PATCH ${path}`, body: { label_config: two }, status: 200 },
    {
      ask: "POST /api/predictions/",
      body: { task: 1, result: "pos" },
      status: 201,
      has: { result: region("a", "choices", { choices: ["pos"] }) },
    },
  ]);
});

/** Controls, and short results that no region can be made of. */
const shapeless: [string, unknown[]][] = [
  ["<Choices><Choice value='pos'/></Choices>", [3, true, { x: 1 }, {}, 2.5]],
  ["<Rating/>", ["3"]],
  ["<Taxonomy><Choice value='a'/></Taxonomy>", ["a"]],
  ["<Labels><Label value='pos'/></Labels>", ["pos", 3]],
  ["<DateTime/>", ["pos", 3]],
];

for (const [control, results] of shapeless)
  test(`recorded labeling: for ${control}, ${JSON.stringify(results)} are refused, where they were stored as nothing`, async (t) => {
    const named = control.replace(/^<(\w+)/, '<$1 name="c" toName="t"');
    const { script, addTask } = await startReviews(t, {
      label_config: `<View><Text name="t" value="$text"/>${named}</View>`,
    });
    await addTask("a");
    const errors = { result: ["No control of the labeling setup can have this answer. Send a list of regions."] };
    const dict = { non_field_errors: ["Each item in prediction result should be dict"] };

    await assertRows(script, [
      ...results.map((result) => ({
        ask: "POST /api/predictions/",
        body: { task: 1, result },
        status: 400,
        errors,
      })),
      { ask: "POST /api/predictions/", body: { task: 1, result: ["pos", "neg"] }, status: 400, errors: dict },
      { ask: "POST /api/predictions/", body: { task: 1, result: [3] }, status: 400, errors: dict },
      {
        ask: "POST /api/predictions/",
        body: { task: 1, result: null },
        status: 400,
        errors: { result: ["This field may not be null."] },
      },
      { ask: "POST /api/predictions/", body: { task: 1, result: [{ x: 1 }] }, status: 201, has: { result: [{ x: 1 }] } }, // prettier-ignore
      { ask: "POST /api/predictions/", body: { task: 1, result: [] }, status: 201, has: { result: [] } },
    ]);
  });

test("recorded labeling: versions, unknown controls and tasks of predictions", async (t) => {
  const { script, addTask, path, database } = await startReviews(t);
  await addTask("a");
  const unknown = [{ from_name: "zz", to_name: "t", type: "choices", value: { choices: ["pos"] } }];
  const predict = (body: object) => ({ ask: "POST /api/predictions/", body: { task: 1, ...body }, status: 201 });

  await assertRows(script, [
    { ...predict({ result: answer("pos"), model_version: null }), has: { model_version: "" } },
    { ...predict({ result: answer("pos"), model_version: 5 }), has: { model_version: "5", score: null } },
    { ...predict({ result: unknown }), has: { result: unknown, model_version: "", score: null } },
    {
      ask: `POST ${path}import/predictions`,
      body: [{ task: 1, result: answer("pos"), model_version: null }],
      status: 201,
      is: { created: 1 },
    },
    { ask: `POST ${path}import/predictions`, body: [{ task: 1, result: unknown }], status: 201, is: { created: 1 } },
    {
      ask: `POST ${path}import/predictions`,
      body: [{ task: 9999, result: answer("pos") }],
      status: 400,
      errors: {
        non_field_errors: [
          `Invalid "task" field: corresponding task ID 9999 couldn't be retrieved from project Reviews (id=1) tasks`,
        ],
      },
    },
    {
      ask: `POST ${path}import`,
      body: [{ data: { text: "a" }, predictions: [{ result: unknown }] }],
      status: 201,
      has: { prediction_count: 1 },
    },
    {
      ask: `POST ${path}import`,
      body: [{ data: { text: "a" }, predictions: [{}] }],
      status: 400,
      errors: {
        non_field_errors: [
          `Error at item 0: Prediction must have "result" fields :: {'data': {'text': 'a'}, 'predictions': [{}]}`,
        ],
      },
    },
  ]);
  assert.deepEqual(await database("predictions").orderBy("id").pluck("model_version"), [
    "",
    "5",
    "",
    "",
    "undefined",
    "undefined",
  ]);
});

test("recorded labeling: samples fit the setup, and say what they are samples of", async (t) => {
  const { script, path } = await startReviews(t);
  const media = `<View><Image name="i" value="$image"/><Text name="t" value="$t"/><Audio name="a" value="$a"/><RectangleLabels name="l" toName="i"><Label value="X"/></RectangleLabels></View>`;

  const { body } = await script("post", `${path}sample-task/`, { label_config: media }).expect(200);
  const { body: whole } = await script("post", `${path}sample-task/`, {
    label_config: reviewSetup,
    include_annotation_and_prediction: true,
  }).expect(200);

  assert.deepEqual(Object.keys(body.sample_task), ["image", "t", "a"]);
  const [annotation] = whole.sample_task.annotations;
  const { was_cancelled, ground_truth, lead_time, result_count, completed_by } = annotation;
  assert.deepEqual([was_cancelled, ground_truth, lead_time, result_count, completed_by], [false, false, 0, 0, 1]);
  assert.deepEqual(Object.keys(whole.sample_task), ["data", "annotations", "predictions"]);
  const [{ model_version, score, result }] = whole.sample_task.predictions;
  assert.deepEqual([model_version, score], ["sample model version", 0]);
  assert.deepEqual(result[0].value, { choices: ["pos"] });
});
