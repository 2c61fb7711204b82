import assert from "node:assert/strict";
import { test } from "node:test";

import { EditConflictError } from "../../../src/repositories/labeling/annotations.ts";
import { assertCountersMatch } from "../../support/counters.ts";
import { openRecords, openTwoPrograms } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

async function start({ addPeople, addProject, addTasks }: Records) {
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  return { ada, ben, project, task };
}

test("annotations: a result is returned exactly as it was submitted, with its spaces and the order of its keys", async (t) => {
  const records = await openRecords(t);
  const { ada, task } = await start(records);
  const result = '[ {"value":{"b":1,"a":1.0,"10":0,"2":1e400}, "id":"é\\u00e9"} ]';

  const { id } = await records.annotate(task, ada, { result });

  assert.equal((await records.repositories.annotations.find(id))?.result, result);
});

test("annotations: a save that conflicts with another one throws, and changes nothing", async (t) => {
  const records = await openRecords(t);
  const { annotations } = records.repositories;
  const { ada, ben, task } = await start(records);
  const { id, updated_at } = await records.annotate(task, ada);

  const saved = await annotations.update(id, ben.id, { result: "[1]" }, updated_at);

  await assert.rejects(
    annotations.update(id, ada.id, { result: "[2]", was_cancelled: true }, updated_at),
    EditConflictError,
  );
  assert.deepEqual(await annotations.find(id), saved);
  assert.ok(await annotations.update(id, ada.id, { result: "[3]" }, saved?.updated_at));
});

test("annotations: of many who save what they saw, one does", async (t) => {
  const records = await openRecords(t);
  const { annotations } = records.repositories;
  const { ada, task } = await start(records);
  const { id, updated_at } = await records.annotate(task, ada);

  const saves = await Promise.allSettled(
    [1, 2, 3, 4, 5].map((number) => annotations.update(id, ada.id, { result: `[${number}]` }, updated_at)),
  );

  assert.equal(saves.filter(({ status }) => status === "fulfilled").length, 1);
});

test("annotations: conflicts between two servers throw, too", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const { ada, ben, task } = await start(one);
  const { id, updated_at } = await one.annotate(task, ada);

  const saves = await Promise.allSettled([
    one.repositories.annotations.update(id, ada.id, { result: "[1]" }, updated_at),
    other.repositories.annotations.update(id, ben.id, { result: "[2]" }, updated_at),
  ]);

  const refused = saves.find((save) => save.status === "rejected");
  assert.ok(refused?.reason instanceof EditConflictError);
  const [saved] = saves.flatMap((save) => (save.status === "fulfilled" ? save.value : []));
  assert.deepEqual(await one.repositories.annotations.find(id), saved);
});

test("annotations: without an expected time a save always succeeds, and each save has its own updated_at", async (t) => {
  const records = await openRecords(t);
  const { annotations } = records.repositories;
  const { ada, ben, task } = await start(records);
  const created = await records.annotate(task, ada);

  const once = await annotations.update(created.id, ben.id, { lead_time: 2.5 });
  const twice = await annotations.update(created.id, ben.id, {});

  assert.deepEqual([twice?.lead_time, twice?.completed_by_id, twice?.updated_by_id], [2.5, ada.id, ben.id]);
  assert.ok(created.updated_at < (once?.updated_at ?? "") && (once?.updated_at ?? "") < (twice?.updated_at ?? ""));
  assert.equal((await records.repositories.tasks.find(task.id))?.updated_by_id, ben.id);
});

test("annotations: what is submitted twice is stored and counted once", async (t) => {
  const records = await openRecords(t);
  const { annotations, tasks } = records.repositories;
  const { ada, task } = await start(records);
  const unique_id = "6f1f3a0e-3c7f-4a63-9d0e-0d6a3a2f4b11";

  const [one, other] = await Promise.all([1, 2].map(() => annotations.create(task.id, ada.id, { unique_id })));

  assert.deepEqual(one, other);
  assert.equal((await tasks.find(task.id))?.total_annotations, 1);
});

test("annotations: what is submitted to two servers at once is stored and counted once", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const { ada, task } = await start(one);
  const unique_id = "6f1f3a0e-3c7f-4a63-9d0e-0d6a3a2f4b11";

  const created = await Promise.all(
    [one, other, one, other].map(({ repositories }) => repositories.annotations.create(task.id, ada.id, { unique_id })),
  );

  assert.equal(new Set(created.map((annotation) => annotation?.id)).size, 1);
  assert.equal((await other.repositories.tasks.find(task.id))?.total_annotations, 1);
  await assertCountersMatch(one.repositories);
});

test("annotations: the unique id of another task's annotation does not return that annotation", async (t) => {
  const records = await openRecords(t);
  const { ada, project, task } = await start(records);
  const [other] = await records.addTasks(project, 1);
  assert.ok(other);
  const { unique_id } = await records.annotate(task, ada);

  assert.equal(await records.repositories.annotations.create(other.id, ada.id, { unique_id }), undefined);
  await records.assertCounts(project, { total_annotations_number: 1, finished_task_number: 1 });
});

test("annotations: a submission after the assignment expired succeeds, and the new assignment of another user stays", async (t) => {
  const records = await openRecords(t);
  const { taskAssignments } = records.repositories;
  const { ada, ben, project, task } = await start(records);
  await taskAssignments.assign(task.id, ada.id);
  await records.database("task_locks").update({ expires_at: "2026-01-01T00:00:00.000000Z" });
  const bens = await taskAssignments.assign(task.id, ben.id);

  await records.annotate(task, ada);

  assert.deepEqual(await records.database("task_locks").pluck("unique_id"), [bens?.unique_id]);
  await records.annotate(task, ben);
  await records.assertCounts(project, { total_annotations_number: 2, finished_task_number: 1 });
});

test("annotations: submitting deletes the user's draft and assignment, and no one else's", async (t) => {
  const records = await openRecords(t);
  const { drafts, taskAssignments } = records.repositories;
  const { ada, ben, task } = await start(records);
  const draft = await drafts.create(task.id, null, ada.id, { result: "[1]" });
  const bens = await drafts.create(task.id, null, ben.id, {});
  await taskAssignments.assign(task.id, ada.id);

  const annotation = await records.annotate(task, ada);

  assert.equal(annotation.draft_created_at, draft.created_at);
  assert.equal(await drafts.find(draft.id), undefined);
  assert.deepEqual(await drafts.find(bens.id), bens);
  assert.ok(await taskAssignments.assign(task.id, ben.id));
});

test("annotations: saving an annotation ends the draft of its changes", async (t) => {
  const records = await openRecords(t);
  const { annotations, drafts } = records.repositories;
  const { ada, task } = await start(records);
  const { id } = await records.annotate(task, ada);
  const draft = await drafts.create(task.id, id, ada.id, {});

  await annotations.update(id, ada.id, { result: "[1]" });

  assert.equal(await drafts.find(draft.id), undefined);
});

test("annotations: a deleted task or annotation can't be annotated, changed or deleted", async (t) => {
  const records = await openRecords(t);
  const { annotations, tasks } = records.repositories;
  const { ada, task } = await start(records);
  const { id } = await records.annotate(task, ada);
  await tasks.delete(task.id);

  assert.equal(await annotations.create(task.id, ada.id, {}), undefined);
  assert.equal(await annotations.update(id, ada.id, { result: "[1]" }), undefined);
  assert.equal(await annotations.delete(id), false);
});

test("annotations: one's own of a task, and of the task before another, are found with the task's number", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, task } = await start(records);
  const [second, third, fourth] = await records.addTasks(project, 3);
  assert.ok(second && third && fourth);
  const first = await records.annotate(task, ada);
  await records.annotate(second, ben);
  const { annotations } = records.repositories;

  const own = await annotations.findOwn(project.id, ada.id, { before: fourth.id });

  assert.deepEqual([own?.id, own?.task_id, own?.inner_id, own?.result], [first.id, task.id, 1, first.result]);
  assert.equal((await annotations.findOwn(project.id, ben.id, { id: second.id }))?.inner_id, 2);
  assert.equal(await annotations.findOwn(project.id, ben.id, { id: task.id }), undefined);
  assert.equal(await annotations.findOwn(project.id, ada.id, { before: task.id }), undefined);
  assert.equal(await annotations.findOwn(project.id + 1, ada.id, { before: fourth.id }), undefined);
});

test("annotations: whether a unique id is taken is known in all projects", async (t) => {
  const records = await openRecords(t);
  const { annotations } = records.repositories;
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const [task] = await records.addTasks(await records.addProject(ada), 1);
  assert.ok(task);
  const unique_id = "2f4f2a3c-1111-4222-8333-444455556666";

  assert.equal(await annotations.hasUniqueId(unique_id), false);
  await annotations.create(task.id, ada.id, { unique_id });
  assert.equal(await annotations.hasUniqueId(unique_id), true);
});
