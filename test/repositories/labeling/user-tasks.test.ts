import assert from "node:assert/strict";
import { test } from "node:test";

import { now } from "../../../src/common/timestamps.ts";
import { statementsOf, fullScans } from "../../support/query-plans.ts";
import { openRecords } from "../../support/records.ts";

test("tasks of users: one comes with the user's latest annotation and the draft that changes it, and with nobody else's", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada);
  const [task, another] = await addTasks(project, 2);
  assert.ok(task && another);
  const draft = await repositories.drafts.create(task.id, null, ada.id, { result: "[1]" });
  const find = async () => repositories.userTasks.find(project, task.id, ada.id);

  const first = await find();
  assert.deepEqual([first?.own, first?.draft?.id], [undefined, draft.id]);

  await annotate(task, ada);
  const latest = await annotate(task, ada, { was_cancelled: true });
  await annotate(task, ben);
  await annotate(another, ada);
  await repositories.drafts.create(task.id, null, ada.id, {});
  const change = await repositories.drafts.create(task.id, latest.id, ada.id, { result: "[2]" });
  await repositories.drafts.create(task.id, latest.id, ben.id, {});

  const found = await find();
  assert.deepEqual(found?.own, latest);
  assert.deepEqual([found?.draft?.id, found?.draft?.result], [change.id, "[2]"]);
  assert.deepEqual(found?.task, await repositories.tasks.find(task.id));
});

test("tasks of users: one without an annotation comes with the latest prediction, if the project shows them", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  const old = await repositories.predictions.create(task.id, { model_version: "old" });
  const latest = await repositories.predictions.create(task.id, { model_version: "new" });
  const predictionOf = async (settings: object) =>
    (await repositories.userTasks.find({ ...project, ...settings }, task.id, ada.id))?.prediction?.id;

  assert.equal(await predictionOf({ show_collab_predictions: true }), latest?.id);
  assert.equal(await predictionOf({ show_collab_predictions: true, model_version: "old" }), old?.id);
  assert.equal(await predictionOf({ show_collab_predictions: true, model_version: "none" }), undefined);
  assert.equal(await predictionOf({ show_collab_predictions: false }), undefined);
  await annotate(task, ada);
  assert.equal(await predictionOf({ show_collab_predictions: true }), undefined);
});

test("tasks of users: one is found in its own project only, and not once that is deleted", async (t) => {
  const { repositories, addPeople, addProject, addTasks } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);

  assert.equal(await repositories.userTasks.find(await addProject(ada), task.id, ada.id), undefined);
  await repositories.projects.delete(project.id);
  assert.equal(await repositories.userTasks.find(project, task.id, ada.id), undefined);
});

test("tasks of users: to find one reads neither the other tasks nor what was done with them", async (t) => {
  const { database, repositories, addPeople, addProject } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada, { show_collab_predictions: true, skip_queue: "REQUEUE_FOR_ME" });
  const at = now();
  const common = { project_id: project.id, created_at: at, updated_at: at };
  const numbers = Array.from({ length: 3000 }, (_, index) => index + 1);
  const insert = async (table: string, row: (id: number) => object) =>
    database.batchInsert(table, numbers.map(row), 50);
  await insert("tasks", (id) => ({
    ...common,
    id,
    inner_id: id,
    data: "{}",
    meta: "{}",
    overlap: 1,
    total_predictions: 1,
  }));
  await insert("predictions", (task_id) => ({ ...common, task_id, result: "[]", score: 0.5 }));
  await insert("annotations", (task_id) => ({
    ...common,
    task_id,
    completed_by_id: ben.id,
    result: "[]",
    unique_id: `${task_id}`,
  }));
  await insert("drafts", (task_id) => ({ task_id, user_id: ben.id, result: "[]", created_at: at, updated_at: at }));
  await database.raw("analyze");
  const sizes = new Map(["tasks", "annotations", "drafts", "predictions"].map((table) => [table, numbers.length]));

  const statements = await statementsOf(database, async () => {
    const next = await repositories.taskAssignments.assignNext(project, ada.id);
    assert.ok(next?.prediction);
    await repositories.userTasks.find(project, next.task.id, ben.id);
  });

  assert.equal(statements.length, 2);
  for (const statement of statements) assert.deepEqual(await fullScans(database, statement, sizes), [], statement.sql);
});
