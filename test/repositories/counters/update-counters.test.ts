import assert from "node:assert/strict";
import { test } from "node:test";

import { assertCountersMatch } from "../../support/counters.ts";
import { openRecords, openTwoPrograms } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

const noCounts = {
  task_number: 1,
  finished_task_number: 0,
  num_tasks_with_annotations: 0,
  total_annotations_number: 0,
  skipped_annotations_number: 0,
  ground_truth_number: 0,
  useful_annotation_number: 0,
};

/** What is kept of a person's work: the number for each project, and for each day. */
async function workOf({ database }: Records, user_id: number) {
  const projects = await database("contributions").where({ user_id }).orderBy("project_id").pluck("annotations");
  const days = await database("contribution_days")
    .where({ user_id })
    .orderBy(["project_id", "day"])
    .pluck("annotations");
  return { projects, days };
}

test("tallies: an annotation counts for its task, project, person and day", async (t) => {
  const records = await openRecords(t);
  const { repositories, database, addPeople, addProject, addTasks, annotate, assertCounts } = records;
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);

  const { created_at } = await annotate(task, ada);

  await assertCounts(project, {
    ...noCounts,
    finished_task_number: 1,
    num_tasks_with_annotations: 1,
    total_annotations_number: 1,
    useful_annotation_number: 1,
  });
  const kept = await repositories.tasks.find(task.id);
  assert.deepEqual([kept?.total_annotations, kept?.cancelled_annotations, kept?.is_labeled], [1, 0, true]);
  assert.equal(kept?.updated_by_id, ada.id);
  assert.deepEqual(await database("contributions").select(), [
    {
      user_id: ada.id,
      project_id: project.id,
      annotations: 1,
      tasks: 1,
      skipped_tasks: 0,
      labeled_tasks: 1,
      last_at: created_at,
    },
  ]);
  assert.deepEqual(await database("contribution_days").select("user_id", "day", "annotations"), [
    { user_id: ada.id, day: created_at.slice(0, 10), annotations: 1 },
  ]);
});

test("tallies: a skip counts as skipped, and neither labels the task nor contributes", async (t) => {
  const records = await openRecords(t);
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = records;
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);

  await annotate(task, ada, { was_cancelled: true });

  await assertCounts(project, { ...noCounts, skipped_annotations_number: 1 });
  const kept = await repositories.tasks.find(task.id);
  assert.deepEqual([kept?.total_annotations, kept?.cancelled_annotations, kept?.is_labeled], [0, 1, false]);
  assert.deepEqual(await workOf(records, ada.id), { projects: [0], days: [] });
});

test("tallies: where skipped tasks are not given again, a skip labels its task", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada, { skip_queue: "IGNORE_SKIPPED" });
  const [task] = await addTasks(project, 1);
  assert.ok(task);

  await annotate(task, ada, { was_cancelled: true });

  await assertCounts(project, { ...noCounts, finished_task_number: 1, skipped_annotations_number: 1 });
  assert.equal((await repositories.tasks.find(task.id))?.is_labeled, true);
});

test("tallies: when skips begin to count, or no longer count, the tasks follow", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [skipped, done] = await addTasks(project, 3);
  assert.ok(skipped && done);
  await annotate(skipped, ada, { was_cancelled: true });
  await annotate(done, ada);

  await repositories.projects.update(project.id, { skip_queue: "IGNORE_SKIPPED" });
  await assertCounts(project, { finished_task_number: 2 });
  await repositories.projects.update(project.id, { skip_queue: "REQUEUE_FOR_ME" });
  await assertCounts(project, { finished_task_number: 1 });
  await repositories.projects.update(project.id, { skip_queue: "REQUEUE_FOR_OTHERS" });
  await assertCounts(project, { finished_task_number: 1 });
});

test("tallies: a task that two people label is labeled when two people did, however often each", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada, { maximum_annotations: 2 });
  const [task] = await addTasks(project, 1);
  assert.ok(task);

  await annotate(task, ada);
  await annotate(task, ada);
  await assertCounts(project, { finished_task_number: 0, total_annotations_number: 2, num_tasks_with_annotations: 1 });
  await annotate(task, ben, { was_cancelled: true });
  await assertCounts(project, { finished_task_number: 0 });
  const last = await annotate(task, ben);
  await assertCounts(project, { finished_task_number: 1, total_annotations_number: 3 });
  await repositories.annotations.delete(last.id);
  await assertCounts(project, { finished_task_number: 0, total_annotations_number: 2 });
});

test("tallies: when fewer or more people label each task, the tasks follow", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada);
  const [once, twice] = await addTasks(project, 3);
  assert.ok(once && twice);
  for (const [task, user] of [
    [once, ada],
    [twice, ada],
    [twice, ben],
  ] as const)
    await annotate(task, user);

  await repositories.projects.update(project.id, { maximum_annotations: 2 });
  await assertCounts(project, { finished_task_number: 1 });
  assert.equal((await repositories.tasks.find(once.id))?.overlap, 2);
  await repositories.projects.update(project.id, { maximum_annotations: 1 });
  await assertCounts(project, { finished_task_number: 2 });
});

test("tallies: ground truth is counted, and useful is what is neither skipped nor ground truth", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);

  const annotation = await annotate(task, ada, { ground_truth: true });
  await assertCounts(project, { total_annotations_number: 1, ground_truth_number: 1, useful_annotation_number: 0 });
  await repositories.annotations.update(annotation.id, ada.id, { ground_truth: false });
  await assertCounts(project, { total_annotations_number: 1, ground_truth_number: 0, useful_annotation_number: 1 });
});

test("tallies: a skip that is labeled after all counts as done, and as a contribution", async (t) => {
  const records = await openRecords(t);
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = records;
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  const skip = await annotate(task, ada, { was_cancelled: true });

  await repositories.annotations.update(skip.id, ada.id, { was_cancelled: false });

  await assertCounts(project, { finished_task_number: 1, total_annotations_number: 1, skipped_annotations_number: 0 });
  assert.deepEqual(await workOf(records, ada.id), { projects: [1], days: [1] });
});

test("tallies: an annotation that becomes another person's is their contribution", async (t) => {
  const records = await openRecords(t);
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = records;
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  const annotation = await annotate(task, ada);

  await repositories.annotations.update(annotation.id, ada.id, { completed_by_id: ben.id });

  await assertCounts(project, { total_annotations_number: 1 });
  assert.deepEqual(await workOf(records, ada.id), { projects: [0], days: [0] });
  assert.deepEqual(await workOf(records, ben.id), { projects: [1], days: [1] });
});

test("tallies: a deleted annotation counts nowhere any more", async (t) => {
  const records = await openRecords(t);
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = records;
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  const annotation = await annotate(task, ada, { ground_truth: true });

  assert.equal(await repositories.annotations.delete(annotation.id), true);
  assert.equal(await repositories.annotations.delete(annotation.id), false);

  await assertCounts(project, noCounts);
  assert.deepEqual(await workOf(records, ada.id), { projects: [0], days: [0] });
});

test("tallies: what people did in several projects is counted by project and day", async (t) => {
  const records = await openRecords(t);
  const { addPeople, addProject, addTasks, annotate } = records;
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  for (const count of [2, 3]) {
    const project = await addProject(ada);
    for (const task of await addTasks(project, count)) await annotate(task, ben);
  }

  assert.deepEqual(await workOf(records, ben.id), { projects: [2, 3], days: [2, 3] });
  await assertCountersMatch(records.repositories);
});

test("tallies: what is undone counts for the day on which it was done", async (t) => {
  const records = await openRecords(t);
  const { database, repositories, addPeople, addProject, addTasks, annotate } = records;
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const [task] = await addTasks(await addProject(ada), 1);
  assert.ok(task);
  const { id } = await annotate(task, ada);
  await database("annotations").where({ id }).update({ created_at: "2026-01-02T23:59:59.000000Z" });
  await database("contribution_days").update({ day: "2026-01-02" });

  await repositories.annotations.update(id, ada.id, { was_cancelled: true });

  assert.deepEqual(await database("contribution_days").select("day", "annotations"), [
    { day: "2026-01-02", annotations: 0 },
  ]);
  await assertCountersMatch(repositories);
});

test("tallies: a deleted person's labels stay and count, and are nobody's", async (t) => {
  const records = await openRecords(t);
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = records;
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ben, { maximum_annotations: 2 });
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  const annotation = await annotate(task, ben, { result: '[{"id": "1"}]' });
  await annotate(task, ada);

  await repositories.users.delete(ben.id);

  await assertCounts(project, { task_number: 1, finished_task_number: 1, total_annotations_number: 2 });
  const kept = await repositories.annotations.find(annotation.id);
  assert.deepEqual([kept?.completed_by_id, kept?.updated_by_id, kept?.result], [null, null, '[{"id": "1"}]']);
  assert.equal((await repositories.projects.find(project.id))?.created_by_id, null);
  assert.deepEqual(await workOf(records, ben.id), { projects: [], days: [] });
  assert.equal((await repositories.organizations.first())?.member_count, 1);

  await repositories.annotations.delete(annotation.id);
  await assertCounts(project, { finished_task_number: 0, total_annotations_number: 1 });
});

test("tallies: the numbers are right also when a deleted person labeled a task twice", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada, { maximum_annotations: 2 });
  const [task] = await addTasks(project, 1);
  assert.ok(task);
  await annotate(task, ben);
  await annotate(task, ben);

  await repositories.users.delete(ben.id);

  await assertCountersMatch(repositories);
});

test("tallies: a removed member's labels and contributions stay, and the tasks they had are free", async (t) => {
  const records = await openRecords(t);
  const { repositories, addPeople, addProject, addTasks, annotate, assertCounts } = records;
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada);
  const [first, second] = await addTasks(project, 2);
  assert.ok(first && second);
  await annotate(first, ben);
  assert.equal((await repositories.taskAssignments.assignNext(project, ben.id))?.task_id, second.id);
  assert.equal(await repositories.taskAssignments.assignNext(project, ada.id), undefined);

  await repositories.accountStatus.remove(ben.id);

  await assertCounts(project, { finished_task_number: 1, total_annotations_number: 1 });
  assert.deepEqual(await workOf(records, ben.id), { projects: [1], days: [1] });
  assert.equal((await repositories.annotations.listByTasks([first.id]))[0]?.completed_by_id, ben.id);
  assert.equal((await repositories.taskAssignments.assignNext(project, ada.id))?.task_id, second.id);
});

test("tallies: two programs that label at the same moment lose nothing", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const people = await one.addPeople(4);
  const [ada] = people;
  assert.ok(ada);
  const project = await one.addProject(ada, { maximum_annotations: 4 });
  const tasks = await one.addTasks(project, 8);

  await Promise.all(
    tasks.flatMap((task) =>
      people.map(async (user, index) => {
        const { repositories, annotate } = index % 2 ? one : other;
        const annotation = await annotate(task, user);
        await repositories.annotations.update(annotation.id, user.id, { ground_truth: index === 0 });
        if (index === 3) await repositories.annotations.delete(annotation.id);
      }),
    ),
  );

  await one.assertCounts(project, {
    finished_task_number: 0,
    total_annotations_number: 24,
    ground_truth_number: 8,
    useful_annotation_number: 16,
    num_tasks_with_annotations: 8,
  });
});
