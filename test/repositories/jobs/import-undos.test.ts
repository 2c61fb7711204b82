import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { batchSize } from "../../../src/common/batch-size.ts";
import { minutesFromNow } from "../../../src/common/timestamps.ts";
import type { LeasedJob } from "../../../src/repositories/jobs/leases.ts";
import { openTwoPrograms } from "../../support/records.ts";

/** Two programs on one database, with a finished import of so many tasks. */
async function start(t: TestContext, count: number) {
  const [one, other] = await openTwoPrograms(t);
  const [ada] = await one.addPeople(1);
  assert.ok(ada);
  const project = await one.addProject(ada);
  const { imports, bulkInsert } = one.repositories;
  const values = { project_id: project.id, user_id: ada.id, is_pasted: false, preannotated_from_fields: [] };
  const job = await imports.create({ ...values, files: [] }, minutesFromNow(5));
  const summary = {
    files: [],
    task_count: count,
    annotation_count: 0,
    prediction_count: 0,
    error_count: 0,
    fields: [],
  };
  await imports.accept(job, values, summary);
  const row = { data: "{}", meta: "{}", file_upload_id: null, annotations: [], predictions: [] };
  const state = { project_id: project.id, tasks_added: 0, task_id_ranges: [] };
  await bulkInsert.addTasks(
    job,
    state,
    Array.from({ length: count }, () => row),
  );
  await imports.finish(job);
  const tasks = await one.repositories.tasks.listAfter(project.id, 0, 1000);
  const undo = async () => one.repositories.importUndos.start(job.id, minutesFromNow(5));
  return { one, other, ada, project, tasks, id: job.id, undo };
}

function leasedJob(started: { job: LeasedJob } | { refusal: string }): LeasedJob {
  assert.ok("job" in started, JSON.stringify(started));
  return started.job;
}

test("undoing an import: nobody labels its tasks or gets one to label from then on, and they go in parts", async (t) => {
  const { one, other, ada, project, tasks, id, undo } = await start(t, 5);
  const [remaining] = await one.addTasks(project, 1);
  const { importUndos, taskAssignments, annotations, imports, bulkActions } = one.repositories;

  const job = leasedJob(await undo());

  assert.equal(await other.repositories.annotations.create(tasks[0]?.id ?? 0, ada.id, {}), undefined);
  assert.equal((await taskAssignments.assignNext({ ...project }, ada.id))?.task_id, remaining?.id);
  assert.equal(await bulkActions.delete({ project_id: project.id, ids: [tasks[0]?.id ?? 0] }), 0);
  assert.deepEqual(await undo(), { refusal: "unfinished" });
  const size = batchSize({ first: 2, max: 2, milliseconds: 25 });
  assert.equal(await importUndos.deletePart(job, project.id, size), true);
  assert.equal((await imports.find(id))?.tasks_added, 3);
  while (await importUndos.deletePart(job, project.id, size));
  await importUndos.finish(job, { files: [] });
  assert.equal((await imports.find(id))?.state, "undone");
  assert.deepEqual(await undo(), { refusal: "no-tasks" });
  assert.ok(await annotations.create(remaining?.id ?? 0, ada.id, {}));
  await one.assertCounts(project, { task_number: 1, total_annotations_number: 1 });
});

test("undoing an import: of those who label its tasks at the same moment everybody is refused, or it is", async (t) => {
  const { one, other, ada, project, tasks, undo } = await start(t, 20);

  const outcomes = await Promise.all([
    ...tasks.slice(0, 5).map(async (task) => other.repositories.annotations.create(task.id, ada.id, {})),
    undo(),
    ...tasks.slice(5, 10).map(async (task) => one.repositories.annotations.create(task.id, ada.id, {})),
  ]);

  const undone = outcomes[5] ?? {};
  const labeled = outcomes.filter((outcome, index) => index !== 5 && outcome !== undefined).length;
  if ("job" in undone) assert.equal(labeled, 0);
  else {
    assert.deepEqual(undone, { refusal: "labeled" });
    assert.equal(labeled, 10);
  }
  await one.assertCounts(project, { task_number: 20, total_annotations_number: labeled });
});

test("undoing an import: of a list of imports those with work on their tasks are found", async (t) => {
  const { one, ada, tasks, id } = await start(t, 3);
  const found = await one.repositories.imports.find(id);
  assert.ok(found);
  const { importUndos } = one.repositories;

  assert.deepEqual(await importUndos.findLabeled([]), new Set());
  assert.deepEqual(await importUndos.findLabeled([found, { id: 99, task_id_ranges: [] }]), new Set());
  await one.repositories.annotations.create(tasks[1]?.id ?? 0, ada.id, { was_cancelled: true });
  assert.deepEqual(await importUndos.findLabeled([found, { id: 99, task_id_ranges: [[900, 901]] }]), new Set([id]));
  assert.deepEqual(
    await importUndos.findLabeled([{ id, task_id_ranges: Array.from({ length: 21 }, (): [number, number] => [1, 9]) }]),
    new Set(),
  );
});
