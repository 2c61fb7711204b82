import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { defaultTimings } from "../../src/background/job-runner.ts";
import { createLogger } from "../../src/common/logger.ts";
import { createImporter } from "../../src/imports/importer.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { Import, ImportFormat, NewImport } from "../../src/repositories/jobs/imports.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { storedTaskData, textSetup } from "../support/imports.ts";
import { deleteProject, openTwoPrograms } from "../support/records.ts";
import { assertNothingStored, chunksOf, storedOwners } from "../support/stored.ts";
import { waitUntil } from "../support/wait-until.ts";

const tasks = 2500;
const lines = Array.from({ length: tasks }, (_, index) => `{"text":"text ${index}"}`);

/** A job that failed is retried at once. */
const timings = { ...defaultTimings, retry: 0 };

/** A project, a file of 2500 tasks, and servers over one database: an even one shares its connection with the test. */
async function startImporting(t: TestContext, content = lines, format: ImportFormat = "jsonl") {
  const [records, others] = await openTwoPrograms(t);
  const { database, repositories } = records;
  const [user] = await records.addPeople(1);
  assert.ok(user);
  const project = await records.addProject(user, { label_config: textSetup });
  const { id: stored, bytes } = await repositories.storedFiles.write(chunksOf(Buffer.from(content.join("\n")), 1000));
  const file = { name: `tasks.${format}`, stored, format, bytes };
  const input: NewImport = {
    project_id: project.id,
    user_id: user.id,
    files: [file],
    is_pasted: false,
    preannotated_from_fields: [],
  };
  const log = createLogger("error", { write: () => undefined });
  const server = (changes: Partial<Repositories> = {}) => createImporter({ ...repositories, ...changes }, log, timings);
  const otherServer = () => createImporter(others.repositories, log, timings);
  /** Repositories that call `interrupt` before they add the second batch. */
  const beforeSecondBatch = (interrupt: () => Promise<void>): Partial<Repositories> => {
    let batches = 0;
    const addTasks: Repositories["bulkInsert"]["addTasks"] = async (...parameters) => {
      if (++batches === 2) await interrupt();
      return repositories.bulkInsert.addTasks(...parameters);
    };
    return { bulkInsert: { ...repositories.bulkInsert, addTasks } };
  };
  const failing = () =>
    beforeSecondBatch(async () => {
      throw new Error("no space left");
    });
  const expireLeases = () => database("imports").update({ leased_until: "2026-01-01T00:00:00.000000Z" });
  const waitUntilFinished = async (id: number) => {
    let row: Import | undefined;
    await waitUntil(`import ${id} is finished`, async () => {
      row = await repositories.imports.find(id);
      return row?.state !== "adding" && row?.state !== "checking";
    });
    return row;
  };
  const assertAllImported = async () => {
    const data = await storedTaskData(records, project);
    assert.deepEqual([data.length, new Set(data).size], [tasks, tasks]);
    await assertCountersMatch(records.repositories);
  };
  return {
    ...records,
    user,
    project,
    input,
    server,
    otherServer,
    beforeSecondBatch,
    failing,
    expireLeases,
    waitUntilFinished,
    assertAllImported,
  };
}

test("importer: an import that failed in the middle is finished by another server, and no task is added twice", async (t) => {
  const app = await startImporting(t);
  const { id, finished } = await app.server(app.failing()).start(app.input);
  await assert.rejects(finished, /no space left/);
  const interrupted = await app.repositories.imports.find(id);
  assert.deepEqual([interrupted?.state, interrupted?.tasks_added], ["adding", 1000]);

  await app.otherServer().jobRunner.poll();

  assert.equal((await app.waitUntilFinished(id))?.state, "done");
  await app.assertAllImported();
  const data = await storedTaskData(app, app.project);
  assert.deepEqual(
    [data[0], data[999], data[1000]],
    ['{"text":"text 0"}', '{"text":"text 999"}', '{"text":"text 1000"}'],
  );
});

test("importer: a server that is closed stops between two batches, and another one goes on at once", async (t) => {
  const app = await startImporting(t);
  let closed: Promise<void> | undefined;
  const server: ReturnType<typeof app.server> = app.server(
    app.beforeSecondBatch(async () => void (closed = server.jobRunner.close())),
  );
  const { id, finished } = await server.start(app.input);
  const stopped = (await finished).import;
  await closed;
  assert.equal(stopped?.state, "adding");
  const added = (await app.repositories.imports.find(id))?.tasks_added ?? 0;
  assert.ok(added > 0 && added < tasks);

  await app.otherServer().jobRunner.poll();

  assert.equal((await app.waitUntilFinished(id))?.state, "done");
  await app.assertAllImported();
});

test("importer: a server that is closed starts no more imports, and leaves new ones to others", async (t) => {
  const app = await startImporting(t);
  const server = app.server();
  await server.jobRunner.close();
  const { id, finished } = await server.start(app.input);
  assert.equal((await finished).import?.state, "checking");
  await server.jobRunner.poll();

  await app.otherServer().jobRunner.poll();
  assert.equal((await app.waitUntilFinished(id))?.state, "done");
});

test("importer: no other server takes over an import until its lease has expired", async (t) => {
  const app = await startImporting(t);
  let resume = (): void => undefined;
  let reportHanging: (() => void) | undefined;
  const isHanging = new Promise<void>((resolve) => (reportHanging = resolve));
  const hanging = app.beforeSecondBatch(() => {
    reportHanging?.();
    return new Promise((resolve) => (resume = resolve));
  });
  const { id, finished } = await app.server(hanging).start(app.input);
  await isHanging;
  const other = app.otherServer();
  await other.jobRunner.poll();
  assert.equal((await app.repositories.imports.find(id))?.tasks_added, 1000);

  await app.expireLeases();
  await other.jobRunner.poll();

  assert.equal((await app.waitUntilFinished(id))?.state, "done");
  await app.assertAllImported();
  // The first server was only slow.
  resume();
  await finished;
  await app.assertAllImported();
  assert.equal((await app.repositories.imports.find(id))?.state, "done");
});

test("importer: a server that lost its lease while files are checked changes nothing", async (t) => {
  const app = await startImporting(t, ['{"text":"right"}', '{"txt":1}']);
  let isReclaimed = false;
  const refuse: Repositories["imports"]["refuse"] = async (...parameters) => {
    if (!isReclaimed) {
      isReclaimed = true;
      await app.expireLeases();
      const other = app.otherServer();
      await other.jobRunner.poll();
      await app.waitUntilFinished(parameters[0].id);
    }
    return app.repositories.imports.refuse(...parameters);
  };
  const slow = app.server({ imports: { ...app.repositories.imports, refuse } });
  const { id, finished } = await slow.start(app.input);
  const result = await finished;

  assert.deepEqual([result.import?.state, result.import?.error_count, result.errors], ["refused", 1, []]);
  assert.equal((await app.repositories.importErrors.listAfter(id, 0, 10)).length, 1);
});

test("importer: many servers that poll at the same time don't add tasks twice", async (t) => {
  const app = await startImporting(t);
  const { id, finished } = await app.server(app.failing()).start(app.input);
  await assert.rejects(finished);
  await Promise.all(
    [app.server(), app.otherServer(), app.server(), app.otherServer()].map((one) => one.jobRunner.poll()),
  );
  assert.equal((await app.waitUntilFinished(id))?.state, "done");
  await app.assertAllImported();
});

test("importer: files that are only checked become uploads, and are not imported", async (t) => {
  const app = await startImporting(t);
  const { import: checked, errors } = await app.server().check(app.input);
  assert.deepEqual([checked?.task_count, errors], [tasks, []]);
  assert.deepEqual(await app.database("imports"), []);
  const [upload] = checked?.files.map(({ upload_id }) => upload_id) ?? [];
  assert.deepEqual(await storedOwners(app.database), [`upload ${upload}`]);
  await deleteProject(app.repositories, app.project);
  await assertNothingStored(app.database);
});

test("importer: an import ends with its project", async (t) => {
  const app = await startImporting(t);
  const deleting = app.beforeSecondBatch(() => app.repositories.projects.delete(app.project.id));
  const { id, finished } = await app.server(deleting).start(app.input);
  assert.equal((await finished).import, undefined);
  assert.equal(await app.repositories.imports.find(id), undefined);
  await deleteProject(app.repositories, app.project);
  assert.deepEqual(await app.database("tasks"), []);
  await assertNothingStored(app.database);
});

test("importer: annotations of a user who is deleted while tasks are added have no annotator", async (t) => {
  const line = JSON.stringify({ data: { text: "x" }, annotations: [{ result: [], completed_by: 2 }] });
  const app = await startImporting(
    t,
    Array.from({ length: 1200 }, () => line),
  );
  const [user] = await app.addPeople(1);
  assert.equal(user?.id, 2);
  const { id, finished } = await app.server(app.failing()).start(app.input);
  await assert.rejects(finished);
  await app.repositories.users.delete(user.id);
  await app.otherServer().jobRunner.poll();
  assert.equal((await app.waitUntilFinished(id))?.state, "done");
  assert.deepEqual(new Set(await app.database("annotations").pluck("completed_by_id")), new Set([null]));
  await assertCountersMatch(app.repositories);
});

test("importer: every error is stored with its line, up to ten thousand", async (t) => {
  const content = Array.from({ length: 10_500 }, (_, index) => (index === 3 ? '{"text":"right"}' : '{"txt":1}'));
  const app = await startImporting(t, content);
  const { id, finished } = await app.server().start(app.input);
  const result = await finished;
  assert.deepEqual([result.import?.state, result.import?.error_count, result.errors.length], ["refused", 10_000, 100]);
  const listed = await app.repositories.importErrors.listAfter(id, 0, 20_000);
  assert.equal(listed.length, 10_000);
  assert.deepEqual(
    listed.slice(2, 5).map(({ file, line }) => [file, line]),
    [
      ["tasks.jsonl", 3],
      ["tasks.jsonl", 5],
      ["tasks.jsonl", 6],
    ],
  );
});

test("importer: files without an owner are deleted after a day, others are not", async (t) => {
  const app = await startImporting(t);
  const { id, finished } = await app.server(app.failing()).start(app.input);
  await assert.rejects(finished);
  const { id: lost } = await app.repositories.storedFiles.write(chunksOf(Buffer.from("x"), 1));
  await app.database("stored_files").update({ created_at: "2026-01-01T00:00:00.000000Z" });
  await app.repositories.storedFiles.write(chunksOf(Buffer.from("y"), 1));
  await app.repositories.storedFiles.deleteUnneeded();
  assert.deepEqual(await storedOwners(app.database), [`import ${id}`, "nothing"]);
  assert.deepEqual(await app.database("stored_files").where({ id: lost }), []);
  assert.equal((await app.repositories.imports.find(id))?.state, "adding");
});

test("importer: tasks are stored as they were written, without the spaces between tokens", async (t) => {
  const app = await startImporting(t, [
    '{"predictions": [7, {"score": 1, "result": [ {"x": 2.0} ]}], "data": {"text": "a  b", "2": 1.0}}',
    '{"text": "x"}',
    '{"data": {"text": "x"}, "annotations": [{"result": [ ]}]}',
  ]);
  const { finished } = await app.server().start(app.input);
  assert.equal((await finished).import?.state, "done");
  assert.deepEqual(await storedTaskData(app, app.project), ['{"text":"a  b","2":1.0}', '{"text":"x"}', '{"text":"x"}']);
  assert.deepEqual(await app.database("tasks").pluck("meta"), ["{}", "{}", "{}"]);
  assert.deepEqual(await app.database("predictions").pluck("result"), ['[{"x":2.0}]']);
  assert.deepEqual(await app.database("annotations").pluck("result"), ["[]"]);
});

test("importer: tasks of a format that is not JSON are stored as compact JSON", async (t) => {
  const app = await startImporting(t, ["x"], "txt");
  const { finished } = await app.server().start(app.input);
  assert.equal((await finished).import?.state, "done");
  assert.deepEqual(await storedTaskData(app, app.project), ['{"text":"x"}']);
  assert.deepEqual(await app.database("tasks").pluck("meta"), ["{}"]);
});
