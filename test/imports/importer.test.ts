import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { importFolder } from "../../src/imports/import-folder.ts";
import { createImporter } from "../../src/imports/importer.ts";
import { createLog } from "../../src/log.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { startApp } from "../support/app.ts";
import { assertCounted, keptData, textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";

const tasks = 1000;

/** A project, a file of a thousand tasks, and servers that share both. */
async function startImporting(t: TestContext) {
  const app = await startApp(t);
  const { user } = await app.signedIn();
  const project = await addProject(app, user, { label_config: textSetup });
  const folder = importFolder(app.config.data_dir);
  const stored = randomUUID();
  const lines = Array.from({ length: tasks }, (_, index) => `{"text":"text ${index}"}`);
  writeFileSync(path.join(folder.path, stored), lines.join("\n"));
  const file = { name: "tasks.jsonl", stored, format: "jsonl" as const, bytes: lines.join("\n").length };
  const wanted = { project_id: project.id, user_id: user.id, files: [file], is_pasted: false, preannotated: [] };
  const server = (changes: Partial<Repositories> = {}) =>
    createImporter({ ...app.repositories, ...changes }, folder, createLog("error", { write: () => undefined }));
  /** As if the server had been stopped, or had failed, before the second batch. */
  const breaking = (): Partial<Repositories> => {
    let batches = 0;
    const add: Repositories["taskBatches"]["add"] = async (...given) => {
      if (++batches === 2) throw new Error("no space left");
      return app.repositories.taskBatches.add(...given);
    };
    return { taskBatches: { ...app.repositories.taskBatches, add } };
  };
  const settled = async (id: number) => {
    for (;;) {
      const found = await app.repositories.imports.find(id);
      if (found?.state !== "adding" && found?.state !== "checking") return found;
      await new Promise((resolve) => void setTimeout(resolve, 5));
    }
  };
  return { ...app, project, folder, file, wanted, server, breaking, settled };
}

test("importer: what broke off in the middle is brought to its end by the next server, and no task comes twice", async (t) => {
  const app = await startImporting(t);
  const { id, ended } = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(ended, /no space left/);
  const broken = await app.repositories.imports.find(id);
  assert.deepEqual([broken?.state, broken?.tasks_added], ["adding", 250]);
  await app.server().resume();
  assert.equal((await app.settled(id))?.state, "done");
  const data = await keptData(app, app.project);
  assert.deepEqual([data.length, new Set(data).size], [tasks, tasks]);
  assert.deepEqual(
    [data[0], data[249], data[250]],
    ['{"text":"text 0"}', '{"text":"text 249"}', '{"text":"text 250"}'],
  );
  await assertCounted(app);
});

test("importer: a server that is closed stops between two batches", async (t) => {
  const app = await startImporting(t);
  const server = app.server();
  const { id, ended } = await server.start(app.wanted);
  await server.close();
  const stopped = (await ended).import;
  assert.notEqual(stopped?.state, "done");
  await app.server().resume();
  assert.equal((await app.settled(id))?.state, "done");
  assert.equal((await keptData(app, app.project)).length, tasks);
});

test("importer: two servers that go on with the same import don't add its tasks twice", async (t) => {
  const app = await startImporting(t);
  const { id, ended } = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(ended);
  await Promise.all([app.server().resume(), app.server().resume()]);
  await app.settled(id);
  const data = await keptData(app, app.project);
  assert.deepEqual([data.length, new Set(data).size], [tasks, tasks]);
});

test("importer: a server leaves alone whose files it does not have", async (t) => {
  const app = await startImporting(t);
  const { id } = await app.repositories.imports.create({
    ...app.wanted,
    files: [{ ...app.file, stored: randomUUID() }],
  });
  await app.server().resume();
  assert.equal((await app.repositories.imports.find(id))?.state, "checking");
});

test("importer: an import ends with its project", async (t) => {
  const app = await startImporting(t);
  const broken = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(broken.ended);
  await app.repositories.projects.delete(app.project.id);
  assert.equal(await app.repositories.imports.find(broken.id), undefined);
  assert.deepEqual(await app.database("tasks"), []);
});

test("importer: whoever was deleted while tasks are added leaves annotations of nobody", async (t) => {
  const app = await startImporting(t);
  const { user } = await app.signedIn();
  const line = JSON.stringify({ data: { text: "x" }, annotations: [{ result: [], completed_by: user.id }] });
  writeFileSync(path.join(app.folder.path, app.file.stored), Array.from({ length: 300 }, () => line).join("\n"));
  const { id, ended } = await app.server(app.breaking()).start(app.wanted);
  await assert.rejects(ended);
  await app.repositories.users.delete(user.id);
  await app.server().resume();
  assert.equal((await app.settled(id))?.state, "done");
  assert.deepEqual(new Set(await app.database("annotations").pluck("completed_by_id")), new Set([null]));
  await assertCounted(app);
});

test("importer: every problem is kept with its line, up to ten thousand", async (t) => {
  const app = await startImporting(t);
  const lines = Array.from({ length: 10_500 }, (_, index) => (index === 3 ? '{"text":"right"}' : '{"txt":1}'));
  writeFileSync(path.join(app.folder.path, app.file.stored), lines.join("\n"));
  const { id, ended } = await app.server().start(app.wanted);
  const end = await ended;
  assert.deepEqual([end.import?.state, end.import?.problem_count, end.problems.length], ["refused", 10_000, 100]);
  const listed = await app.repositories.imports.problemsAfter(id, 0, 20_000);
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
  const lost = path.join(app.folder.path, randomUUID());
  const fresh = path.join(app.folder.path, randomUUID());
  const waiting = path.join(app.folder.path, app.file.stored);
  for (const file of [lost, fresh]) writeFileSync(file, "x");
  for (const file of [lost, waiting]) utimesSync(file, 1_000_000_000, 1_000_000_000);
  await app.server().tidy();
  assert.deepEqual([lost, fresh, waiting].map(existsSync), [false, true, true]);
  assert.equal((await app.repositories.imports.find(id))?.state, "adding");
});
