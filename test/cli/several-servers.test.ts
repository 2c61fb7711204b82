import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { openShell } from "../support/command.ts";
import type { Server } from "../support/command.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { onPostgres } from "../support/database.ts";
import { addPersonWithProject } from "../support/imports.ts";
import { assertNothingStored } from "../support/stored.ts";
import { waitUntil } from "../support/wait-until.ts";

const tasks = 8_000;

/** Servers that share a database, and nothing else: each has a data folder of its own. */
async function start(t: TestContext) {
  const shell = openShell(t, { LABEL_STUDIO_SECRET_KEY: "k".repeat(50) });
  const repositories = await shell.openRepositories();
  const database = await shell.openDatabase();
  const { token, project } = await addPersonWithProject(repositories, "ada@example.com");
  let made = 0;
  const serve = () =>
    shell.serve(["start", "--no-browser", "--port", "0"], {
      LABEL_STUDIO_BASE_DATA_DIR: path.join(shell.home, `server-${++made}`),
      LABEL_STUDIO_DATABASE_NAME: path.join(shell.home, "data", "label_studio.sqlite3"),
    });
  const ask = (server: Server, place: string, body?: object | string) =>
    fetch(new URL(`api/projects/${project.id}/${place}`, server.url), {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Token ${token}`, "Content-Type": "application/json" },
      ...(body && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const sendTasks = (server: Server) => {
    const sent = Array.from({ length: tasks }, (_, index) => ({ text: `text ${index}` }));
    return ask(server, "import?return_task_ids=1", sent);
  };
  /** Sends many tasks to a server, and waits until it has added some. */
  const beginImport = async (server: Server) => {
    const answer = sendTasks(server).catch(() => undefined);
    const hasBegun = async () => ((await repositories.imports.find(1))?.tasks_added ?? 0) > 0;
    await waitUntil("the import has added tasks", hasBegun, { interval: 1 });
    return { answer };
  };
  const ended = async () => {
    const isDone = async () => (await repositories.imports.find(1))?.state === "done";
    await waitUntil("the import is done", isDone, { limit: 60_000, interval: 20 });
    const texts = await database("tasks").orderBy("inner_id").pluck("data");
    assert.equal(texts.length, tasks);
    assert.equal(new Set(texts).size, tasks);
    await assertCountersMatch(repositories);
  };
  return { repositories, database, serve, ask, sendTasks, beginImport, ended };
}

const unlessSqlite = { skip: !onPostgres && "a file of SQLite is for one server" };

test(
  "several servers: a snapshot that one made is converted by another and downloaded from both",
  unlessSqlite,
  async (t) => {
    const { serve, ask } = await start(t);
    const [one, other] = [await serve(), await serve()];
    await ask(one, "import", [{ text: "good" }]);
    const made = await ask(one, "exports/", {});
    assert.equal(((await made.json()) as { status: string }).status, "completed");
    assert.equal((await ask(other, "exports/1/convert", { export_type: "CSV" })).status, 200);

    for (const format of ["JSON", "CSV"]) {
      const answers = await Promise.all(
        [one, other].map((each) => ask(each, `exports/1/download?exportType=${format}`)),
      );
      const [first = "", second] = await Promise.all(answers.map((each) => each.text()));
      assert.match(first, /good/);
      assert.equal(first, second);
    }
  },
);

test("several servers: what one has begun when it is killed, another one brings to its end", async (t) => {
  const { serve, beginImport, ended, database } = await start(t);
  const one = await serve();
  await beginImport(one);
  await one.stop("SIGKILL");
  const [{ leased_until, tasks_added }] = await database("imports").select("leased_until", "tasks_added");
  assert.ok(tasks_added < tasks);
  assert.ok(leased_until > new Date().toISOString());

  // The time passes after which nobody waits for it.
  await database("imports").update({ leased_until: "2026-01-01T00:00:00.000000Z" });
  await serve();

  await ended();
  await waitUntil("the upload is deleted", async () => (await database("stored_files")).length === 0);
  await assertNothingStored(database);
});

test("several servers: what one leaves when it is stopped, another one goes on with at once", async (t) => {
  const { serve, beginImport, ended, repositories } = await start(t);
  const one = await serve();
  const { answer } = await beginImport(one);
  const { code, stderr } = await one.stop();
  assert.equal(code, 0);
  assert.equal((await answer)?.status, 503, stderr);
  assert.deepEqual(await repositories.leases.findUnleased(["imports"]), [{ kind: "imports", id: 1 }]);

  await serve();
  await ended();
});

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`several servers: an import that ${signal} broke off and that is sent again is answered as one (X6)`, async (t) => {
    const { serve, beginImport, sendTasks, ended, database } = await start(t);
    const one = await serve();
    const { answer } = await beginImport(one);
    await one.stop(signal);
    assert.equal((await answer)?.status, signal === "SIGTERM" ? 503 : undefined);
    // The time passes after which nobody waits for it.
    await database("imports").update({ leased_until: "" });

    const repeated = await sendTasks(await serve());

    assert.equal(repeated.status, 201);
    const { task_count, task_ids } = (await repeated.json()) as { task_count: number; task_ids: number[] };
    await ended();
    assert.equal(task_count, tasks);
    assert.deepEqual(task_ids, await database("tasks").orderBy("inner_id").pluck("id"));
  });
}
