import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { buffer, text } from "node:stream/consumers";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { daysFromNow, minutesFromNow } from "../../../src/common/timestamps.ts";
import { FileGoneError } from "../../../src/repositories/jobs/stored-files.ts";
import { deleteProject, openRecords } from "../../support/records.ts";
import { assertNothingStored, chunksOf, storedOwners } from "../../support/stored.ts";

const chunkBytes = 256 * 1024;

async function start(t: TestContext) {
  const records = await openRecords(t);
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const project = await records.addProject(ada);
  const { storedFiles, imports, exports, exportConversions, leases } = records.repositories;
  const write = (content: string) => storedFiles.write(chunksOf(Buffer.from(content), 7));
  /** An import with a file. */
  const addImport = async () => {
    const { id: stored, bytes } = await write("of an import");
    const files = [{ name: "a.txt", stored, format: "txt" as const, bytes }];
    const newImport = {
      project_id: project.id,
      user_id: ada.id,
      files,
      is_pasted: false,
      preannotated_from_fields: [],
    };
    return imports.create(newImport, minutesFromNow(1));
  };
  /** A completed export with a file, and a conversion with another. */
  const addExport = async () => {
    const { id } = await exports.create({ project_id: project.id, created_by_id: ada.id, title: "", options: {} });
    const job = await leases.acquire({ kind: "exports", id }, minutesFromNow(1));
    assert.ok(job);
    await exports.complete(job, await write("of an export"), 1);
    const conversion = await exportConversions.create(id, "CSV");
    const conversionJob =
      conversion && (await leases.acquire({ kind: "export_conversions", id: conversion.id }, minutesFromNow(1)));
    assert.ok(conversionJob);
    await exportConversions.complete(conversionJob, await write("of a conversion"));
    return id;
  };
  return { ...records, project, storedFiles, write, addImport, addExport };
}

for (const bytes of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 5 * chunkBytes + 17])
  for (const chunk of [100_000, 3 * chunkBytes])
    test(`stored files: ${bytes} bytes come back as they came, in chunks of ${chunk}`, async (t) => {
      const { storedFiles, database } = await start(t);
      const content = randomBytes(bytes);

      const file = await storedFiles.write(chunksOf(content, chunk));

      assert.equal(file.bytes, bytes);
      assert.equal(file.md5, createHash("md5").update(content).digest("hex"));
      assert.deepEqual(await buffer(storedFiles.read(file)), content);
      const sizes: number[] = (await database("stored_file_chunks").orderBy("position").pluck("chunk")).map(
        (each: Buffer) => each.length,
      );
      assert.equal(sizes.length, Math.ceil(bytes / chunkBytes));
      assert.ok(sizes.slice(0, -1).every((size) => size === chunkBytes));
    });

test("stored files: text is stored as UTF-8", async (t) => {
  const { storedFiles } = await start(t);
  async function* words() {
    yield "grüße, ";
    yield "世界";
  }
  const file = await storedFiles.write(words());
  assert.equal(file.bytes, Buffer.byteLength("grüße, 世界"));
  assert.equal(await text(storedFiles.read(file)), "grüße, 世界");
});

test("stored files: nothing is left of a stream that breaks off, and its error is thrown", async (t) => {
  const { storedFiles, database } = await start(t);
  async function* broken() {
    yield randomBytes(3 * chunkBytes);
    throw new Error("hung up");
  }
  await assert.rejects(storedFiles.write(broken()), /hung up/);
  await assertNothingStored(database);
});

test("stored files: a file that is deleted while it is read does not end early without an error", async (t) => {
  const { storedFiles, database } = await start(t);
  const file = await storedFiles.write(chunksOf(randomBytes(40 * chunkBytes), chunkBytes));
  const reading = storedFiles.read(file);
  await reading.next();

  await storedFiles.delete([file.id]);

  await assert.rejects(reading.next(), FileGoneError);
  await assertNothingStored(database);
});

test("stored files: reading stops when its signal is aborted", async (t) => {
  const { storedFiles } = await start(t);
  const file = await storedFiles.write(chunksOf(randomBytes(2 * chunkBytes), chunkBytes));
  const stop = new AbortController();
  const reading = storedFiles.read(file, stop.signal);
  await reading.next();
  stop.abort(new Error("enough"));
  await assert.rejects(reading.next(), /enough/);
});

test("stored files: a file is deleted with the row that it belongs to", async (t) => {
  const { repositories, database, addExport, addImport, project } = await start(t);
  const { id } = await addImport();
  const exported = await addExport();
  await addExport();
  assert.deepEqual(await storedOwners(database), ["conversion 1", "conversion 2", "export 1", "export 2", "import 1"]);

  await repositories.exports.delete(exported);
  assert.deepEqual(await storedOwners(database), ["conversion 2", "export 2", "import 1"]);
  await database("imports")
    .where({ id })
    .update({ state: "done", updated_at: daysFromNow(-31) });
  await repositories.imports.deleteOld();
  assert.deepEqual(await storedOwners(database), ["conversion 2", "export 2"]);
  await deleteProject(repositories, project);
  await assertNothingStored(database);
});

test("stored files: a file that belongs to nothing is deleted after a day", async (t) => {
  const { repositories, storedFiles, database, addExport, addImport, write } = await start(t);
  await write("of nothing");
  await addExport();
  const [running, finished] = [await addImport(), await addImport()];
  await repositories.imports.finish(finished);

  await storedFiles.deleteUnneeded();
  assert.equal((await database("stored_files")).length, 5);

  await database("stored_files").update({ created_at: daysFromNow(-2) });
  await write("of nothing, but new");
  await storedFiles.deleteUnneeded();
  assert.deepEqual(await storedOwners(database), ["conversion 1", "export 1", `import ${running.id}`, "nothing"]);

  await storedFiles.deleteUnneeded(daysFromNow(1));
  assert.deepEqual(await storedOwners(database), ["conversion 1", "export 1", `import ${running.id}`]);
});
