import assert from "node:assert/strict";
import { test } from "node:test";

import { openRecords } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

async function start({ addPeople, addProject, addTasks }: Records) {
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task, other] = await addTasks(project, 2);
  assert.ok(task && other);
  return { ada, project, task, other };
}

test("predictions: they are counted with their task and project, until they are deleted", async (t) => {
  const records = await openRecords(t);
  const { predictions, tasks } = records.repositories;
  const { project, task } = await start(records);

  const created = await predictions.create(task.id, { result: '[{"id": "1"}]', score: 0.5, model_version: "one" });
  await predictions.create(task.id, {});
  await records.assertCounts(project, { total_predictions_number: 2, finished_task_number: 0 });
  assert.equal((await tasks.find(task.id))?.total_predictions, 2);

  assert.equal(await predictions.delete(created?.id ?? 0), true);
  assert.equal(await predictions.delete(created?.id ?? 0), false);
  await records.assertCounts(project, { total_predictions_number: 1 });
  assert.equal((await tasks.find(task.id))?.total_predictions, 1);
});

test("predictions: many at once are all counted", async (t) => {
  const records = await openRecords(t);
  const { project, task, other } = await start(records);

  await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      records.repositories.predictions.create(number % 2 ? task.id : other.id, {}),
    ),
  );

  await records.assertCounts(project, { total_predictions_number: 20 });
});

test("predictions: a deleted task takes its predictions with it", async (t) => {
  const records = await openRecords(t);
  const { predictions, tasks } = records.repositories;
  const { project, task, other } = await start(records);
  for (const { id } of [task, task, other]) await predictions.create(id, {});

  await tasks.delete(task.id);

  await records.assertCounts(project, { task_number: 1, total_predictions_number: 1 });
  assert.deepEqual(await predictions.listByTasks([task.id]), []);
});

test("predictions: an annotation stays when the prediction that it began with is deleted", async (t) => {
  const records = await openRecords(t);
  const { annotations, predictions } = records.repositories;
  const { ada, project, task } = await start(records);
  const prediction = await predictions.create(task.id, {});
  const { id } = await records.annotate(task, ada, { parent_prediction_id: prediction?.id });

  await predictions.delete(prediction?.id ?? 0);

  assert.equal((await annotations.find(id))?.parent_prediction_id, null);
  await records.assertCounts(project, { total_annotations_number: 1, total_predictions_number: 0 });
});

test("predictions: none is created for a task that was deleted", async (t) => {
  const { repositories } = await openRecords(t);

  assert.equal(await repositories.predictions.create(99, {}), undefined);
});

test("predictions: versions are counted, the newest first, and one of them is deleted everywhere in its project", async (t) => {
  const records = await openRecords(t);
  const { predictions } = records.repositories;
  const { ada, project, task, other } = await start(records);
  const [elsewhere] = await records.addTasks(await records.addProject(ada), 1);
  for (const [id, model_version] of [
    [task.id, "5"],
    [task.id, "v1"],
    [other.id, "v1"],
    [elsewhere?.id ?? 0, "v1"],
  ] as const)
    await predictions.create(id, { model_version });
  const [first] = await predictions.listByTasks([task.id]);
  await records.database("predictions").where({ id: first?.id }).update({ created_at: "2999-01-01T00:00:00.000Z" });

  const versions = await predictions.countVersions(project.id, 10);

  assert.deepEqual(
    versions.map(({ model_version, count }) => [model_version, count]),
    [
      ["5", 1],
      ["v1", 2],
    ],
  );
  assert.equal(versions[0]?.latest, "2999-01-01T00:00:00.000Z");
  assert.equal((await predictions.countVersions(project.id, 1)).length, 1);
  assert.equal(await predictions.deleteVersion(project.id, "v1"), 2);
  assert.equal(await predictions.deleteVersion(project.id, "v1"), 0);
  await records.assertCounts(project, { total_predictions_number: 1 });
});
