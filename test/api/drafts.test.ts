import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const ofTask = "/api/tasks/1/drafts";

const record = {
  id: 1,
  user: "owner@example.com",
  created_username: "owner@example.com, 1",
  created_ago: "0\u00A0minutes",
  result: answer("pos"),
  lead_time: 1.5,
  was_postponed: true,
  import_id: null,
  created_at: "a moment",
  updated_at: "a moment",
  task: 1,
  annotation: null,
};

const input = { result: answer("pos"), lead_time: 1.5, was_postponed: true };

test("api drafts: one is stored, and found by its task and its own address", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");

  const created = await script("post", ofTask, input);
  const list = await script("get", ofTask).expect(200);
  const one = await script("get", "/api/drafts/1/").expect(200);

  assert.equal(created.status, 201);
  assert.equal(created.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.equal(one.headers.allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  assert.deepEqual(withoutTimestamps(created.body), record);
  assert.deepEqual(list.body, [created.body]);
  assert.deepEqual(one.body, created.body);
  assert.deepEqual((await script("get", "/api/tasks/1/")).body.drafts, [created.body]);
});

test("api drafts: only a result is needed", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");

  const { body } = await script("post", ofTask, { result: [] }).expect(201);

  assert.deepEqual(withoutTimestamps(body), { ...record, result: [], lead_time: null, was_postponed: false });
});

test("api drafts: only what is sent is changed", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");
  await script("post", ofTask, input).expect(201);

  const patched = await script("patch", "/api/drafts/1/", { lead_time: 3 }).expect(200);
  const put = await script("put", "/api/drafts/1/", { result: [] }).expect(200);

  assert.deepEqual(withoutTimestamps(patched.body), { ...record, lead_time: 3 });
  assert.deepEqual(withoutTimestamps(put.body), { ...record, lead_time: 3, result: [] });
});

test("api drafts: no one sees, changes or deletes another user's", async (t) => {
  const { script, member, addTask } = await startReviews(t);
  await addTask("one");
  await script("post", ofTask, input).expect(201);
  const ann = await member();
  const none = { status: 404, detail: "No AnnotationDraft matches the given query." };

  assert.deepEqual((await ann.script("get", ofTask).expect(200)).body, []);
  assert.deepEqual((await ann.script("get", "/api/tasks/1/")).body.drafts, []);
  assertRefused(await ann.script("get", "/api/drafts/1/"), none);
  assertRefused(await ann.script("patch", "/api/drafts/1/", { result: [] }), none);
  assertRefused(await ann.script("put", "/api/drafts/1/", { result: [] }), none);
  assertRefused(await ann.script("delete", "/api/drafts/1/"), none);

  assert.deepEqual(withoutTimestamps((await script("get", "/api/drafts/1/").expect(200)).body), record);
});

test("api drafts: a deleted one is gone", async (t) => {
  const { script, addTask } = await startReviews(t);
  await addTask("one");
  await script("post", ofTask, input).expect(201);

  await script("delete", "/api/drafts/1/").expect(204);

  assert.deepEqual((await script("get", ofTask).expect(200)).body, []);
  await script("get", "/api/drafts/1/").expect(404);
});

test("api drafts: one ends with the annotation that it was for, and gives it its beginning", async (t) => {
  const { script, addTask, annotate } = await startReviews(t);
  const task = await addTask("one");
  const draft = (await script("post", ofTask, input).expect(201)).body;

  const annotation = await annotate(task);

  assert.equal(annotation.draft_created_at, draft.created_at);
  assert.deepEqual((await script("get", ofTask).expect(200)).body, []);
});

const refusals: { body: object; errors: Record<string, string[]> }[] = [
  { body: {}, errors: { result: ["This field is required."] } },
  { body: { result: {} }, errors: { result: ['annotation "result" field in annotation must be list'] } },
  { body: { result: [], lead_time: "x" }, errors: { lead_time: ["A valid number is required."] } },
  { body: { result: [], was_postponed: "x" }, errors: { was_postponed: ["Must be a valid boolean."] } },
];

for (const { body, errors } of refusals) {
  test(`api drafts: ${JSON.stringify(body)} is 400, and nothing is stored`, async (t) => {
    const { script, database, addTask } = await startReviews(t);
    await addTask("one");
    await script("post", ofTask, input).expect(201);
    const before = await database("drafts").orderBy("id");

    assertInvalid(await script("post", ofTask, body), errors);
    assertInvalid(await script("put", "/api/drafts/1/", body), errors);

    assert.deepEqual(await database("drafts").orderBy("id"), before);
  });
}
