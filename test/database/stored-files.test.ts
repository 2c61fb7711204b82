import assert from "node:assert/strict";
import { test } from "node:test";

import { migrations } from "../../migrations/index.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { emptyLocation } from "../support/database.ts";

const name = "20261127210000_create_stored_files";

test("migrations: exports whose files were in a data folder are made again, and such imports fail with a message", async (t) => {
  const database = openDatabase(await emptyLocation(t));
  t.after(() => database.destroy());
  await migrate(database);
  const repositories = createRepositories(database, { secret_key: "secret", password_cost: 4 });
  const { id } = await repositories.users.create({ email: "ada@example.com" });
  const { id: project_id } = await repositories.projects.create(1, id, { title: "Reviews" });
  const since = migrations.findIndex((each) => each.name === name);
  for (const each of migrations.slice(since).toReversed()) {
    await each.down(database);
    await database("knex_migrations").where({ name: each.name }).delete();
  }
  const at = "2026-01-01T00:00:00.000000Z";
  const moments = { created_at: at, updated_at: at };
  for (const status of ["completed", "in_progress", "failed"])
    await database("exports").insert({ project_id, title: status, status, options: "{}", md5: "x", created_at: at });
  await database("export_conversions").insert({
    export_id: 1,
    export_type: "CSV",
    status: "completed",
    created_at: at,
  });
  const files = JSON.stringify([{ name: "a.csv", stored: "gone", format: "csv", bytes: 10 }]);
  for (const [state, tasks_added] of [
    ["checking", 0],
    ["adding", 250],
    ["done", 10],
  ])
    await database("imports").insert({ project_id, state, files, bytes: 10, task_count: 400, tasks_added, ...moments });

  await migrate(database);

  const snapshots = await database("exports").orderBy("id").select("status", "md5", "created_at");
  assert.deepEqual(
    snapshots.map(({ status, md5, created_at }) => [status, md5, created_at > at]),
    [
      ["created", "", true],
      ["created", "", true],
      ["failed", "x", false],
    ],
  );
  assert.deepEqual(await database("export_conversions"), []);
  assert.deepEqual(await database("imports").orderBy("id").pluck("state"), ["refused", "refused", "done"]);
  assert.deepEqual(await database("import_errors").orderBy("import_id").select("import_id", "file", "message"), [
    {
      import_id: 1,
      file: "a.csv",
      message: "The server was updated while these files were imported. Import them once more.",
    },
    {
      import_id: 2,
      file: "a.csv",
      message: "The server was updated while these files were imported. Import the tasks that are missing once more.",
    },
  ]);
});
