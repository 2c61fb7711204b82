import assert from "node:assert/strict";
import { test } from "node:test";

import type { TaskFilter } from "../../../src/repositories/labeling/tasks.ts";
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

test("tasks: keyset pagination by two loses and repeats nothing, forwards and backwards", async (t) => {
  const records = await openRecords(t);
  const { project, tasks } = await start(records, 5);
  const ids = async (cursor: { after?: number; before?: number }) =>
    (await records.repositories.tasks.listPage(project.id, {}, { ...cursor, limit: 2 })).map(({ id }) => id);
  const [one, two, three, four, five] = tasks.map(({ id }) => id);

  assert.deepEqual(await ids({}), [one, two]);
  assert.deepEqual(await ids({ after: two ?? 0 }), [three, four]);
  assert.deepEqual(await ids({ after: four ?? 0 }), [five]);
  assert.deepEqual(await ids({ before: five ?? 0 }), [three, four]);
  assert.deepEqual(await ids({ before: three ?? 0 }), [one, two]);
});

test("tasks: keyset pagination of one user's tasks loses and repeats nothing, forwards and backwards", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 7);
  for (const task of tasks.filter(({ inner_id }) => inner_id !== 4)) {
    await records.annotate(task, ben, { was_cancelled: task.inner_id === 2 });
    await records.annotate(task, ben, { was_cancelled: task.inner_id === 2 });
    await records.annotate(task, ada, { was_cancelled: true });
  }
  const [elsewhere] = await records.addTasks(await records.addProject(ada), 1);
  assert.ok(elsewhere);
  await records.annotate(elsewhere, ben);
  const numbers = async (filter: { is_labeled?: boolean }, cursor: { after?: number; before?: number }) =>
    (
      await records.repositories.tasks.listPage(
        project.id,
        { annotator_id: ben.id, ...filter },
        { ...cursor, limit: 2 },
      )
    ).map(({ inner_id }) => inner_id);
  const id = (number: number) => tasks[number - 1]?.id ?? 0;

  assert.deepEqual(await numbers({}, {}), [1, 2]);
  assert.deepEqual(await numbers({}, { after: id(2) }), [3, 5]);
  assert.deepEqual(await numbers({}, { after: id(6) }), [7]);
  assert.deepEqual(await numbers({}, { before: id(6) }), [3, 5]);
  assert.deepEqual(await numbers({ is_labeled: true }, { after: id(1) }), [3, 5]);
  assert.deepEqual(await numbers({ is_labeled: true }, { before: id(5) }), [1, 3]);
  assert.deepEqual(await numbers({ is_labeled: false }, {}), [2]);
});

test("tasks: they are found by whether they are labeled, and by who annotated them", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 3);
  const [first, second, third] = tasks;
  assert.ok(first && second && third);
  await records.annotate(first, ada);
  await records.annotate(second, ben);
  await records.annotate(third, ben, { was_cancelled: true });
  const ids = async (filter: TaskFilter) =>
    (await records.repositories.tasks.listPage(project.id, filter, { limit: 10 })).map(({ id }) => id);

  assert.deepEqual(await ids({ is_labeled: true }), [first.id, second.id]);
  assert.deepEqual(await ids({ is_labeled: false }), [third.id]);
  assert.deepEqual(await ids({ annotator_id: ben.id }), [second.id, third.id]);
  assert.deepEqual(await ids({ annotator_id: ben.id, is_labeled: true }), [second.id]);
});
