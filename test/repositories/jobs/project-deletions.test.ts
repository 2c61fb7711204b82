import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { batchSize } from "../../../src/common/batch-size.ts";
import { minutesFromNow } from "../../../src/common/timestamps.ts";
import { isForeignKeyViolation } from "../../../src/database/errors.ts";
import { LeaseLostError } from "../../../src/repositories/jobs/leases.ts";
import { projectTables } from "../../../src/repositories/jobs/project-deletions.ts";
import { UnknownTasksError } from "../../../src/repositories/labeling/predictions.ts";
import { assertCountersMatch } from "../../support/counters.ts";
import { openTwoPrograms } from "../../support/records.ts";

/** A project that is deleted, but for its rows, with everything that one can have, and another one. */
async function start(t: TestContext) {
  const [records, { repositories: other }] = await openTwoPrograms(t);
  const { repositories, database, addPeople, addProject, addTasks, annotate } = records;
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const [project, stays] = [await addProject(ada), await addProject(ada)];
  const [task] = await addTasks(project, 5);
  const [staying] = await addTasks(stays, 1);
  assert.ok(task && staying);
  const annotation = await annotate(task, ben);
  await annotate(staying, ben);
  const prediction = await repositories.predictions.create(task.id, {});
  const draft = await repositories.drafts.create(task.id, null, ada.id, {});
  assert.ok(prediction);
  const input = { project_id: project.id, user_id: ada.id, is_pasted: false, preannotated_from_fields: [] };
  const { id: stored, bytes } = await repositories.storedFiles.write(Readable.from(["text"]));
  const files = [{ name: "tasks.txt", stored, bytes, format: "txt" as const }];
  const importing = await repositories.imports.create({ ...input, files }, minutesFromNow(1));
  const snapshot = await repositories.exports.create({
    project_id: project.id,
    created_by_id: ada.id,
    title: "",
    options: {},
  });
  const conversion = await repositories.exportConversions.create(snapshot.id, "CSV");
  assert.ok(conversion);

  await repositories.projects.delete(project.id);
  const job = await repositories.leases.acquire({ kind: "project_deletions", id: project.id }, minutesFromNow(1));
  assert.ok(job);
  const rows = { task, annotation, prediction, draft, importing, snapshot, conversion };
  return { ...rows, repositories, other, database, job, project, stays, ada, ben, input };
}

/** One row, and never more. */
const one = { current: 1, adapt: <Result>(work: () => Promise<Result>) => work() };

test("project deletions: a deleted project is hidden at once, with everything in it", async (t) => {
  const { repositories: all, database, project, stays, ada, ben, ...rows } = await start(t);
  assert.equal((await database("tasks").where({ project_id: project.id })).length, 5);

  assert.equal(await all.projects.find(project.id), undefined);
  assert.equal((await all.projects.findByTitle("Reviews"))?.id, stays.id);
  assert.deepEqual(
    (await all.projects.list({}, { offset: 0, limit: 9 })).map(({ id }) => id),
    [stays.id],
  );
  assert.equal(await all.projects.count({}), 1);
  assert.equal(await all.tasks.find(rows.task.id), undefined);
  assert.equal(await all.annotations.find(rows.annotation.id), undefined);
  assert.equal(await all.predictions.find(rows.prediction.id), undefined);
  assert.deepEqual(await all.predictions.listAfter({}, 0, 9), []);
  assert.equal(await all.drafts.find(rows.draft.id), undefined);
  assert.equal(await all.imports.find(rows.importing.id), undefined);
  assert.equal(await all.exports.find(rows.snapshot.id), undefined);
  assert.deepEqual(
    (await all.contributions.findByUser(ada.id)).created.map(({ id }) => id),
    [stays.id],
  );
  const { contributed, annotations } = await all.contributions.findByUser(ben.id);
  assert.deepEqual([contributed.map(({ id }) => id), annotations], [[stays.id], 1]);
  assert.deepEqual(
    (await all.contributions.listDays(ben.id, "")).map((day) => day.annotations),
    [1],
  );
  await assertCountersMatch(all);
});

test("project deletions: nothing is added to a deleted project, or changed in it", async (t) => {
  const { repositories: all, project, task, annotation, prediction, ben, input, ...rows } = await start(t);
  const isRefused = isForeignKeyViolation;

  assert.equal(await all.annotations.create(task.id, ben.id, {}), undefined);
  assert.equal(await all.annotations.update(annotation.id, ben.id, { was_cancelled: true }), undefined);
  assert.equal(await all.annotations.delete(annotation.id), false);
  assert.equal(await all.predictions.create(task.id, {}), undefined);
  assert.equal(await all.predictions.delete(prediction.id), false);
  assert.equal(await all.tasks.delete(task.id), false);
  assert.equal(await all.bulkActions.delete({ project_id: project.id, ids: [task.id] }), 0);
  const predicted = { task_id: task.id, result: "[]", score: null, model_version: "" };
  await assert.rejects(all.predictions.createMany(project.id, [predicted]), UnknownTasksError);
  await assert.rejects(all.tasks.create(project, { data: "{}", meta: "{}" }, 1), isRefused);
  await assert.rejects(all.drafts.create(task.id, null, ben.id, {}), isRefused);
  await assert.rejects(all.imports.create({ ...input, files: [] }, minutesFromNow(1)), isRefused);
  const snapshot = { project_id: project.id, created_by_id: ben.id, title: "", options: {} };
  await assert.rejects(all.exports.create(snapshot), isRefused);
  await assert.rejects(all.exportConversions.create(rows.snapshot.id, "CSV"), isRefused);
  await assertCountersMatch(all);
});

test("project deletions: its imports and exports end", async (t) => {
  const { repositories, importing } = await start(t);
  const kinds = ["imports", "exports", "export_conversions", "project_deletions"] as const;

  await assert.rejects(repositories.imports.recordProgress(importing, 1), LeaseLostError);
  assert.deepEqual(await repositories.leases.findUnleased(kinds), []);
});

test("project deletions: it goes row by row, all counts are right after each, and other projects stay as they are", async (t) => {
  const { repositories, database, job, project, stays, ben } = await start(t);
  const { projectDeletions, storedFiles } = repositories;
  const files = await projectDeletions.listFiles(job);
  assert.equal(files.length, 1);
  await storedFiles.delete(files);
  for (const table of projectTables) {
    const count = async () => (await database(table).where({ project_id: project.id })).length;
    for (let before = await count(); await projectDeletions.deletePart(job, table, one); before = await count()) {
      assert.equal(await count(), before - 1, table);
      await assertCountersMatch(repositories);
    }
    assert.equal(await count(), 0, table);
  }
  await projectDeletions.finish(job);

  for (const table of ["projects", "project_deletions", "tasks", "annotations", "contribution_days"])
    assert.equal((await database(table)).length, table === "project_deletions" ? 0 : 1, table);
  assert.equal((await repositories.contributions.findByUser(ben.id)).contributed[0]?.id, stays.id);
  await assertCountersMatch(repositories);
});

test("project deletions: who has lost the lease deletes nothing", async (t) => {
  const { repositories, other, database, job } = await start(t);
  await repositories.leases.renew(job, "");
  assert.ok(await other.leases.acquire({ kind: job.kind, id: job.id }, minutesFromNow(1)));
  const size = batchSize({ first: 9, max: 9, milliseconds: 9 });

  await assert.rejects(repositories.projectDeletions.deletePart(job, "tasks", size), LeaseLostError);
  await assert.rejects(repositories.projectDeletions.finish(job), LeaseLostError);
  assert.equal((await database("tasks")).length, 6);
});
