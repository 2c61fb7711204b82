import assert from "node:assert/strict";
import { test } from "node:test";

import { openRecords } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

async function start({ addPeople, addProject, addTasks }: Records) {
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada);
  const [task, other] = await addTasks(project, 2);
  assert.ok(task && other);
  return { ada, ben, project, task, other };
}

test("drafts: a user finds their own drafts of the requested tasks, and no one else's", async (t) => {
  const records = await openRecords(t);
  const { drafts } = records.repositories;
  const { ada, ben, task, other } = await start(records);
  const first = await drafts.create(task.id, null, ada.id, { result: "[1]" });
  const second = await drafts.create(other.id, null, ada.id, {});
  await drafts.create(task.id, null, ben.id, {});

  assert.deepEqual(await drafts.listByTasks([task.id], ada.id), [first]);
  assert.deepEqual(await drafts.listByTasks([task.id, other.id], ada.id), [first, second]);
});

test("drafts: a result is returned exactly as it was submitted, and omitted fields keep their values", async (t) => {
  const records = await openRecords(t);
  const { drafts } = records.repositories;
  const { ada, task } = await start(records);
  const result = '[ {"b":1, "a":1.0} ]';
  const created = await drafts.create(task.id, null, ada.id, { result, lead_time: 2.5 });

  await drafts.update(created.id, { was_postponed: true });

  const draft = await drafts.find(created.id);
  assert.deepEqual([draft?.result, draft?.lead_time, draft?.was_postponed], [result, 2.5, true]);
});

test("drafts: no counter includes them", async (t) => {
  const records = await openRecords(t);
  const { drafts, tasks } = records.repositories;
  const { ada, project, task } = await start(records);

  const { id } = await drafts.create(task.id, null, ada.id, { result: "[1]" });

  await records.assertCounts(project, { total_annotations_number: 0, finished_task_number: 0 });
  assert.deepEqual(await tasks.find(task.id), task);
  await drafts.delete(id);
  assert.equal(await drafts.find(id), undefined);
});

test("drafts: they go with their task, their annotation and their person, and stay with others", async (t) => {
  const records = await openRecords(t);
  const { annotations, drafts, tasks, users } = records.repositories;
  const { ada, ben, task, other } = await start(records);
  const annotation = await records.annotate(task, ada);
  const ofAnnotation = await drafts.create(task.id, annotation.id, ada.id, {});
  const ofTask = await drafts.create(task.id, null, ada.id, {});
  const bens = await drafts.create(other.id, null, ben.id, {});
  const stays = await drafts.create(other.id, null, ada.id, {});
  const left = async () => (await records.database("drafts").orderBy("id").pluck("id")) as number[];

  await annotations.delete(annotation.id);
  assert.deepEqual(await left(), [ofTask.id, bens.id, stays.id]);
  assert.equal(await drafts.find(ofAnnotation.id), undefined);
  await tasks.delete(task.id);
  assert.deepEqual(await left(), [bens.id, stays.id]);
  await users.delete(ben.id);
  assert.deepEqual(await left(), [stays.id]);
});

test("drafts: those of an annotation are found by it, and an annotation can become one", async (t) => {
  const records = await openRecords(t);
  const { annotations, drafts } = records.repositories;
  const { ada, ben, project, task, other } = await start(records);
  const annotation = await records.annotate(task, ada, { result: '[{"id": "1"}]', lead_time: 2 });
  const later = await records.annotate(other, ada);
  const draft = await drafts.create(task.id, annotation.id, ada.id, {});
  await drafts.create(task.id, annotation.id, ben.id, {});

  assert.deepEqual(await drafts.listByAnnotation(task.id, annotation.id, ada.id), [draft]);
  assert.deepEqual(await drafts.listByAnnotation(other.id, annotation.id, ada.id), []);
  const own = await annotations.listOwn(project.id, ada.id, 10);
  assert.deepEqual(
    own.map(({ id }) => id),
    [annotation.id, later.id],
  );
  assert.equal((await annotations.listOwn(project.id, ada.id, 1))[0]?.id, later.id);
  const made = await annotations.convertToDraft(annotation.id, ben.id);
  assert.deepEqual(
    [made?.annotation_id, made?.user_id, made?.result, made?.lead_time],
    [null, ben.id, '[{"id": "1"}]', 2],
  );
  assert.equal(await annotations.convertToDraft(annotation.id, ben.id), undefined);
  await records.assertCounts(project, { total_annotations_number: 1, finished_task_number: 1 });
});
