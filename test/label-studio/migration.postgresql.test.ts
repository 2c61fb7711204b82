import assert from "node:assert/strict";
import { test } from "node:test";

import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { startApi } from "../support/api.ts";
import { share, startApp, testConfig } from "../support/app.ts";
import { openShell } from "../support/command.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { logIn } from "../support/forms.ts";
import { migrateInto, recordedServer, recordedCounts, countsOf } from "../support/label-studio.ts";

/** The recorded Label Studio, for tests that don't change it. */
const recorded = share(recordedServer);

test("migration from PostgreSQL: everything comes along, and people log in as before", async (t) => {
  const app = await startApp(t);
  const source = await recorded();

  assert.deepEqual(countsOf(await migrateInto(app, source)), recordedCounts);

  await assertCountersMatch(app.repositories);
  for (const { email, password } of [source.people.ada, source.people.bjorn, source.people.zoe])
    await logIn(app.visitor(), { email, password: password ?? "" }).expect(303);
  assert.deepEqual(countsOf(await migrateInto(app, source))["annotations"], [500, 0, 500, 0]);
  const task = await app.repositories.tasks.create({ id: 1, maximum_annotations: 1 }, { data: "{}", meta: "{}" }, 1);
  assert.equal(task.id, 448);
});

test("migration from PostgreSQL: timestamps keep their microseconds and numbers their digits", async (t) => {
  const app = await startApp(t);
  const source = await recorded();

  await migrateInto(app, source);

  const exact = await app.repositories.tasks.find(421);
  await source.change(async (sourceDatabase) => {
    const task = await sourceDatabase("task")
      .where({ id: 421 })
      .first(
        sourceDatabase.raw("data::text as data"),
        sourceDatabase.raw("extract(microseconds from created_at) as microseconds"),
      );
    assert.equal(exact?.data, task.data);
    assert.ok(exact?.data.includes('{"a": 12345678901234567890, "b": 1.0}'));
    assert.equal(Number(exact?.created_at.slice(17, 26).replace(".", "")), Number(task.microseconds));
    const annotation = await sourceDatabase("task_completion").where({ id: 17 }).first("unique_id", "lead_time");
    const migrated = await app.repositories.annotations.find(17);
    assert.deepEqual({ unique_id: migrated?.unique_id, lead_time: migrated?.lead_time }, annotation);
  });
});

test("migration from PostgreSQL: changes of the source meanwhile are not seen, and are migrated the next time", async (t) => {
  const app = await startApp(t);
  const source = await recordedServer(t);
  let change: Promise<void> | undefined;
  const onProgress = () => {
    change ??= source.change(async (sourceDatabase) => {
      await sourceDatabase.raw(`insert into public.task_completion select (jsonb_populate_record(
        a, jsonb_build_object('id', 501, 'unique_id', gen_random_uuid()))).* from public.task_completion a where id = 500`);
    });
  };

  const first = await migrateInto(app, source, { onProgress });
  await change;
  const second = await migrateInto(app, source);

  assert.deepEqual(countsOf(first)["annotations"], [500, 500, 0, 0]);
  assert.deepEqual(countsOf(second)["annotations"], [501, 1, 500, 0]);
  await assertCountersMatch(app.repositories);
});

test("migration from PostgreSQL: old scripts go on with their tokens", async (t) => {
  const app = await startApi(t);
  const source = await recorded();
  await migrateInto(app, source, { into_existing: true });

  const { ada, bjorn } = source.people;
  await app.as(`Token ${ada.legacy_token}`)("get", "/api/current-user/whoami").expect(200);
  await app.anonymous("post", "/api/token/refresh/", { refresh: ada.personal_token }).expect(200);
  await app.anonymous("post", "/api/token/refresh/", { refresh: bjorn.revoked_token }).expect(401);
});

test("migration from PostgreSQL to SQLite", async (t) => {
  const config = testConfig();
  const database = openDatabase({ client: "sqlite3", file: ":memory:" });
  t.after(() => database.destroy());
  await migrate(database);
  const repositories = createRepositories(database, config);

  const report = await migrateInto({ database, config }, await recorded());

  assert.deepEqual(countsOf(report), recordedCounts);
  await assertCountersMatch(repositories);
});

test("migration from PostgreSQL: by its address at the shell, with its key and images", async (t) => {
  const { run } = openShell(t);
  const { from, folder, secret_key } = await recorded();

  const { code, stdout, stderr } = await run([
    "import-label-studio",
    "--from",
    from,
    "--media",
    `${folder}/media`,
    "--secret-key",
    secret_key,
  ]);

  assert.equal(code, 0, stderr);
  assert.match(stdout, /^From postgresql:\/\/127\.0\.0\.1:\d+\/\w+, organization "Ålesund Labels"\.$/m);
  assert.match(stdout, /^profile images +1 +1 +0 +0 +1$/m);
  assert.match(stdout, /^personal tokens +3 +3 +0 +0 +3$/m);
});
