import assert from "node:assert/strict";
import { test } from "node:test";

import { openRecords, openTwoPrograms } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

async function start(records: Records, tasks: number, settings = {}) {
  const [ada, ben] = await records.addPeople(2);
  assert.ok(ada && ben);
  const project = await records.addProject(ada, settings);
  return { ada, ben, project, tasks: await records.addTasks(project, tasks) };
}

test("tasks: data is returned exactly as it was submitted, with its spaces and the order of its keys", async (t) => {
  const { repositories, ...records } = await openRecords(t);
  const { project } = await start({ repositories, ...records }, 0);
  const data = '{ "b":1, "a":"é", "10":1.0, "2":[] }';

  const { id } = await repositories.tasks.create(project, { data, meta: '{"x" : null}' }, 1);

  const task = await repositories.tasks.find(id);
  assert.deepEqual([task?.data, task?.meta], [data, '{"x" : null}']);
});

test("tasks: many created at once by two servers are numbered from 1 without a gap, in each project", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const { ada, project } = await start(one, 0);
  const second = await one.addProject(ada);

  const created = await Promise.all(
    Array.from({ length: 30 }, (_, number) =>
      (number % 2 ? one : other).repositories.tasks.create(project, { data: "{}", meta: "{}" }, 1),
    ),
  );
  const [first] = await other.addTasks(second, 1);

  const numbers = created.map(({ inner_id }) => inner_id).sort((lower, higher) => lower - higher);
  assert.deepEqual(
    numbers,
    [...numbers.keys()].map((index) => index + 1),
  );
  assert.equal(first?.inner_id, 1);
  await one.assertCounts(project, { task_number: 30 });
});

test("tasks: the number of a deleted task is not used again", async (t) => {
  const records = await openRecords(t);
  const { project, tasks } = await start(records, 2);
  await records.repositories.tasks.delete(tasks[1]?.id ?? 0);

  assert.equal((await records.addTasks(project, 1))[0]?.inner_id, 3);
});

test("tasks: a task is deleted with its annotations, and all counters are updated", async (t) => {
  const records = await openRecords(t);
  const { repositories, database } = records;
  const { ada, ben, project, tasks } = await start(records, 2);
  const [task, other] = tasks;
  assert.ok(task && other);
  await records.annotate(task, ada, { ground_truth: true });
  await records.annotate(task, ben);
  await records.annotate(task, ben, { was_cancelled: true });
  await records.annotate(other, ben);

  assert.equal(await repositories.tasks.delete(task.id), true);
  assert.equal(await repositories.tasks.delete(task.id), false);

  await records.assertCounts(project, {
    task_number: 1,
    finished_task_number: 1,
    num_tasks_with_annotations: 1,
    total_annotations_number: 1,
    skipped_annotations_number: 0,
    ground_truth_number: 0,
    useful_annotation_number: 1,
  });
  assert.deepEqual(await database("contribution_days").orderBy("user_id").pluck("annotations"), [0, 1]);
});

test("tasks: a labeled task that was never annotated leaves the right numbers", async (t) => {
  const records = await openRecords(t);
  const { ada, project, tasks } = await start(records, 1, { skip_queue: "IGNORE_SKIPPED" });
  assert.ok(tasks[0]);
  await records.annotate(tasks[0], ada, { was_cancelled: true });
  await records.assertCounts(project, { finished_task_number: 1 });

  await records.repositories.tasks.delete(tasks[0].id);

  await records.assertCounts(project, { task_number: 0, finished_task_number: 0, skipped_annotations_number: 0 });
});

test("tasks: those after an id are listed by their ids, and none of another project", async (t) => {
  const records = await openRecords(t);
  const { ada, project, tasks } = await start(records, 3);
  await records.addTasks(await records.addProject(ada), 1);
  const idsAfter = async (id: number, limit: number) =>
    (await records.repositories.tasks.listAfter(project.id, id, limit)).map((task) => task.id);
  const [one, two, three] = tasks.map(({ id }) => id);

  assert.deepEqual(await idsAfter(0, 2), [one, two]);
  assert.deepEqual(await idsAfter(two ?? 0, 2), [three]);
});
