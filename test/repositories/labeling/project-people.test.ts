import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Knex } from "knex";

import { limits } from "../../../src/common/limits.ts";
import { today } from "../../../src/common/timestamps.ts";
import type { User } from "../../../src/repositories/accounts/user-columns.ts";
import type { Task } from "../../../src/repositories/labeling/tasks.ts";
import { openRecords } from "../../support/records.ts";

/** Three people, and a project of the first one. */
async function start(t: TestContext) {
  const records = await openRecords(t);
  const [ada, ben, eve] = await records.addPeople(3);
  assert.ok(ada && ben && eve);
  return { ...records, ada, ben, eve, project: await records.addProject(ada) };
}

/** An annotation of each task by each person, as rows: to annotate hundreds of tasks one by one takes seconds. */
async function addRows(database: Knex, tasks: Task[], people: User[], result: string): Promise<void> {
  const { id: _, ...row } = await database("annotations").orderBy("id").first();
  const rows = tasks.flatMap(({ id: task_id }) =>
    people.map(({ id: completed_by_id }) => ({ ...row, task_id, completed_by_id, result, unique_id: randomUUID() })),
  );
  await database.batchInsert("annotations", rows, 50);
  const ids = tasks.map(({ id }) => id);
  await database("tasks").whereIn("id", ids).update({ total_annotations: people.length });
}

test("people of a project: their days are counted, without skips and other projects", async (t) => {
  const { repositories, ada, ben, eve, project, ...records } = await start(t);
  const [one, two] = await records.addTasks(project, 2);
  const [elsewhere] = await records.addTasks(await records.addProject(ada), 1);
  assert.ok(one && two && elsewhere);
  await records.annotate(one, ada);
  await records.annotate(two, ada);
  await records.annotate(one, ben, { was_cancelled: true });
  await records.annotate(one, eve);
  await records.annotate(elsewhere, ada);

  const days = await repositories.projectPeople.listDays(project.id, [ada.id, ben.id], "2026-01-01");

  assert.deepEqual(days, [{ user_id: ada.id, day: today(), annotations: 2 }]);
  assert.deepEqual(await repositories.projectPeople.listDays(project.id, [ada.id], "9999-01-01"), []);
});

test("people of a project: annotations of tasks that several people annotated are read, without skips and long ones", async (t) => {
  const { database, repositories, ada, ben, project, ...records } = await start(t);
  const [shared, single, skipped, long] = await records.addTasks(project, 4);
  assert.ok(shared && single && skipped && long);
  const result = '[{"from_name":"a"}]';
  await records.annotate(shared, ada, { result });
  await records.annotate(shared, ben, { result });
  await records.annotate(single, ada, { result });
  await records.annotate(skipped, ada, { result });
  await records.annotate(skipped, ben, { was_cancelled: true });
  await records.annotate(long, ada, { result });
  await records.annotate(long, ben, { result: JSON.stringify(["a".repeat(limits.comparedCharacters)]) });

  assert.deepEqual(await repositories.projectPeople.listShared(project.id), [
    { task_id: shared.id, completed_by_id: ada.id, result },
    { task_id: shared.id, completed_by_id: ben.id, result },
    { task_id: long.id, completed_by_id: ada.id, result },
  ]);

  // The newest, up to so many characters in all.
  const longest = JSON.stringify(["a".repeat(limits.comparedCharacters - 4)]);
  const many = await records.addTasks(project, limits.comparedText / limits.comparedCharacters);
  await addRows(database, many.slice(0, 2), [ada, ben], result);
  await addRows(database, many.slice(2), [ada, ben], longest);
  const read = await repositories.projectPeople.listShared(project.id);
  assert.equal(read.length, limits.comparedText / limits.comparedCharacters);
  assert.ok(read.every(({ task_id }) => task_id > (many[2]?.id ?? 0)));
});

test("people of projects: of each those who labeled last are found, and one person besides; removed ones are not", async (t) => {
  const { repositories, ada, ben, eve, project: one, ...records } = await start(t);
  const [removed] = await records.addPeople(1);
  const other = await records.addProject(ada);
  const [task] = await records.addTasks(one, 1);
  const [second] = await records.addTasks(other, 1);
  assert.ok(removed && task && second);
  for (const [person, at] of [
    [ada, "1"],
    [ben, "2"],
    [eve, "3"],
    [removed, "4"],
  ] as const) {
    await records.annotate(task, person);
    await records
      .database("contributions")
      .where({ user_id: person.id })
      .update({ last_at: `2026-01-0${at}` });
  }
  await records.annotate(second, eve, { was_cancelled: true });
  await repositories.accountStatus.remove(removed.id);

  const people = await repositories.projectPeople.listLatest([one.id, other.id], ada.id, 3);

  assert.deepEqual(
    people.map(({ project_id, user, tasks, is_latest }) => [project_id, user.id, tasks, is_latest]),
    [
      [one.id, eve.id, 1, true],
      [one.id, ben.id, 1, true],
      [one.id, ada.id, 1, false],
      [other.id, eve.id, 0, true],
    ],
  );
});

test("people of a project: they come with what they did, and others on request with zeros", async (t) => {
  const { repositories, ada, ben, eve, project, ...records } = await start(t);
  const [one, two] = await records.addTasks(project, 2);
  assert.ok(one && two);
  const annotation = await records.annotate(one, ben);
  await records.annotate(two, ben, { was_cancelled: true });
  const numbers = (people: Awaited<ReturnType<typeof repositories.members.listInProject>>) =>
    people.map(({ user, progress }) => [user.id, ...Object.values(progress)]);

  const bens = [ben.id, 1, 1, 1, 1, annotation.created_at];
  assert.deepEqual(numbers(await repositories.members.listInProject(project.id, [ada.id, null])), [
    [ada.id, 0, 0, 0, 0, ""],
    bens,
  ]);
  assert.deepEqual(numbers(await repositories.members.listByIdsInProject(project.id, [eve.id, ben.id])), [
    bens,
    [eve.id, 0, 0, 0, 0, ""],
  ]);
});
