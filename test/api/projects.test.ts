import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { answer, reviewSetup, startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertRefused } from "../support/refusals.ts";

const list = "/api/projects/";

const counts = {
  num_tasks_with_annotations: 0,
  task_number: 0,
  useful_annotation_number: 0,
  ground_truth_number: 0,
  skipped_annotations_number: 0,
  total_annotations_number: 0,
  total_predictions_number: 0,
  finished_task_number: 0,
};

const uncounted = Object.fromEntries(Object.keys(counts).map((name) => [name, null]));

/** The record of a new project. */
const reviews = {
  id: 1,
  title: "Reviews",
  description: "d",
  label_config: reviewSetup,
  expert_instruction: "",
  show_instruction: false,
  show_skip_button: true,
  enable_empty_annotation: true,
  show_annotation_history: false,
  organization: 1,
  color: "#FFFFFF",
  maximum_annotations: 1,
  is_published: false,
  model_version: "",
  is_draft: false,
  created_by: { id: 1, first_name: "", last_name: "", email: "owner@example.com", avatar: null },
  created_at: "a moment",
  min_annotations_to_start_training: 0,
  start_training_on_annotation_update: false,
  show_collab_predictions: true,
  ...counts,
  sampling: "Sequential sampling",
  show_ground_truth_first: false,
  annotator_evaluation_enabled: false,
  show_overlap_first: false,
  overlap_cohort_percentage: 100,
  task_data_login: null,
  task_data_password: null,
  control_weights: { label: { overall: 1, type: "Choices", labels: { pos: 1, neg: 1 } } },
  parsed_label_config: {
    label: {
      type: "Choices",
      to_name: ["text"],
      inputs: [{ type: "Text", valueType: null, value: "text" }],
      labels: ["pos", "neg"],
      labels_attrs: { pos: { value: "pos" }, neg: { value: "neg" } },
    },
  },
  evaluate_predictions_automatically: false,
  config_has_control_tags: true,
  skip_queue: "REQUEUE_FOR_OTHERS",
  reveal_preannotations_interactively: false,
  pinned_at: null,
  queue_total: 0,
  queue_done: 0,
  config_suitable_for_bulk_annotation: true,
  state: null,
};

test("api projects: a new one is in the answer, in full, not counted yet", async (t) => {
  const { owner } = await startApi(t);
  const input = { title: "Reviews", description: "d", label_config: reviewSetup };

  const response = await owner.script("post", list, input);

  assert.equal(response.status, 201);
  assert.equal(response.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(response.body), { ...reviews, ...uncounted });
});

test("api projects: nothing is required", async (t) => {
  const { owner } = await startApi(t);

  const { body } = await owner.script("post", list, {}).expect(201);

  assert.deepEqual(withoutTimestamps(body), {
    ...reviews,
    ...uncounted,
    title: "",
    description: "",
    label_config: "<View></View>",
    control_weights: {},
    parsed_label_config: {},
    config_has_control_tags: false,
  });
});

test("api projects: one, and a list of one, show the numbers", async (t) => {
  const { script, path } = await startReviews(t, { description: "d" });

  const one = await script("get", path).expect(200);
  const page = await script("get", `${list}?page_size=1&ids=1`).expect(200);
  const numbers = await script("get", `${list}counts/?page_size=1&ids=1`).expect(200);

  assert.equal(one.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(one.body), reviews);
  assert.deepEqual(withoutTimestamps(page.body), { count: 1, next: null, previous: null, results: [reviews] });
  assert.equal(numbers.headers.allow, "GET, HEAD, OPTIONS");
  assert.deepEqual(numbers.body, { count: 1, next: null, previous: null, results: [{ id: 1, ...counts }] });
});

/** Six projects, as they were recorded. */
async function startSix(t: TestContext) {
  const { owner } = await startApi(t);
  for (const title of ["Reviews", "", "", null, "Reviews", "Odd root"])
    await owner.script("post", list, { title }).expect(201);
  return owner.script;
}

test("api projects: pages are linked, and hold the fields that are asked for", async (t) => {
  const script = await startSix(t);

  const { body } = await script("get", `${list}?include=id,title&page_size=2`).expect(200);
  const second = (await script("get", new URL(body.next).pathname + new URL(body.next).search).expect(200)).body;

  assert.match(body.next, /^http:\/\/[^/]+\/api\/projects\/\?include=id%2Ctitle&page=2&page_size=2$/);
  assert.deepEqual(
    { ...body, next: "" },
    {
      count: 6,
      next: "",
      previous: null,
      results: [
        { id: 6, title: "Odd root" },
        { id: 5, title: "Reviews" },
      ],
    },
  );
  assert.deepEqual(second.results, [
    { id: 4, title: null },
    { id: 3, title: "" },
  ]);
  assert.match(second.previous, /\?include=id%2Ctitle&page_size=2$/);
});

const queries: { query: string; ids: number[]; count?: number }[] = [
  { query: "title=revi", ids: [5, 1] },
  { query: "title=REVI", ids: [5, 1] },
  { query: "title=", ids: [6, 5, 4, 3, 2, 1] },
  { query: "ids=1,2", ids: [2, 1] },
  { query: "ids=", ids: [6, 5, 4, 3, 2, 1] },
  { query: "ids=99", ids: [] },
  { query: "ordering=title", ids: [4, 2, 3, 6, 1, 5] },
  { query: "ordering=-id", ids: [6, 5, 4, 3, 2, 1] },
  { query: "ordering=nope", ids: [6, 5, 4, 3, 2, 1] },
  { query: "page_size=1000", ids: [6, 5, 4, 3, 2, 1] },
  { query: "page_size=0", ids: [6, 5, 4, 3, 2, 1] },
  { query: "page=2&page_size=4", ids: [2, 1], count: 6 },
  { query: "page=last&page_size=4", ids: [2, 1], count: 6 },
  { query: "filter=pinned_only", ids: [] },
  { query: "filter=exclude_pinned", ids: [6, 5, 4, 3, 2, 1] },
];

for (const { query, ids, count = ids.length } of queries) {
  test(`api projects: the list with ${query} holds those that it should`, async (t) => {
    const script = await startSix(t);

    const projects = (await script("get", `${list}?include=id&${query}`).expect(200)).body;
    const numbers = (await script("get", `${list}counts/?${query}`).expect(200)).body;

    assert.equal(projects.count, count);
    assert.deepEqual(
      projects.results,
      ids.map((id) => ({ id })),
    );
    assert.deepEqual(
      numbers.results.map(({ id }: { id: number }) => id),
      ids,
    );
  });
}

for (const page of ["99", "0", "-1", "x"]) {
  test(`api projects: there is no page ${page}`, async (t) => {
    const script = await startSix(t);

    for (const address of [list, `${list}counts/`])
      assertRefused(await script("get", `${address}?page=${page}`), { status: 404, detail: "Invalid page." });
  });
}

test("api projects: pinned ones come first, and can be asked for alone", async (t) => {
  const script = await startSix(t);
  const ids = async (query: string) =>
    (await script("get", `${list}?include=id&${query}`).expect(200)).body.results.map(({ id }: { id: number }) => id);

  const pinned = await script("patch", `${list}2/`, { pinned_at: "2026-01-01T00:00:00Z" }).expect(200);

  assert.equal(pinned.body.pinned_at, "2026-01-01T00:00:00Z");
  assert.deepEqual(await ids(""), [2, 6, 5, 4, 3, 1]);
  assert.deepEqual(await ids("filter=pinned_only"), [2]);
  assert.deepEqual(await ids("filter=exclude_pinned"), [6, 5, 4, 3, 1]);
  await script("patch", `${list}2/`, { pinned_at: null }).expect(200);
  assert.deepEqual(await ids("filter=pinned_only"), []);
});

test("api projects: the numbers say what was done, and the queue is the caller's", async (t) => {
  const { script, path, member, addTask, annotate } = await startReviews(t);
  const ann = await member();
  const [both, mine, hers, skipped] = [await addTask("a"), await addTask("b"), await addTask("c"), await addTask("d")];
  await script("patch", path, { maximum_annotations: 2 }).expect(200);
  await annotate(both, { ground_truth: true });
  await annotate(both, {}, ann.script);
  await annotate(mine);
  await annotate(mine);
  await annotate(hers, {}, ann.script);
  await annotate(skipped, { was_cancelled: true });
  await addTask("e");
  await script("post", "/api/predictions/", { task: mine.id, result: answer("neg") }).expect(201);

  const { body } = await script("get", `${path}?include=queue_total,queue_done,${Object.keys(counts).join()}`);
  const theirs = (await ann.script("get", `${path}?include=queue_total,queue_done`).expect(200)).body;

  assert.deepEqual(body, {
    num_tasks_with_annotations: 3,
    task_number: 5,
    useful_annotation_number: 4,
    ground_truth_number: 1,
    skipped_annotations_number: 1,
    total_annotations_number: 5,
    total_predictions_number: 1,
    finished_task_number: 1,
    queue_total: 5,
    queue_done: 3,
  });
  assert.deepEqual(theirs, { queue_total: 5, queue_done: 2 });
});

test("api projects: the queue leaves out what others finished, and skips that come again are not done", async (t) => {
  const { script, path, member, addTask, annotate } = await startReviews(t);
  const ann = await member();
  const [done, skipped] = [await addTask("a"), await addTask("b"), await addTask("c")];
  await annotate(done, {}, ann.script);
  await annotate(skipped, { was_cancelled: true });
  const queue = async () => (await script("get", `${path}?include=queue_total,queue_done`).expect(200)).body;

  assert.deepEqual(await queue(), { queue_total: 2, queue_done: 1 });
  await script("patch", path, { skip_queue: "REQUEUE_FOR_ME" }).expect(200);
  assert.deepEqual(await queue(), { queue_total: 2, queue_done: 0 });
});

test("api projects: annotators are listed once each, by id, also who only skipped", async (t) => {
  const { script, path, owner, member, addTask, annotate } = await startReviews(t);
  const [ann, ben] = [await member("ann@example.com"), await member("a-ben@example.com"), await member()];
  const [one, two] = [await addTask("a"), await addTask("b")];
  await annotate(one, {}, ben.script);
  await annotate(two, {}, ben.script);
  await annotate(two, {}, ann.script);
  await annotate(one, { was_cancelled: true });

  const response = await script("get", `${path}annotators/`).expect(200);

  assert.equal(response.headers.allow, "GET, HEAD, OPTIONS");
  assert.deepEqual(
    response.body,
    [owner, ann, ben].map(({ user: { id, email } }) => ({ id, first_name: "", last_name: "", email, avatar: null })),
  );
});

test("api projects: a list of many costs as many queries as a list of one", async (t) => {
  const { owner, member, database } = await startApi(t);
  const ann = await member();
  const queriesOf = async () => {
    let queries = 0;
    const count = () => queries++;
    database.on("query", count);
    await owner.script("get", list).expect(200);
    database.off("query", count);
    return queries;
  };
  await owner.script("post", list, {}).expect(201);
  const before = await queriesOf();
  for (let created = 0; created < 5; created++) await ann.script("post", list, {}).expect(201);

  assert.equal(await queriesOf(), before);
});
