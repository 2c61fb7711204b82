import assert from "node:assert/strict";
import { test } from "node:test";

import { assertCountersMatch } from "../../support/counters.ts";
import { deleteProject, openRecords } from "../../support/records.ts";

test("projects: a deleted project takes everything with it, also what people did in it", async (t) => {
  const { database, repositories, addPeople, addProject, addTasks, annotate, assertCounts } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const [deleted, stays] = [await addProject(ada), await addProject(ada)];
  for (const project of [deleted, stays]) {
    for (const task of await addTasks(project, 2)) {
      await annotate(task, ada);
      await annotate(task, ben, { was_cancelled: task.inner_id === 1 });
      await repositories.predictions.create(task.id, {});
      await repositories.drafts.create(task.id, null, ben.id, {});
      await repositories.taskAssignments.assign(task.id, ben.id);
    }
  }

  await deleteProject(repositories, deleted);

  assert.equal(await repositories.projects.find(deleted.id), undefined);
  for (const table of ["tasks", "annotations", "predictions", "contributions"]) {
    const ids = await database(table).distinct("project_id").pluck("project_id");
    assert.deepEqual(ids, [stays.id], table);
  }
  for (const table of ["drafts", "task_locks"]) assert.equal((await database(table)).length, 2, table);
  assert.deepEqual(await database("contribution_days").orderBy("user_id").pluck("annotations"), [2, 1]);
  await assertCounts(stays, { task_number: 2, total_annotations_number: 3, total_predictions_number: 2 });
});

test("projects: the days of a year lose what was done in a deleted project on each of them", async (t) => {
  const { database, repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const [deleted, stays] = [await addProject(ada), await addProject(ada)];
  const days = ["2026-01-01", "2026-01-02"];
  for (const project of [deleted, stays]) {
    for (const [index, task] of (await addTasks(project, 2)).entries()) {
      const { id } = await annotate(task, ada);
      await database("annotations")
        .where({ id })
        .update({ created_at: `${days[index]}T12:00:00.000000Z` });
    }
  }
  await repositories.counters.verify(() => undefined, { repair: true });

  await repositories.projects.delete(deleted.id);

  assert.deepEqual(await repositories.contributions.listDays(ada.id, "2026-01-01"), [
    { day: "2026-01-01", annotations: 1 },
    { day: "2026-01-02", annotations: 1 },
  ]);
  await assertCountersMatch(repositories);
});

test("projects: pinned ones come first, the latest pin before the others, and then the newest", async (t) => {
  const { repositories, addPeople, addProject } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const ids: number[] = [];
  for (let number = 0; number < 4; number++) ids.push((await addProject(ada)).id);
  const [first = 0, second = 0, third = 0, fourth = 0] = ids;
  await repositories.projects.update(first, { pinned_at: "2026-01-01T00:00:00.000000Z" });
  await repositories.projects.update(third, { pinned_at: "2026-01-02T00:00:00.000000Z" });

  const listed = await repositories.projects.list({}, { offset: 0, limit: 10 });

  assert.deepEqual(
    listed.map(({ id }) => id),
    [third, first, fourth, second],
  );
});

test("projects: titles are found in any case, and % and _ match themselves", async (t) => {
  const { repositories, addPeople, addProject } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  for (const title of ["ÉTUDES 100%", "Etudes_2", "Etudes 2", null]) await addProject(ada, { title });
  const findTitles = async (title: string) =>
    (await repositories.projects.list({ title }, { offset: 0, limit: 10 })).map((project) => project.title);

  assert.deepEqual(await findTitles("études"), ["ÉTUDES 100%"]);
  assert.deepEqual(await findTitles("100%"), ["ÉTUDES 100%"]);
  assert.deepEqual(await findTitles("s_2"), ["Etudes_2"]);
  assert.equal(await repositories.projects.count({ title: "etudes" }), 2);
});

test("projects: omitted fields keep their values, and a label config is returned exactly as it was submitted", async (t) => {
  const { repositories, addPeople, addProject } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const label_config = '<View>\r\n\t<Text name="t" value="$t"/> <!-- é -->\n</View>\n';
  const created = await addProject(ada, { label_config, description: "Words", color: "#112233" });

  await repositories.projects.update(created.id, { title: null, description: undefined });

  const { updated_at, ...stored } = (await repositories.projects.find(created.id)) ?? created;
  assert.deepEqual({ ...stored, updated_at: created.updated_at }, { ...created, title: null });
  assert.ok(updated_at >= created.updated_at);
});

test("projects: of several projects with the same title the first is found", async (t) => {
  const { repositories, addPeople, addProject } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const first = await addProject(ada, { title: "100% _" });
  await addProject(ada, { title: "100% _" });

  assert.equal((await repositories.projects.findByTitle("100% _"))?.id, first.id);
  assert.equal(await repositories.projects.findByTitle("100%"), undefined);
});
