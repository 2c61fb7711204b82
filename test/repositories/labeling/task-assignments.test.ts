import assert from "node:assert/strict";
import { test } from "node:test";

import type { Project } from "../../../src/repositories/labeling/projects.ts";
import type { User } from "../../../src/repositories/accounts/user-columns.ts";
import { openRecords, openTwoPrograms } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

const longAgo = "2026-01-01T00:00:00.000000Z";

/** Returns the id of the task that the user gets. */
async function next({ repositories }: Records, project: Project, user: User): Promise<number | undefined> {
  return (await repositories.taskAssignments.assignNext(project, user.id))?.task_id;
}

async function start(records: Records, people: number, tasks: number, settings = {}) {
  const users = await records.addPeople(people);
  const [ada, ben] = users;
  assert.ok(ada);
  const project = await records.addProject(ada, settings);
  return { users, ada, ben: ben ?? ada, project, tasks: await records.addTasks(project, tasks) };
}

for (const sampling of ["Sequential sampling", "Uniform sampling", "Uncertainty sampling"]) {
  test(`task assignments: fourteen users at once never get the same task, by ${sampling.toLowerCase()}`, async (t) => {
    const records = await openRecords(t);
    // More of both than the ten candidates that one query reads, and fewer tasks than users.
    const { users, project, tasks } = await start(records, 14, 12, { sampling });
    for (const { id } of tasks.slice(0, 6)) await records.repositories.predictions.create(id, { score: id / 100 });

    const assigned = await Promise.all(users.map((user) => next(records, project, user)));

    const ids = assigned.filter((id) => id !== undefined);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, 12);
  });
}

test("task assignments: users of two servers never get the same task", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const { users, project } = await start(one, 12, 16);

  const assigned = await Promise.all(users.map((user, index) => next(index % 2 ? one : other, project, user)));

  assert.equal(new Set(assigned.filter(Boolean)).size, 12);
});

test("task assignments: users who label at the same time label each task once", async (t) => {
  const records = await openRecords(t);
  const { users, project } = await start(records, 5, 15);

  await Promise.all(
    users.map(async (user) => {
      for (let assignment; (assignment = await records.repositories.taskAssignments.assignNext(project, user.id));)
        await records.repositories.annotations.create(assignment.task_id, user.id, {});
    }),
  );

  await records.assertCounts(project, { finished_task_number: 15, total_annotations_number: 15 });
});

test("task assignments: each user labels each task once where tasks need several annotators", async (t) => {
  const records = await openRecords(t);
  const { users, project, tasks } = await start(records, 3, 6, { maximum_annotations: 3 });

  for (let round = 0; round < 6; round++) {
    for (const user of users) {
      const assignment = await records.repositories.taskAssignments.assignNext(project, user.id);
      assert.ok(assignment);
      await records.repositories.annotations.create(assignment.task_id, user.id, {});
    }
  }

  await records.assertCounts(project, { finished_task_number: tasks.length, total_annotations_number: 18 });
  for (const user of users) assert.equal(await next(records, project, user), undefined);
});

test("task assignments: a user gets the same task again until it is labeled, also when it is not the first any more", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 2, 3);
  assert.equal(await next(records, project, ada), tasks[0]?.id);

  assert.equal(await next(records, project, ben), tasks[1]?.id);
  await records.repositories.taskAssignments.release(tasks[0]?.id ?? 0, ada.id);
  assert.equal(await next(records, project, ben), tasks[1]?.id);
  await records.repositories.annotations.create(tasks[1]?.id ?? 0, ben.id, {});
  assert.equal(await next(records, project, ben), tasks[0]?.id);
});

test("task assignments: an expired assignment goes to the next user, and the first one can't get it back", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 2, 2);
  const first = tasks[0]?.id ?? 0;
  assert.equal(await next(records, project, ada), first);
  await records.database("task_locks").update({ expires_at: longAgo });

  assert.equal(await next(records, project, ben), first);
  assert.equal(await records.repositories.taskAssignments.assign(first, ada.id), undefined);
  assert.equal(await next(records, project, ada), tasks[1]?.id);
});

test("task assignments: expired assignments are deleted, and no others", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 2, 2);
  await next(records, project, ada);
  await records.database("task_locks").update({ expires_at: longAgo });
  const assignment = await records.repositories.taskAssignments.assign(tasks[1]?.id ?? 0, ben.id);

  await records.repositories.taskAssignments.deleteExpired();

  assert.deepEqual(await records.database("task_locks").pluck("unique_id"), [assignment?.unique_id]);
});

test("task assignments: a user who opens a task by its URL is assigned, unless another user is", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 2, 2);
  const { taskAssignments } = records.repositories;
  const second = tasks[1]?.id ?? 0;

  assert.ok(await taskAssignments.assign(second, ben.id));
  assert.ok(await taskAssignments.assign(second, ben.id));

  assert.equal(await taskAssignments.assign(second, ada.id), undefined);
  assert.equal(await next(records, project, ben), second);
});

test("task assignments: a task that one user skipped goes to others", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 2, 1);
  assert.ok(tasks[0]);
  await records.annotate(tasks[0], ada, { was_cancelled: true });

  assert.equal(await next(records, project, ada), undefined);
  assert.equal(await next(records, project, ben), tasks[0].id);
});

test("task assignments: where skipped tasks are requeued for their user, they come last, in the order in which they were skipped", async (t) => {
  const records = await openRecords(t);
  const { ada, project, tasks } = await start(records, 1, 3, { skip_queue: "REQUEUE_FOR_ME" });
  const [first, second, third] = tasks;
  assert.ok(first && second && third);
  const skip = await records.annotate(first, ada, { was_cancelled: true });
  await records.annotate(second, ada, { was_cancelled: true });

  assert.equal(await next(records, project, ada), third.id);
  await records.annotate(third, ada);
  assert.equal(await next(records, project, ada), first.id);
  await records.repositories.annotations.update(skip.id, ada.id, { was_cancelled: true });
  assert.equal(await next(records, project, ada), second.id);
  await records.annotate(second, ada);
  await records.annotate(first, ada);
  assert.equal(await next(records, project, ada), undefined);
});

test("task assignments: where skipped tasks are ignored, no one gets them", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project, tasks } = await start(records, 2, 1, { skip_queue: "IGNORE_SKIPPED" });
  assert.ok(tasks[0]);
  await records.annotate(tasks[0], ada, { was_cancelled: true });

  assert.equal(await next(records, project, ada), undefined);
  assert.equal(await next(records, project, ben), undefined);
});

test("task assignments: uniform sampling gives tasks in random order, and all of them in the end", async (t) => {
  const records = await openRecords(t);
  const { ada, project, tasks } = await start(records, 1, 20, { sampling: "Uniform sampling" });

  const order: number[] = [];
  for (let id; (id = await next(records, project, ada)); order.push(id))
    await records.repositories.annotations.create(id, ada.id, {});

  const ids = tasks.map(({ id }) => id);
  assert.deepEqual(
    [...order].sort((one, other) => one - other),
    ids,
  );
  assert.notDeepEqual(order, ids);
});

test("task assignments: uncertainty sampling gives the lowest score first, and tasks without predictions last", async (t) => {
  const records = await openRecords(t);
  const { ada, project, tasks } = await start(records, 1, 4, { sampling: "Uncertainty sampling" });
  const [none, high, low, middle] = tasks.map(({ id }) => id);
  assert.ok(none && high && low && middle);
  for (const [id, score] of [
    [high, 0.9],
    [low, 0.1],
    [low, 0.95],
    [middle, 0.5],
    [none, null],
  ] as const)
    await records.repositories.predictions.create(id, { score });

  const order: number[] = [];
  for (let id; (id = await next(records, project, ada)); order.push(id))
    await records.repositories.annotations.create(id, ada.id, {});

  assert.deepEqual(order, [low, middle, high, none]);
});

for (const sampling of ["Sequential sampling", "Uniform sampling", "Uncertainty sampling"]) {
  for (const skip_queue of ["REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"]) {
    test(`task assignments: two users label until no task is left, and skip some first, by ${sampling.toLowerCase()} and ${skip_queue}`, async (t) => {
      const records = await openRecords(t);
      const { users, project, tasks } = await start(records, 2, 8, { sampling, skip_queue });
      for (const { id } of tasks.slice(0, 5)) await records.repositories.predictions.create(id, { score: id / 10 });
      const skipped = new Set<number>();

      const label = async (user: User) => {
        for (let id; (id = await next(records, project, user));) {
          const task = tasks.find((each) => each.id === id);
          assert.ok(task);
          const skips = skipped.size < 3 && !skipped.has(id);
          if (skips) skipped.add(id);
          await records.annotate(task, user, { was_cancelled: skips });
        }
      };
      await Promise.all(users.map(label));
      // A task that one of them skipped when the other had found no more is left to the other.
      for (const user of users) await label(user);

      const relabeled = skip_queue === "IGNORE_SKIPPED" ? 0 : 3;
      await records.assertCounts(project, {
        finished_task_number: 8,
        skipped_annotations_number: 3,
        total_annotations_number: 5 + relabeled,
      });
    });
  }
}

test("task assignments: tasks of other projects are not assigned", async (t) => {
  const records = await openRecords(t);
  const { ada, project } = await start(records, 1, 2);
  const empty = await records.addProject(ada);
  await next(records, project, ada);

  assert.equal(await next(records, empty, ada), undefined);
});

test("task assignments: a look at the next task assigns nothing, and shows the one that is assigned afterwards", async (t) => {
  const records = await openRecords(t);
  const { ada, ben, project } = await start(records, 2, 3);
  const { taskAssignments } = records.repositories;
  const numberFor = async (user: User) => (await taskAssignments.peekNext(project, user.id))?.inner_id;
  assert.deepEqual([await numberFor(ada), await numberFor(ben)], [1, 1]);

  await next(records, project, ada);

  assert.deepEqual([await numberFor(ada), await numberFor(ben)], [1, 2]);
  assert.equal((await taskAssignments.peekNext(project, ada.id))?.data, '{"text": "A text"}');
});

test("task assignments: where chance decides, only a task that is assigned is shown as the next one", async (t) => {
  const records = await openRecords(t);
  const { ada, project } = await start(records, 1, 3, { sampling: "Uniform sampling" });
  const { taskAssignments } = records.repositories;
  assert.equal(await taskAssignments.peekNext(project, ada.id), undefined);

  const task_id = await next(records, project, ada);

  assert.equal((await taskAssignments.peekNext(project, ada.id))?.id, task_id);
});
