import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { createLogger } from "../../src/common/logger.ts";
import { minutesFromNow } from "../../src/common/timestamps.ts";
import { createExporter } from "../../src/exports/exporter.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { openTwoPrograms } from "../support/records.ts";
import { assertNothingStored, storedOwners, storedText } from "../support/stored.ts";

/** A project, and servers over its database: `openExporter` shares a connection with the test, `openOther` has its own. */
async function start(t: TestContext, tasks = 3) {
  const [records, others] = await openTwoPrograms(t);
  const { repositories } = records;
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const project = await records.addProject(ada);
  await records.addTasks(project, tasks);
  const logged: string[] = [];
  const log = createLogger("info", { write: (line: string) => void logged.push(line) });
  const openExporter = (changes: Partial<Repositories> = {}) => createExporter({ ...repositories, ...changes }, log);
  const openOther = () => createExporter(others.repositories, log);
  const input = { project_id: project.id, created_by_id: ada.id, title: "A snapshot", options: {} };
  const status = async (id: number) => (await repositories.exports.find(id))?.status;
  /** How many tasks a snapshot holds. */
  const length = async (id: number) => JSON.parse((await storedText(repositories, { export_id: id })) ?? "0").length;
  /** Leases a job as a server that crashes at once: the lease has expired. */
  const lease = async (kind: "exports" | "export_conversions", id: number) => {
    const job = await repositories.leases.acquire({ kind, id }, minutesFromNow(-1));
    assert.ok(job);
    return job;
  };
  /** Runs an action in the middle of reading tasks. */
  const whileReading = (action: () => Promise<unknown>): Promise<void> => {
    let queries = 0;
    return new Promise((resolve, reject) => {
      records.database.on("query", ({ sql }: { sql: string }) => {
        // The second time tasks are read.
        if (sql.includes("file_uploads") && ++queries === 2) action().then(() => resolve(), reject);
      });
    });
  };
  return { ...records, ada, project, openExporter, openOther, input, logged, status, length, lease, whileReading };
}

test("exporter: several snapshots and conversions are all made, each whole", async (t) => {
  const { openExporter, input, database, repositories, length } = await start(t);
  const exporter = openExporter();

  const started = await Promise.all([1, 2, 3].map(async () => exporter.start(input)));
  await Promise.all(started.map(({ finished }) => finished));
  const [first] = await repositories.exports.list(input.project_id);
  assert.ok(first);
  await (
    await exporter.convert(first, "CSV")
  )?.finished;

  assert.deepEqual(await storedOwners(database), ["conversion 1", "export 1", "export 2", "export 3"]);
  for (const id of [1, 2, 3]) assert.equal(await length(id), 3);
});

test("exporter: snapshots and conversions that a crashed server left running are made by another one", async (t) => {
  const { openExporter, openOther, input, repositories, status, lease } = await start(t);
  const { exportConversions, exports } = repositories;
  const done = await openExporter().start(input);
  await done.finished;
  const interrupted = await exports.create(input);
  await exports.start(await lease("exports", interrupted.id));
  const waiting = await exports.create(input);
  const conversion = await exportConversions.create(done.id, "TSV");
  assert.ok(conversion);
  await exportConversions.start(await lease("export_conversions", conversion.id));
  const failed = await exports.create(input);
  await exports.fail(await lease("exports", failed.id));

  const exporter = openOther();
  await exporter.jobRunner.poll();
  await exporter.jobRunner.poll();
  await exporter.jobRunner.enqueue({ kind: "export_conversions", id: conversion.id });

  assert.deepEqual(await Promise.all([interrupted.id, waiting.id, failed.id].map(status)), [
    "completed",
    "completed",
    "failed",
  ]);
  assert.deepEqual(await repositories.leases.findUnleased(["exports", "export_conversions"]), []);
  assert.match((await storedText(repositories, { conversion_id: conversion.id })) ?? "", /"A text"/);
});

test("exporter: it stops in the middle of a snapshot, leaves nothing half done, and another one goes on at once", async (t) => {
  const { openExporter, openOther, input, database, status, logged, length, whileReading } = await start(t, 200);
  const exporter = openExporter();
  const closed = whileReading(() => exporter.jobRunner.close());
  const { id, finished } = await exporter.start(input);
  await finished;
  await closed;

  assert.equal(await status(id), "in_progress");
  await assertNothingStored(database);
  assert.deepEqual(logged, []);

  await openOther().jobRunner.enqueue({ kind: "exports", id });
  assert.equal(await status(id), "completed");
  assert.equal(await length(id), 200);
});

test("exporter: a server that lost its lease leaves the snapshot to the server that took over", async (t) => {
  const { openExporter, openOther, input, database, repositories, logged, length } = await start(t);
  let finished: Promise<void> | undefined;
  // The lease expires after the file was written.
  const write: Repositories["storedFiles"]["write"] = async (chunks) => {
    const file = await repositories.storedFiles.write(chunks);
    await database("exports").update({ leased_until: "" });
    await openOther().jobRunner.enqueue({ kind: "exports", id: 1 });
    return file;
  };
  const slow = openExporter({ storedFiles: { ...repositories.storedFiles, write } });
  ({ finished } = await slow.start(input));
  await finished;

  assert.deepEqual(await storedOwners(database), ["export 1"]);
  assert.equal(await length(1), 3);
  assert.deepEqual(logged, []);
});

test("exporter: a snapshot that can't be written has failed, and is logged", async (t) => {
  const { openExporter, input, repositories, logged } = await start(t);
  const write = async () => {
    throw new Error("no space left");
  };
  const exporter = openExporter({ storedFiles: { ...repositories.storedFiles, write } });

  const { id, finished } = await exporter.start(input);
  await finished;

  const failed = await repositories.exports.find(id);
  assert.equal(failed?.status, "failed");
  assert.ok(failed.finished_at);
  assert.match(logged.join(""), /no space left.*"msg":"export 1 failed"/);
});

test("exporter: a conversion whose snapshot's file is gone has failed", async (t) => {
  const { openExporter, input, database, repositories } = await start(t);
  const exporter = openExporter();
  const { id, finished } = await exporter.start(input);
  await finished;
  const made = await repositories.exports.find(id);
  await database("stored_files").delete();
  assert.ok(made);

  await (
    await exporter.convert(made, "CSV")
  )?.finished;

  const conversions = await repositories.exportConversions.listByExports([id]);
  assert.deepEqual(
    conversions.map(({ status }) => status),
    ["failed"],
  );
});

for (const what of ["snapshot", "project"])
  test(`exporter: one whose ${what} is deleted while it is made leaves no file`, async (t) => {
    const { openExporter, input, project, repositories, database, logged, whileReading } = await start(t, 120);
    const deleted = whileReading(() =>
      what === "project" ? repositories.projects.delete(project.id) : repositories.exports.delete(1),
    );
    const { finished } = await openExporter().start(input);
    await Promise.all([finished, deleted]);

    await assertNothingStored(database);
    assert.deepEqual(logged, []);
  });

test("exporter: concurrent requests for the same conversion make one", async (t) => {
  const { openExporter, openOther, input, repositories } = await start(t);
  const { id, finished } = await openExporter().start(input);
  await finished;
  const made = await repositories.exports.find(id);
  assert.ok(made);
  const exporters = [openExporter(), openOther(), openExporter(), openOther()];
  const started = await Promise.all(exporters.map((each) => each.convert(made, "CSV")));
  await Promise.all(started.flatMap((each) => each?.finished ?? []));
  assert.equal(started.filter(Boolean).length, 1);
  assert.equal((await repositories.exportConversions.listByExports([id])).length, 1);
});
