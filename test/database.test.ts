import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import knex from "knex";

import { migrations } from "../migrations/index.ts";
import { DatabaseError, migrate, openDatabase } from "../src/database.ts";
import { temporaryFolder } from "./support/app.ts";

function open(t: TestContext, file = path.join(temporaryFolder(t), "test.sqlite3")) {
  const database = openDatabase(file);
  t.after(() => database.destroy());
  return { database, file };
}

test("database: a connection waits for others, writes ahead and minds foreign keys", async (t) => {
  const { database } = open(t);
  await migrate(database);
  const setting = async (name: string) => Object.values((await database.raw(`PRAGMA ${name}`))[0])[0];

  assert.equal(await setting("journal_mode"), "wal");
  assert.equal(await setting("foreign_keys"), 1);
  assert.equal(await setting("busy_timeout"), 5000);
});

test("database: a new one gets the whole schema, and says that it was new", async (t) => {
  const { database } = open(t);

  assert.deepEqual(await migrate(database), { isNew: true });

  const applied = await database("knex_migrations").orderBy("id").pluck("name");
  assert.deepEqual(
    applied,
    migrations.map((migration) => migration.name),
  );
});

test("database: one that has the schema is left as it is, with what is in it", async (t) => {
  const { database } = open(t);
  await migrate(database);
  await database("attempts").insert(attempt);

  assert.deepEqual(await migrate(database), { isNew: false });

  assert.deepEqual(await database("attempts"), [attempt]);
});

test("database: an older one is brought up to date, and keeps what is in it", async (t) => {
  const { database } = open(t);
  await migrate(database);
  const last = migrations.at(-1);
  assert.ok(last);
  await last.down(database);
  await database("knex_migrations").where({ name: last.name }).delete();

  assert.deepEqual(await migrate(database), { isNew: false });

  assert.ok(await database.schema.hasTable("attempts"));
});

test("database: every step can be taken back", async (t) => {
  const { database } = open(t);
  await migrate(database);

  for (const migration of migrations.toReversed()) await migration.down(database);

  const left = await database("sqlite_master")
    .where({ type: "table" })
    .whereNot("name", "like", "sqlite_%")
    .orderBy("name")
    .pluck("name");
  assert.deepEqual(left, ["knex_migrations", "knex_migrations_lock"]);
});

test("database: the names of the steps are those of their files, in the order of time", () => {
  const files = readdirSync(path.join(import.meta.dirname, "..", "migrations"))
    .filter((file) => file !== "index.ts")
    .map((file) => path.basename(file, ".ts"))
    .sort();

  assert.deepEqual(
    migrations.map((migration) => migration.name),
    files,
  );
});

test("database: one of a newer version is refused by name, and nothing is changed", async (t) => {
  const { database } = open(t);
  await migrate(database);
  const newer = { name: "29991231000000_from_the_future", batch: 2, migration_time: 0 };
  await database("knex_migrations").insert(newer);

  await assert.rejects(migrate(database), (error) => {
    assert.ok(error instanceof DatabaseError);
    assert.match(error.message, /newer version.*29991231000000_from_the_future/);
    return true;
  });
  assert.equal((await database("knex_migrations")).length, migrations.length + 1);
});

test("database: one of Label Studio itself is refused, says what to do, and is not touched", async (t) => {
  const file = path.join(temporaryFolder(t), "label_studio.sqlite3");
  const theirs = knex({ client: "sqlite3", connection: { filename: file }, useNullAsDefault: true });
  await theirs.schema.createTable("django_migrations", (table) => table.increments("id"));
  await theirs.schema.createTable("htx_user", (table) => table.increments("id"));
  await theirs.destroy();
  const before = readFileSync(file);

  const database = openDatabase(file);
  await assert.rejects(migrate(database), (error) => {
    assert.ok(error instanceof DatabaseError);
    assert.match(error.message, /Label Studio itself.*--data-dir.*-db/);
    return true;
  });
  await database.destroy();

  assert.ok(readFileSync(file).equals(before), "The file has changed");
  assert.deepEqual(readdirSync(path.dirname(file)), ["label_studio.sqlite3"]);
});

test("database: booleans come back as true, false and null", async (t) => {
  const { database } = open(t);
  await migrate(database);
  const person = { username: "", password: "", date_joined: "", last_activity: "", sort_name: "" };
  for (const allow_newsletters of [true, false, null])
    await database("users").insert({ ...person, email: String(allow_newsletters), allow_newsletters });

  assert.deepEqual(await database("users").orderBy("id").pluck("allow_newsletters"), [1, 0, null]);
  const rows = await database("users").orderBy("id").select("is_active", "allow_newsletters");
  assert.deepEqual(
    rows.map((row) => row.allow_newsletters),
    [true, false, null],
  );
  assert.equal(rows[0].is_active, true);
});

const attempt = { key: "k", failures: 1, counted_since: "2026", failed_at: "2026", blocked_until: "2026" };
