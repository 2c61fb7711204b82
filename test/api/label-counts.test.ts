import assert from "node:assert/strict";
import { test } from "node:test";

import { startReviews } from "../support/contract.ts";
import { assertCountersMatch } from "../support/counters.ts";

const numbers = {
  finished_task_number: 0,
  num_tasks_with_annotations: 0,
  total_annotations_number: 0,
  skipped_annotations_number: 0,
  ground_truth_number: 0,
  useful_annotation_number: 0,
  total_predictions_number: 0,
};

const done = {
  ...numbers,
  finished_task_number: 1,
  num_tasks_with_annotations: 1,
  total_annotations_number: 1,
  useful_annotation_number: 1,
};

const skipped = { ...numbers, skipped_annotations_number: 1 };

interface Row {
  what: string;
  /** Changes after the first annotation: method, address, body. */
  changes: ["post" | "patch" | "put" | "delete", string, object?][];
  counted: typeof numbers;
}

const one = "/api/annotations/1/";
const more = "/api/tasks/1/annotations/";

const rows: Row[] = [
  { what: "an annotation", changes: [], counted: done },
  { what: "one that becomes a skip", changes: [["patch", one, { was_cancelled: true }]], counted: skipped },
  {
    what: "a skip that becomes an annotation",
    changes: [
      ["patch", one, { was_cancelled: true }],
      ["put", one, { was_cancelled: false }],
    ],
    counted: done,
  },
  {
    what: "ground truth",
    changes: [["patch", one, { ground_truth: true }]],
    counted: { ...done, ground_truth_number: 1, useful_annotation_number: 0 },
  },
  {
    what: "ground truth that another takes over",
    changes: [
      ["patch", one, { ground_truth: true }],
      ["post", more, { ground_truth: true }],
    ],
    counted: { ...done, total_annotations_number: 2, ground_truth_number: 1, useful_annotation_number: 1 },
  },
  { what: "one that becomes somebody else's", changes: [["patch", one, { completed_by: 2 }]], counted: done },
  { what: "a deleted one", changes: [["delete", one]], counted: numbers },
  {
    what: "one and a skip",
    changes: [["post", more, { was_cancelled: true }]],
    counted: { ...done, skipped_annotations_number: 1 },
  },
  {
    what: "skips, where they are not given again",
    changes: [
      ["patch", one, { was_cancelled: true }],
      ["patch", "/api/projects/1/", { skip_queue: "IGNORE_SKIPPED" }],
    ],
    counted: { ...skipped, finished_task_number: 1 },
  },
  {
    what: "a prediction",
    changes: [["post", "/api/predictions/", { task: 1, result: [] }]],
    counted: { ...done, total_predictions_number: 1 },
  },
  {
    what: "a deleted prediction",
    changes: [
      ["post", "/api/predictions/", { task: 1, result: [] }],
      ["delete", "/api/predictions/1/"],
    ],
    counted: done,
  },
  { what: "a draft", changes: [["post", "/api/tasks/2/drafts", { result: [] }]], counted: done },
  {
    what: "a deleted task",
    changes: [
      ["post", "/api/predictions/", { task: 1, result: [] }],
      ["delete", "/api/tasks/1/"],
    ],
    counted: numbers,
  },
  { what: "a deleted person", changes: [["delete", "/api/users/2/"]], counted: done },
  {
    what: "the annotation of a deleted person",
    changes: [
      ["patch", one, { completed_by: 2 }],
      ["delete", "/api/users/2/"],
    ],
    counted: done,
  },
];

for (const { what, changes, counted } of rows) {
  test(`api label counts: ${what} counts right`, async (t) => {
    const { script, path, member, repositories, addTask, annotate } = await startReviews(t);
    await member();
    await annotate(await addTask("one"));
    await addTask("two");

    for (const [method, address, body] of changes) {
      const { status, text } = await script(method, address, body);
      assert.ok(status < 300, text);
    }

    const { body } = await script("get", `${path}?include=${Object.keys(numbers).join()}`).expect(200);
    assert.deepEqual(body, counted);
    await assertCountersMatch(repositories);
  });
}

test("api label counts: annotations of a deleted user stay, without a creator", async (t) => {
  const { script, path, member, addTask, annotate } = await startReviews(t);
  const ann = await member();
  const task = await addTask("one");
  const created = await annotate(task, {}, ann.script);

  await script("delete", `/api/users/${ann.user.id}/`).expect(204);

  const { body } = await script("get", one).expect(200);
  const { body: task1 } = await script("get", "/api/tasks/1/").expect(200);
  assert.deepEqual(body, {
    ...created,
    completed_by: null,
    updated_by: null,
    created_username: "",
    created_ago: body.created_ago,
  });
  assert.deepEqual([task1.annotations[0].completed_by, task1.annotators, task1.is_labeled], [null, [], true]);
  assert.deepEqual((await script("get", `${path}annotators/`).expect(200)).body, []);
});

test("api label counts: labels of a removed member stay theirs, without their name", async (t) => {
  const { script, path, member, addTask, annotate } = await startReviews(t);
  const ann = await member("ann@example.com");
  await annotate(await addTask("one"), {}, ann.script);

  await script("delete", `/api/organizations/1/memberships/${ann.user.id}/`).expect(204);

  const { body } = await script("get", one).expect(200);
  assert.deepEqual([body.completed_by, body.created_username], [ann.user.id, `Deleted User Deleted, ${ann.user.id}`]);
  assert.deepEqual((await script("get", `${path}annotators/`).expect(200)).body, [
    { id: ann.user.id, first_name: "Deleted", last_name: "User", email: "Deleted", avatar: null },
  ]);
});

test("api label counts: a project of a deleted user stays, without a creator", async (t) => {
  const { owner, member, script } = await startReviews(t);
  const ann = await member();
  const { body } = await ann.script("post", "/api/projects/", { title: "Hers" }).expect(201);

  await owner.script("delete", `/api/users/${ann.user.id}/`).expect(204);

  const { title, created_by } = (await script("get", `/api/projects/${body.id}/`).expect(200)).body;
  assert.deepEqual([title, created_by], ["Hers", null]);
});
