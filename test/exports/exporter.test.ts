import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { createExporter } from "../../src/exports/exporter.ts";
import { createLogger } from "../../src/common/logger.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { openTwice } from "../support/records.ts";
import { assertNothingStored, storedOwners, storedText } from "../support/stored.ts";

/** A project, and servers over its database: `openExporter` shares a connection with the test, `openOther` has its own. */
async function start(t: TestContext, tasks = 3) {
  const [records, others] = await openTwice(t);
  const { repositories } = records;
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const project = await records.addProject(ada);
  await records.addTasks(project, tasks);
  const logged: string[] = [];
  const log = createLogger("info", { write: (line: string) => void logged.push(line) });
  const openExporter = (changes: Partial<Repositories> = {}) => createExporter({ ...repositories, ...changes }, log);
  const openOther = () => createExporter(others.repositories, log);
  const wanted = { project_id: project.id, created_by_id: ada.id, title: "A snapshot", options: {} };
  const status = async (id: number) => (await repositories.exports.find(id))?.status;
  /** How many tasks a snapshot holds. */
  const length = async (id: number) => JSON.parse((await storedText(repositories, { export_id: id })) ?? "0").length;
  /** As a server does that ends at once. */
  const take = async (kind: "exports" | "export_conversions", id: number) => {
    const held = await repositories.leases.acquire({ kind, id }, minutesFromNow(-1));
    assert.ok(held);
    return held;
  };
  /** Something that happens in the middle of reading tasks. */
  const meanwhile = (happens: () => Promise<unknown>): Promise<void> => {
    let queries = 0;
    return new Promise((resolve, reject) => {
      records.database.on("query", ({ sql }: { sql: string }) => {
        // The second time tasks are read.
        if (sql.includes("file_uploads") && ++queries === 2) happens().then(() => resolve(), reject);
      });
    });
  };
  return { ...records, ada, project, openExporter, openOther, wanted, logged, status, length, take, meanwhile };
}

test("exporter: several snapshots and conversions are all made, each whole", async (t) => {
  const { openExporter, wanted, database, repositories, length } = await start(t);
  const exporter = openExporter();

  const begun = await Promise.all([1, 2, 3].map(async () => exporter.start(wanted)));
  await Promise.all(begun.map(({ ended }) => ended));
  const [first] = await repositories.exports.list(wanted.project_id);
  assert.ok(first);
  await (
    await exporter.convert(first, "CSV")
  )?.ended;

  assert.deepEqual(await storedOwners(database), ["conversion 1", "export 1", "export 2", "export 3"]);
  for (const id of [1, 2, 3]) assert.equal(await length(id), 3);
});

test("exporter: what was under way when a server ended is made by another one, a conversion, too", async (t) => {
  const { openExporter, openOther, wanted, repositories, status, take } = await start(t);
  const { conversions, exports } = repositories;
  const done = await openExporter().start(wanted);
  await done.ended;
  const cut = await exports.create(wanted);
  await exports.start(await take("exports", cut.id));
  const waiting = await exports.create(wanted);
  const conversion = await conversions.create(done.id, "TSV");
  assert.ok(conversion);
  await conversions.start(await take("export_conversions", conversion.id));
  const failed = await exports.create(wanted);
  await exports.fail(await take("exports", failed.id));

  const exporter = openOther();
  await exporter.background.look();
  await exporter.background.look();
  await exporter.background.begin({ kind: "export_conversions", id: conversion.id });

  assert.deepEqual(await Promise.all([cut.id, waiting.id, failed.id].map(status)), [
    "completed",
    "completed",
    "failed",
  ]);
  assert.deepEqual(await repositories.leases.findUnleased(["exports", "export_conversions"]), []);
  assert.match((await storedText(repositories, { conversion_id: conversion.id })) ?? "", /"A text"/);
});

test("exporter: it stops in the middle of a snapshot, leaves nothing half done, and another one goes on at once", async (t) => {
  const { openExporter, openOther, wanted, database, status, logged, length, meanwhile } = await start(t, 200);
  const exporter = openExporter();
  const closed = meanwhile(() => exporter.background.close());
  const { id, ended } = await exporter.start(wanted);
  await ended;
  await closed;

  assert.equal(await status(id), "in_progress");
  await assertNothingStored(database);
  assert.deepEqual(logged, []);

  await openOther().background.begin({ kind: "exports", id });
  assert.equal(await status(id), "completed");
  assert.equal(await length(id), 200);
});

test("exporter: a server that lost its lease leaves the snapshot to whoever took it", async (t) => {
  const { openExporter, openOther, wanted, database, repositories, logged, length } = await start(t);
  let ended: Promise<void> | undefined;
  // The file is written, and nobody has heard of this server for long.
  const write: Repositories["storedFiles"]["write"] = async (chunks) => {
    const file = await repositories.storedFiles.write(chunks);
    await database("exports").update({ leased_until: "" });
    await openOther().background.begin({ kind: "exports", id: 1 });
    return file;
  };
  const slow = openExporter({ storedFiles: { ...repositories.storedFiles, write } });
  ({ ended } = await slow.start(wanted));
  await ended;

  assert.deepEqual(await storedOwners(database), ["export 1"]);
  assert.equal(await length(1), 3);
  assert.deepEqual(logged, []);
});

test("exporter: what can't be written has failed, and is logged", async (t) => {
  const { openExporter, wanted, repositories, logged } = await start(t);
  const write = async () => {
    throw new Error("no space left");
  };
  const exporter = openExporter({ storedFiles: { ...repositories.storedFiles, write } });

  const { id, ended } = await exporter.start(wanted);
  await ended;

  const failed = await repositories.exports.find(id);
  assert.equal(failed?.status, "failed");
  assert.ok(failed.finished_at);
  assert.match(logged.join(""), /no space left.*"msg":"export 1 failed"/);
});

test("exporter: a conversion whose snapshot's file is gone has failed", async (t) => {
  const { openExporter, wanted, database, repositories } = await start(t);
  const exporter = openExporter();
  const { id, ended } = await exporter.start(wanted);
  await ended;
  const made = await repositories.exports.find(id);
  await database("stored_files").delete();
  assert.ok(made);

  await (
    await exporter.convert(made, "CSV")
  )?.ended;

  const conversions = await repositories.conversions.listByExports([id]);
  assert.deepEqual(
    conversions.map(({ status }) => status),
    ["failed"],
  );
});

for (const what of ["snapshot", "project"])
  test(`exporter: one whose ${what} is deleted while it is made leaves no file`, async (t) => {
    const { openExporter, wanted, project, repositories, database, logged, meanwhile } = await start(t, 120);
    const deleted = meanwhile(() =>
      what === "project" ? repositories.projects.delete(project.id) : repositories.exports.delete(1),
    );
    const { ended } = await openExporter().start(wanted);
    await Promise.all([ended, deleted]);

    await assertNothingStored(database);
    assert.deepEqual(logged, []);
  });

test("exporter: two who ask for the same conversion at once get one", async (t) => {
  const { openExporter, openOther, wanted, repositories } = await start(t);
  const { id, ended } = await openExporter().start(wanted);
  await ended;
  const made = await repositories.exports.find(id);
  assert.ok(made);
  const exporters = [openExporter(), openOther(), openExporter(), openOther()];
  const begun = await Promise.all(exporters.map((each) => each.convert(made, "CSV")));
  await Promise.all(begun.flatMap((each) => each?.ended ?? []));
  assert.equal(begun.filter(Boolean).length, 1);
  assert.equal((await repositories.conversions.listByExports([id])).length, 1);
});
