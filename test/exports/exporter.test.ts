import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { exportFolder } from "../../src/exports/export-folder.ts";
import { createExporter } from "../../src/exports/exporter.ts";
import { createLog } from "../../src/log.ts";
import { temporaryFolder } from "../support/app.ts";
import { openRecords } from "../support/records.ts";

async function start(t: TestContext, tasks = 3) {
  const records = await openRecords(t);
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const project = await records.addProject(ada);
  await records.addTasks(project, tasks);
  const data_dir = temporaryFolder(t);
  const logged: string[] = [];
  const log = createLog("info", { write: (line: string) => void logged.push(line) });
  const openExporter = () => createExporter(records.repositories, exportFolder(data_dir), log);
  const wanted = { project_id: project.id, created_by_id: ada.id, title: "A snapshot", options: {} };
  const folder = path.join(data_dir, "export", String(project.id));
  const status = async (id: number) => (await records.repositories.exports.find(id))?.status;
  return { ...records, ada, project, openExporter, wanted, folder, logged, status };
}

test("exporter: several snapshots and conversions are all made, each whole", async (t) => {
  const { openExporter, wanted, folder, repositories } = await start(t);
  const exporter = openExporter();

  const begun = await Promise.all([1, 2, 3].map(async () => exporter.start(wanted)));
  await Promise.all(begun.map(({ ended }) => ended));
  const [first] = await repositories.exports.list(wanted.project_id);
  assert.ok(first);
  await (
    await exporter.convert(first, "CSV")
  )?.ended;

  assert.deepEqual(readdirSync(folder).sort(), ["1.json", "2.json", "3-CSV.csv", "3.json"]);
  for (const id of [1, 2, 3]) assert.equal(JSON.parse(readFileSync(path.join(folder, `${id}.json`), "utf8")).length, 3);
});

test("exporter: what was under way when a server ended is made after the next start", async (t) => {
  const { openExporter, wanted, folder, repositories, status } = await start(t);
  const done = await openExporter().start(wanted);
  await done.ended;
  const made = await repositories.exports.find(done.id);
  assert.ok(made);
  const cut = await repositories.exports.create(wanted);
  await repositories.exports.begin(cut.id);
  const waiting = await repositories.exports.create(wanted);
  const conversion = await repositories.exports.addConversion(made.id, "TSV");
  await repositories.exports.setConversion(conversion?.id ?? 0, "in_progress");
  const failed = await repositories.exports.create(wanted);
  await repositories.exports.fail(failed.id);

  const exporter = openExporter();
  await exporter.resume();
  await exporter.resume();
  await (
    await exporter.start(wanted)
  ).ended;

  assert.deepEqual(await Promise.all([cut.id, waiting.id, failed.id].map(status)), [
    "completed",
    "completed",
    "failed",
  ]);
  assert.deepEqual(await repositories.exports.unfinishedConversions(), []);
  assert.ok(existsSync(path.join(folder, "1-TSV.csv")));
});

test("exporter: it stops in the middle of a snapshot, leaves nothing half done, and goes on with it later", async (t) => {
  const { openExporter, wanted, folder, database, status, logged } = await start(t, 200);
  const exporter = openExporter();
  let queries = 0;
  const closed = new Promise<void>((resolve, reject) => {
    // The second time tasks are read.
    database.on("query", ({ sql }: { sql: string }) => {
      if (sql.includes("file_uploads") && ++queries === 2) exporter.close().then(resolve, reject);
    });
  });
  const { id, ended } = await exporter.start(wanted);
  await ended;
  await closed;

  assert.equal(await status(id), "in_progress");
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual(logged, []);

  const next = openExporter();
  await next.resume();
  await (
    await next.start(wanted)
  ).ended;
  assert.equal(await status(id), "completed");
  assert.equal(JSON.parse(readFileSync(path.join(folder, `${id}.json`), "utf8")).length, 200);
});

test("exporter: what can't be written has failed, and is logged", async (t) => {
  const { openExporter, wanted, folder, repositories, logged } = await start(t);
  mkdirSync(path.dirname(folder), { recursive: true });
  writeFileSync(folder, "a file where the folder should be");

  const { id, ended } = await openExporter().start(wanted);
  await ended;

  const failed = await repositories.exports.find(id);
  assert.equal(failed?.status, "failed");
  assert.ok(failed.finished_at);
  assert.match(logged.join(""), /"msg":"export 1 failed"/);
});

test("exporter: a conversion whose snapshot's file is gone has failed", async (t) => {
  const { openExporter, wanted, folder, repositories } = await start(t);
  const exporter = openExporter();
  const { id, ended } = await exporter.start(wanted);
  await ended;
  const made = await repositories.exports.find(id);
  rmSync(folder, { recursive: true });
  assert.ok(made);

  await (
    await exporter.convert(made, "CSV")
  )?.ended;

  const conversions = await repositories.exports.conversions([id]);
  assert.deepEqual(
    conversions.map(({ status }) => status),
    ["failed"],
  );
});

test("exporter: one that is deleted while it is made leaves no file, nor one whose project is", async (t) => {
  for (const what of ["snapshot", "project"]) {
    const { openExporter, wanted, folder, project, repositories, database, logged } = await start(t, 120);
    const exporter = openExporter();
    let queries = 0;
    const deleted = new Promise<void>((resolve, reject) => {
      database.on("query", ({ sql }: { sql: string }) => {
        if (!sql.includes("file_uploads") || ++queries !== 2) return;
        const work = what === "project" ? repositories.projects.delete(project.id) : repositories.exports.delete(1);
        work.then(resolve, reject);
      });
    });
    const { ended } = await exporter.start(wanted);
    await Promise.all([ended, deleted]);

    assert.deepEqual(readdirSync(folder), [], what);
    assert.deepEqual(logged, [], what);
  }
});

test("exporter: tidying deletes old files that are of no snapshot, and only those", async (t) => {
  const { openExporter, wanted, folder, repositories } = await start(t);
  const exporter = openExporter();
  for (const _ of [1, 2]) await (await exporter.start(wanted)).ended;
  await repositories.exports.delete(2);
  const others = path.join(path.dirname(folder), "99");
  mkdirSync(others);
  const old = ["1.json", "2.json", "1.json.0a.part", "../99/7.json", "../project-1-at-2026.csv"];
  for (const name of [...old, "3.json.0b.part"]) writeFileSync(path.join(folder, name), "x");
  const weekAgo = Date.now() / 1000 - 7 * 86_400;
  for (const name of old) utimesSync(path.join(folder, name), weekAgo, weekAgo);

  await exporter.tidy();

  assert.deepEqual(readdirSync(folder).sort(), ["1.json", "3.json.0b.part"]);
  assert.deepEqual(readdirSync(path.dirname(folder)).sort(), ["1", "project-1-at-2026.csv"]);
});

test("exporter: there is nothing to tidy before the first snapshot", async (t) => {
  const { openExporter } = await start(t);
  await openExporter().tidy();
});
