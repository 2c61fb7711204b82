import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { defaultTimings } from "../../src/background/job-runner.ts";
import { createImporter } from "../../src/imports/importer.ts";
import { createLogger } from "../../src/common/logger.ts";
import type { NewImport } from "../../src/repositories/jobs/imports.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { assertCounted, keptData, textSetup } from "../support/imports.ts";
import { openTwice } from "../support/records.ts";
import { assertNothingStored, chunksOf, storedOwners } from "../support/stored.ts";

const tasks = 1000;
const lines = Array.from({ length: tasks }, (_, index) => `{"text":"text ${index}"}`);

/** What failed is tried again at once. */
const times = { ...defaultTimings, retry: 0 };

/** A project, a file of a thousand tasks, and servers over one database: an even one shares its connection with the test. */
async function startImporting(t: TestContext, content = lines) {
  const [records, others] = await openTwice(t);
  const { database, repositories } = records;
  const [user] = await records.addPeople(1);
  assert.ok(user);
  const project = await records.addProject(user, { label_config: textSetup });
  const { id: stored, bytes } = await repositories.storedFiles.write(chunksOf(Buffer.from(content.join("\n")), 1000));
  const file = { name: "tasks.jsonl", stored, format: "jsonl" as const, bytes };
  const wanted: NewImport = {
    project_id: project.id,
    user_id: user.id,
    files: [file],
    is_pasted: false,
    preannotated: [],
  };
  const log = createLogger("error", { write: () => undefined });
  const server = (changes: Partial<Repositories> = {}) => createImporter({ ...repositories, ...changes }, log, times);
  const otherServer = () => createImporter(others.repositories, log, times);
  /** Repositories of which something happens before the second batch. */
  const before = (happens: () => Promise<void>): Partial<Repositories> => {
    let batches = 0;
    const addTasks: Repositories["bulkInsert"]["addTasks"] = async (...given) => {
      if (++batches === 2) await happens();
      return repositories.bulkInsert.addTasks(...given);
    };
    return { bulkInsert: { ...repositories.bulkInsert, addTasks } };
  };
  const breaking = () =>
    before(async () => {
      throw new Error("no space left");
    });
  /** As if no server had renewed its leases for long. */
  const passTime = () => database("imports").update({ leased_until: "2026-01-01T00:00:00.000000Z" });
  const settled = async (id: number) => {
    for (;;) {
      const found = await repositories.imports.find(id);
      if (found?.state !== "adding" && found?.state !== "checking") return found;
      await new Promise((resolve) => void setTimeout(resolve, 5));
    }
  };
  const assertWhole = async () => {
    const data = await keptData(records, project);
    assert.deepEqual([data.length, new Set(data).size], [tasks, tasks]);
    await assertCounted(records);
  };
  return { ...records, user, project, wanted, server, otherServer, before, breaking, passTime, settled, assertWhole };
}

test("importer: what broke off in the middle is brought to its end by another server, and no task comes twice", async (t) => {
  const app = await startImporting(t);
  const { id, ended } = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(ended, /no space left/);
  const broken = await app.repositories.imports.find(id);
  assert.deepEqual([broken?.state, broken?.tasks_added], ["adding", 250]);

  await app.otherServer().background.look();

  assert.equal((await app.settled(id))?.state, "done");
  await app.assertWhole();
  const data = await keptData(app, app.project);
  assert.deepEqual(
    [data[0], data[249], data[250]],
    ['{"text":"text 0"}', '{"text":"text 249"}', '{"text":"text 250"}'],
  );
});

test("importer: a server that is closed stops between two batches, and another one goes on at once", async (t) => {
  const app = await startImporting(t);
  let closed: Promise<void> | undefined;
  const server: ReturnType<typeof app.server> = app.server(
    app.before(async () => void (closed = server.background.close())),
  );
  const { id, ended } = await server.start(app.wanted);
  const stopped = (await ended).import;
  await closed;
  assert.equal(stopped?.state, "adding");
  const added = (await app.repositories.imports.find(id))?.tasks_added ?? 0;
  assert.ok(added > 0 && added < tasks);

  await app.otherServer().background.look();

  assert.equal((await app.settled(id))?.state, "done");
  await app.assertWhole();
});

test("importer: a server that is closed begins nothing more, and leaves what comes to others", async (t) => {
  const app = await startImporting(t);
  const server = app.server();
  await server.background.close();
  const { id, ended } = await server.start(app.wanted);
  assert.equal((await ended).import?.state, "checking");
  await server.background.look();

  await app.otherServer().background.look();
  assert.equal((await app.settled(id))?.state, "done");
});

test("importer: nobody takes what a server is at, until that is not heard of any more", async (t) => {
  const app = await startImporting(t);
  let goOn = (): void => undefined;
  let hung: (() => void) | undefined;
  const isHung = new Promise<void>((resolve) => (hung = resolve));
  const hanging = app.before(() => {
    hung?.();
    return new Promise((resolve) => (goOn = resolve));
  });
  const { id, ended } = await app.server(hanging).start(app.wanted);
  await isHung;
  const other = app.otherServer();
  await other.background.look();
  assert.equal((await app.repositories.imports.find(id))?.tasks_added, 250);

  await app.passTime();
  await other.background.look();

  assert.equal((await app.settled(id))?.state, "done");
  await app.assertWhole();
  // It was not gone, only slow.
  goOn();
  assert.deepEqual((await ended).task_ids, []);
  await app.assertWhole();
  assert.equal((await app.repositories.imports.find(id))?.state, "done");
});

test("importer: a server that lost its lease while files are checked changes nothing", async (t) => {
  const app = await startImporting(t, ['{"text":"right"}', '{"txt":1}']);
  let taken = false;
  const accept: Repositories["imports"]["refuse"] = async (...given) => {
    if (!taken) {
      taken = true;
      await app.passTime();
      const other = app.otherServer();
      await other.background.look();
      await app.settled(given[0].id);
    }
    return app.repositories.imports.refuse(...given);
  };
  const slow = app.server({ imports: { ...app.repositories.imports, refuse: accept } });
  const { id, ended } = await slow.start(app.wanted);
  const end = await ended;

  assert.deepEqual([end.import?.state, end.import?.problem_count, end.problems], ["refused", 1, []]);
  assert.equal((await app.repositories.importErrors.listAfter(id, 0, 10)).length, 1);
});

test("importer: many servers that look at the same time don't add tasks twice", async (t) => {
  const app = await startImporting(t);
  const { id, ended } = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(ended);
  await Promise.all(
    [app.server(), app.otherServer(), app.server(), app.otherServer()].map((one) => one.background.look()),
  );
  assert.equal((await app.settled(id))?.state, "done");
  await app.assertWhole();
});

test("importer: what only had to be checked is never imported", async (t) => {
  const app = await startImporting(t);
  const { import: checked, problems } = await app.server().check(app.wanted);
  assert.deepEqual([checked?.task_count, problems], [tasks, []]);
  assert.deepEqual(await app.database("imports"), []);
  await assertNothingStored(app.database);
});

test("importer: an import ends with its project", async (t) => {
  const app = await startImporting(t);
  const deleting = app.before(() => app.repositories.projects.delete(app.project.id));
  const { id, ended } = await app.server(deleting).start(app.wanted);
  assert.equal((await ended).import, undefined);
  assert.equal(await app.repositories.imports.find(id), undefined);
  assert.deepEqual(await app.database("tasks"), []);
  await assertNothingStored(app.database);
});

test("importer: whoever was deleted while tasks are added leaves annotations of nobody", async (t) => {
  const line = JSON.stringify({ data: { text: "x" }, annotations: [{ result: [], completed_by: 2 }] });
  const app = await startImporting(
    t,
    Array.from({ length: 300 }, () => line),
  );
  const [user] = await app.addPeople(1);
  assert.equal(user?.id, 2);
  const { id, ended } = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(ended);
  await app.repositories.users.delete(user.id);
  await app.otherServer().background.look();
  assert.equal((await app.settled(id))?.state, "done");
  assert.deepEqual(new Set(await app.database("annotations").pluck("completed_by_id")), new Set([null]));
  await assertCounted(app);
});

test("importer: every problem is kept with its line, up to ten thousand", async (t) => {
  const content = Array.from({ length: 10_500 }, (_, index) => (index === 3 ? '{"text":"right"}' : '{"txt":1}'));
  const app = await startImporting(t, content);
  const { id, ended } = await app.server().start(app.wanted);
  const end = await ended;
  assert.deepEqual([end.import?.state, end.import?.problem_count, end.problems.length], ["refused", 10_000, 100]);
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

test("importer: files that nobody waits for are deleted after a day, others are not", async (t) => {
  const app = await startImporting(t);
  const { id, ended } = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(ended);
  const { id: lost } = await app.repositories.storedFiles.write(chunksOf(Buffer.from("x"), 1));
  await app.database("stored_files").update({ created_at: "2026-01-01T00:00:00.000000Z" });
  await app.repositories.storedFiles.write(chunksOf(Buffer.from("y"), 1));
  await app.repositories.storedFiles.deleteUnneeded();
  assert.deepEqual(await storedOwners(app.database), [`import ${id}`, "nothing"]);
  assert.deepEqual(await app.database("stored_files").where({ id: lost }), []);
  assert.equal((await app.repositories.imports.find(id))?.state, "adding");
});
