import assert from "node:assert/strict";
import { test } from "node:test";

import type { Knex } from "knex";

import { now } from "../../src/common/timestamps.ts";
import { closeDatabase } from "../../src/database/close.ts";
import { appliedMigrations, migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { recordSchema } from "../../src/database/recorded-schema.ts";
import { openShell } from "../support/command.ts";

const schemaOf = (database: Knex) =>
  database("sqlite_master").select("type", "name", "tbl_name", "sql").orderBy(["type", "name"]);

async function openEmpty(t: { after: (work: () => Promise<void>) => void }): Promise<Knex> {
  const database = openDatabase({ client: "sqlite3", file: ":memory:" });
  t.after(() => closeDatabase(database));
  return database;
}

test("a new database: the build's record makes what the migrations make, and marks them as applied", async (t) => {
  const migrated = await openEmpty(t);
  await migrate(migrated);
  const shell = openShell(t);

  const { code } = await shell.run(["init", "--username", "ada@example.com", "--password", "correct horse battery"]);

  assert.equal(code, 0);
  const created = await shell.openDatabase();
  assert.deepEqual(await schemaOf(created), await schemaOf(migrated));
  assert.deepEqual(await appliedMigrations(created), await appliedMigrations(migrated));
  assert.deepEqual(await created("knex_migrations_lock"), await migrated("knex_migrations_lock"));
  const [row] = await created("knex_migrations").select("batch", "migration_time").limit(1);
  assert.equal(row.batch, 1);
  assert.ok(Math.abs(Date.now() - row.migration_time) < 60_000, String(row.migration_time));
});

test("the record of a schema is refused where a migration has put rows into a table, which it would lack", async (t) => {
  const database = await openEmpty(t);
  await migrate(database);
  await database("login_attempts").insert({
    key: "ada",
    failures: 1,
    window_started_at: now(),
    last_failed_at: now(),
    blocked_until: now(),
  });

  await assert.rejects(recordSchema(database), /has put rows into login_attempts/);
});
