import assert from "node:assert/strict";
import { test } from "node:test";

import type { Knex } from "knex";

import { startApp } from "../support/app.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { logIn } from "../support/forms.ts";
import { hashCheaply, migrateInto, recordedFiles, recordedCounts, countsOf } from "../support/label-studio.ts";

/** What 1.8.0 of July 2023 does not have, by the migrations that came later. */
const after_1_8: Record<string, string[]> = {
  htx_user: ["custom_hotkeys"],
  organization: ["contact_info"],
  organizations_organizationmember: ["deleted_at"],
  project: [
    "label_config_hash",
    "custom_task_lock_ttl",
    "search_vector",
    "deleted_at",
    "deleted_by_id",
    "purge_at",
    "annotator_evaluation_enabled",
  ],
  task: ["precomputed_agreement", "allow_skip"],
  task_completion: ["import_id", "bulk_created"],
  prediction: ["project_id", "model_id", "model_run_id"],
  tasks_annotationdraft: ["import_id"],
};

const tablesAfter_1_8 = [
  "jwt_auth_jwtsettings",
  "session_policy_sessiontimeoutpolicy",
  "token_blacklist_blacklistedtoken",
  "token_blacklist_outstandingtoken",
  "users_userproducttour",
];

/** What versions before that lack besides, back to 1.0. */
const after_1_0: Record<string, string[]> = {
  htx_user: ["allow_newsletters"],
  project: ["reveal_preannotations_interactively", "skip_queue", "parsed_label_config", "pinned_at"],
  task: [
    "updated_by_id",
    "inner_id",
    "total_annotations",
    "cancelled_annotations",
    "total_predictions",
    "comment_count",
    "unresolved_comment_count",
    "last_comment_updated_at",
  ],
  task_completion: [
    "parent_prediction_id",
    "parent_annotation_id",
    "last_action",
    "last_created_by_id",
    "project_id",
    "updated_by_id",
    "unique_id",
    "draft_created_at",
  ],
  tasks_annotationdraft: ["was_postponed"],
};

async function remove(database: Knex, columns: Record<string, string[]>, tables: string[] = []): Promise<void> {
  await database.raw("pragma foreign_keys = off");
  // Waiting for the disk after each statement would take most of the time.
  await database.raw("pragma synchronous = off");
  const indexes: string[] = await database("sqlite_master").where({ type: "index" }).whereNotNull("sql").pluck("name");
  for (const index of indexes) await database.raw("drop index ??", [index]);
  for (const table of tables) await database.schema.dropTable(table);
  for (const [table, names] of Object.entries(columns))
    for (const name of names) await withoutColumn(database, table, name);
}

/** SQLite drops no column that is unique or refers to another table: a copy of the table does without it. */
async function withoutColumn(database: Knex, table: string, name: string): Promise<void> {
  const columns: { name: string }[] = await database.raw(`pragma table_info(${table})`);
  const remaining = columns.map((column) => column.name).filter((column) => column !== name);
  assert.equal(remaining.length, columns.length - 1, `${table} has no ${name}`);
  await database.raw(`create table copy as select ${remaining.join(", ")} from ${table}`);
  await database.schema.dropTable(table);
  await database.schema.renameTable("copy", table);
}

test("older versions: a database of 1.8 moves in, and legacy tokens are on as they were there", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  const { ada, bjorn, zoe, ramon } = source.people;
  await hashCheaply(source, [ada, bjorn, zoe, ramon]);
  await source.change((database) => remove(database, after_1_8, tablesAfter_1_8));

  const report = await migrateInto(app, source);

  assert.deepEqual(countsOf(report), {
    ...recordedCounts,
    "legacy tokens": [5, 5, 0, 0],
    "personal tokens": [0, 0, 0, 0],
  });
  const organization = await app.repositories.organizations.first();
  assert.deepEqual(
    [organization?.legacy_api_tokens_enabled, organization?.api_tokens_enabled, organization?.api_token_ttl_days],
    [true, true, 73_000],
  );
  assert.deepEqual([organization?.max_session_age, organization?.max_time_between_activity], [11_520, 4320]);
  assert.equal((await app.repositories.users.find(1))?.custom_hotkeys, "{}");
  const { email, password } = ramon;
  await logIn(app.visitor(), { email, password: password ?? "" }).expect(303);
  await assertCountersMatch(app.repositories);
});

test("older versions: what came after 1.0 is made up for", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  await source.change(async (database) => {
    await remove(database, after_1_8, tablesAfter_1_8);
    await remove(database, after_1_0);
  });

  const report = await migrateInto(app, source);

  assert.deepEqual(countsOf(report)["annotations"], [500, 500, 0, 0]);
  assert.match(
    report.notes.join("\n"),
    /^The tasks' numbers were missing or doubled, and count anew in: Bewertungen für Ærø \(1\), Pictures \(2\)\.$/m,
  );
  assert.deepEqual(
    await app.database("tasks").where({ project_id: 2 }).orderBy("id").pluck("inner_id"),
    [1, 2, 3, 4, 5, 6],
  );
  const ids: string[] = await app.database("annotations").pluck("unique_id");
  assert.equal(new Set(ids).size, 500);
  assert.match(ids[0] ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal((await app.repositories.projects.find(2))?.skip_queue, "REQUEUE_FOR_OTHERS");
  await assertCountersMatch(app.repositories);
});

test("older versions: token settings that nobody changed are those of the version", async (t) => {
  const app = await startApp(t);
  const source = recordedFiles(t);
  await source.change(async (database) => {
    await database("jwt_auth_jwtsettings").delete();
    await database("django_migrations").where({ app: "jwt_auth" }).where("name", "like", "0002%").delete();
  });

  await migrateInto(app, source);

  const organization = await app.repositories.organizations.first();
  assert.deepEqual([organization?.legacy_api_tokens_enabled, organization?.api_tokens_enabled], [true, false]);
});
