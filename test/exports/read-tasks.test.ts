import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { stringifyJson } from "../../src/common/raw-json.ts";
import { openTasks } from "../../src/exports/read-tasks.ts";
import { writeExport } from "../../src/exports/write-export.ts";
import { withoutLabels } from "./export.ts";
import type { ExportedTask } from "../../src/presenters/exported-task.ts";
import type { ExportOptions } from "../../src/repositories/jobs/export-options.ts";
import { openRecords } from "../support/records.ts";

const controls = { label: { type: "Choices" }, late: { type: "Choices" } };

const answer = (name: string, choice: string) =>
  JSON.stringify([{ from_name: name, to_name: "text", type: "choices", value: { choices: [choice] } }]);

async function start(t: TestContext, count: number) {
  const records = await openRecords(t);
  const [ada, ben] = await records.addPeople(2);
  assert.ok(ada && ben);
  const project = await records.addProject(ada);
  const tasks = await records.addTasks(project, count);
  const open = (options: ExportOptions = {}, signal?: AbortSignal) =>
    openTasks(records.repositories, project, options, signal);
  return { ...records, ada, ben, project, tasks, open };
}

interface Read {
  id: number;
  data: unknown;
  annotations: { id: number; task: number }[];
}

/** As the API gives them. */
async function read(lists: AsyncIterable<ExportedTask[]>): Promise<Read[]> {
  const all: Read[] = [];
  for await (const tasks of lists) all.push(...tasks.map((task) => JSON.parse(stringifyJson(task))));
  return all;
}

async function ids(lists: AsyncIterable<ExportedTask[]>): Promise<number[]> {
  return (await read(lists)).map(({ id }) => id);
}

test("reading tasks: each of many is read once, by id, with its own annotations", async (t) => {
  const { database, ada, project, tasks, annotate, open } = await start(t, 1);
  const [{ id: _, inner_id: __, ...row }] = await database("tasks");
  const more = Array.from({ length: 2499 }, (_, index) => ({ ...row, inner_id: index + 2, data: `{"n":${index}}` }));
  await database.batchInsert("tasks", more, 50);
  const [last] = await database("tasks").orderBy("id", "desc").limit(1);
  await annotate(tasks[0] ?? last, ada);
  const own = await annotate(last, ada, { result: answer("label", "a") });

  const all = await read((await open())());

  assert.equal(all.length, 2500);
  assert.deepEqual(
    all.map(({ id }) => id),
    await database("tasks").where({ project_id: project.id }).orderBy("id").pluck("id"),
  );
  assert.deepEqual(all.at(-1)?.data, { n: 2498 });
  assert.deepEqual(
    all.at(-1)?.annotations.map(({ id, task }) => [id, task]),
    [[own.id, last.id]],
  );
  assert.equal(all.flatMap(({ annotations }) => annotations).length, 2);
});

test("reading tasks: large ones are read in smaller batches", async (t) => {
  const { database, repositories, project, open } = await start(t, 0);
  const data = JSON.stringify({ text: "long ".repeat(100_000) });
  for (let count = 0; count < 60; count++) await repositories.tasks.create(project, { data, meta: "{}" }, 1);
  const batchSizes: number[] = [];
  database.on("query", ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
    if (sql.includes("file_uploads")) batchSizes.push(bindings.length);
  });

  assert.equal((await ids((await open())())).length, 60);

  assert.ok(batchSizes.length > 1);
  for (const count of batchSizes.slice(1)) assert.ok(count < 20, String(batchSizes));
});

test("reading tasks: tasks and annotations that are added later are in neither reading", async (t) => {
  const { ada, ben, project, tasks, annotate, addTasks, open } = await start(t, 3);
  const [one, two] = tasks;
  assert.ok(one && two);
  await annotate(one, ada, { result: answer("label", "a") });

  const startReading = await open({ task_filter_options: { only_with_annotations: true } });
  const before = await read(startReading());
  await annotate(one, ben, { result: answer("late", "b") });
  await annotate(two, ben, { result: answer("late", "b") });
  await addTasks(project, 1);
  const after = await read(startReading());

  assert.deepEqual(
    before.map(({ id, annotations }) => [id, annotations]),
    after.map(({ id, annotations }) => [id, annotations]),
  );
  assert.equal(after.length, 1);
});

test("reading tasks: a table stays whole when annotations are added, changed and deleted between its two readings", async (t) => {
  const { repositories, ada, ben, tasks, annotate, open } = await start(t, 3);
  const [one, two, three] = tasks;
  assert.ok(one && two && three);
  const changed = await annotate(one, ada, { result: answer("label", "before") });
  const deleted = await annotate(two, ada, { result: answer("label", "gone") });
  await annotate(three, ada, { result: answer("label", "same") });
  const startReading = await open();
  let readings = 0;
  const change = async () => {
    await repositories.annotations.update(changed.id, ada.id, { result: answer("label", "after") });
    await repositories.annotations.delete(deleted.id);
    await annotate(three, ben, { result: answer("late", "new") });
  };
  async function* reopen() {
    if (++readings === 2) await change();
    yield* startReading();
  }

  let table = "";
  for await (const chunk of writeExport("CSV", reopen, withoutLabels(controls))) table += String(chunk);

  const rows = table.trimEnd().split("\r\n");
  assert.equal(readings, 2);
  assert.equal(new Set(rows.map((row) => row.split(",").length)).size, 1);
  assert.deepEqual(
    rows.map((row) => row.split(",")[4]),
    ['"label"', '"after"', '""', '"same"'],
  );
});

test("reading tasks: a task that is deleted meanwhile is left out, a project that is deleted meanwhile is an error", async (t) => {
  const { repositories, project, tasks, open } = await start(t, 120);
  const startReading = await open();
  const reading = startReading();
  assert.equal((await reading.next()).value?.[0]?.id, tasks[0]?.id);
  await repositories.tasks.delete(tasks[100]?.id ?? 0);
  assert.equal((await ids(reading)).includes(tasks[100]?.id ?? 0), false);

  const second = startReading();
  await second.next();
  await repositories.projects.delete(project.id);
  await assert.rejects(ids(second), /The project was deleted while it was exported/);
});

test("reading tasks: it stops when it is aborted", async (t) => {
  const { tasks, open } = await start(t, 120);
  const controller = new AbortController();
  const reading = (await open({}, controller.signal))();
  assert.equal((await reading.next()).value?.[0]?.id, tasks[0]?.id);
  controller.abort(new Error("Enough"));
  await assert.rejects(ids(reading), /Enough/);
});
