import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertRefused } from "../support/refusals.ts";
import { annotationFields } from "../support/task-records.ts";

const ofTask = "/api/tasks/1/annotations/";

test("api annotations: a new one is in the answer, in full, and is the caller's", async (t) => {
  const { script, member, addTask } = await startReviews(t);
  await addTask("one");
  const bob = await member("bob@example.com");

  const mine = await script("post", ofTask, { result: answer("pos"), lead_time: 2.5 });
  const his = await bob.script("post", ofTask, { result: answer("pos") }).expect(201);

  assert.equal(mine.status, 201);
  assert.equal(mine.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(mine.body), { ...annotationFields, lead_time: 2.5 });
  assert.deepEqual(withoutTimestamps(his.body), {
    ...annotationFields,
    id: 2,
    created_username: " bob@example.com, 2",
    completed_by: 2,
    updated_by: 2,
  });
});

test("api annotations: one is the same by its own address, and in the task's list", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  const created = await annotate(await addTask("one"));

  const one = await script("get", "/api/annotations/1/").expect(200);
  const list = await script("get", ofTask).expect(200);

  assert.equal(one.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.equal(list.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.deepEqual(one.body, created);
  assert.deepEqual(list.body, [created]);
});

const bodies: { input: object; created: object }[] = [
  { input: { result: [], was_cancelled: true }, created: { result: [], completed_by: 1, was_cancelled: true } },
  { input: { result: [], completed_by: 2 }, created: { result: [], completed_by: 2, was_cancelled: false } },
  { input: { result: [{ foo: 1 }] }, created: { result: [{ foo: 1 }], completed_by: 1, was_cancelled: false } },
  { input: {}, created: { result: [], completed_by: 1, was_cancelled: false } },
  { input: { result: "[]" }, created: { result: [] } },
  { input: { result: [], completed_by: "2" }, created: { completed_by: 2 } },
  { input: { result: [], lead_time: "2.5" }, created: { lead_time: 2.5 } },
  { input: { result: [], lead_time: -1 }, created: { lead_time: -1 } },
  { input: { result: [], lead_time: null }, created: { lead_time: null } },
  { input: { result: [], ground_truth: true }, created: { ground_truth: true } },
  { input: { result: [], import_id: 5 }, created: { import_id: 5 } },
  { input: { result: [], parent_annotation: 1 }, created: { parent_annotation: 1 } },
  { input: { result: [], parent_prediction: 1 }, created: { parent_prediction: 1 } },
  { input: { result: [], id: 44, task: 9, project: 9, created_at: "x" }, created: { id: 2, task: 1, project: 1 } },
];

for (const { input, created } of bodies) {
  test(`api annotations: ${JSON.stringify(input)} is accepted`, async (t) => {
    const { script, member, addTask, annotate } = await startReviews(t);
    await member();
    await annotate(await addTask("one"));
    await script("post", "/api/predictions/", { task: 1, result: [] }).expect(201);

    const { body } = await script("post", ofTask, input).expect(201);

    for (const [name, value] of Object.entries(created)) assert.deepEqual(body[name], value, name);
    assert.deepEqual((await script("get", `/api/annotations/${body.id}/`).expect(200)).body, body);
  });
}

test("api annotations: an address can say that it is a skip, unless the body says otherwise", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");

  const skip = await script("post", `${ofTask}?was_cancelled=1`, { result: [] }).expect(201);
  const none = await script("post", `${ofTask}?was_cancelled=0`, { result: [] }).expect(201);

  assert.deepEqual([skip.body.was_cancelled, none.body.was_cancelled], [true, false]);
});

test("api annotations: the task's list leaves out skips, and its record does not", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  const task = await addTask("one");
  await annotate(task, { was_cancelled: true });
  const done = await annotate(task);

  const list = (await script("get", ofTask).expect(200)).body;
  const { annotations, cancelled_annotations, total_annotations } = (await script("get", "/api/tasks/1/")).body;

  assert.deepEqual(list, [done]);
  assert.deepEqual(
    annotations.map(({ id }: { id: number }) => id),
    [1, 2],
  );
  assert.deepEqual([cancelled_annotations, total_annotations], [1, 1]);
});

test("api annotations: PATCH and PUT change what is sent, and the rest stays", async (t) => {
  const { script, member, addTask, annotate } = await startReviews(t);
  await annotate(await addTask("one"), { lead_time: 2.5 });
  const bob = await member("bob@example.com");

  const patched = await script("patch", "/api/annotations/1/", { result: [], ground_truth: true }).expect(200);
  const put = await bob.script("put", "/api/annotations/1/", { lead_time: 3 }).expect(200);

  assert.equal(patched.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(patched.body), {
    ...annotationFields,
    result: [],
    ground_truth: true,
    lead_time: 2.5,
  });
  assert.deepEqual(withoutTimestamps(put.body), {
    ...annotationFields,
    result: [],
    ground_truth: true,
    lead_time: 3,
    updated_by: 2,
  });
  assert.ok(patched.body.updated_at > patched.body.created_at);
  assert.ok(put.body.updated_at > patched.body.updated_at);
});

test("api annotations: an annotation that is sent back unchanged changes no more than its timestamp", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  const before = await annotate(await addTask("one"));

  const { body } = await script("put", "/api/annotations/1/", before).expect(200);

  assert.deepEqual({ ...body, updated_at: "" }, { ...before, updated_at: "" });
});

test("api annotations: a task has one ground truth, the one that was said last", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  const [task, other] = [await addTask("one"), await addTask("two")];
  for (const each of [task, task, other]) await annotate(each, { ground_truth: true });
  const truths = async () =>
    Promise.all([1, 2, 3].map(async (id) => (await script("get", `/api/annotations/${id}/`)).body.ground_truth));

  assert.deepEqual(await truths(), [false, true, true]);
  await script("patch", "/api/annotations/1/", { ground_truth: true }).expect(200);
  assert.deepEqual(await truths(), [true, false, true]);
  await script("patch", "/api/annotations/1/", { ground_truth: false }).expect(200);
  assert.deepEqual(await truths(), [false, false, true]);
});

test("api annotations: a deleted one is gone, and its task is to be labeled again", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  await annotate(await addTask("one"));

  const response = await script("delete", "/api/annotations/1/");

  assert.equal(response.status, 204);
  assert.equal(response.text, "");
  assert.equal(response.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  for (const method of ["get", "delete"] as const)
    assertRefused(await script(method, "/api/annotations/1/"), {
      status: 404,
      detail: "No Annotation matches the given query.",
    });
  assert.equal((await script("get", "/api/tasks/1/")).body.is_labeled, false);
});

test("api annotations: any member may read, change and delete one of any other", async (t) => {
  const { member, addTask, annotate } = await startReviews(t);
  await annotate(await addTask("one"));
  const bob = await member();

  await bob.script("get", "/api/annotations/1/").expect(200);
  const { body } = await bob.script("patch", "/api/annotations/1/", { result: [] }).expect(200);
  await bob.script("delete", "/api/annotations/1/").expect(204);

  assert.deepEqual([body.completed_by, body.updated_by], [1, 2]);
});

test("api annotations: a name stands before the email", async (t) => {
  const { script, owner, addTask, annotate } = await startReviews(t);
  await script("patch", `/api/users/${owner.user.id}/`, { first_name: "Ada", last_name: "Lovelace" }).expect(200);

  const { created_username } = await annotate(await addTask("one"));

  assert.equal(created_username, "Ada Lovelace owner@example.com, 1");
});

const ages: [string, number][] = [
  ["0\u00A0minutes", 59],
  ["1\u00A0minute", 60],
  ["1\u00A0hour, 5\u00A0minutes", 3600 + 5 * 60 + 1],
  ["2\u00A0hours", 2 * 3600 + 1],
  ["1\u00A0day", 86_400 + 1],
  ["1\u00A0week, 3\u00A0days", 10 * 86_400 + 1],
];

for (const [age, seconds] of ages) {
  test(`api annotations: after ${seconds} seconds it is ${age} old`, async (t) => {
    const { script, database, addTask, annotate } = await startReviews(t);
    await annotate(await addTask("one"));
    const created_at = new Date(Date.now() - seconds * 1000).toISOString().replace("Z", "000Z");
    await database("annotations").update({ created_at });

    assert.equal((await script("get", "/api/annotations/1/").expect(200)).body.created_ago, age);
  });
}
