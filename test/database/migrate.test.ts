import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Knex } from "knex";

import { migrations } from "../../migrations/index.ts";
import { DatabaseError } from "../../src/database/errors.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { emptyLocation } from "../support/database.ts";
import { tableNames } from "../support/tables.ts";

async function open(t: TestContext): Promise<Knex> {
  const database = openDatabase(await emptyLocation(t));
  t.after(() => database.destroy());
  return database;
}

test("database: a new one gets the whole schema, and says that it was new", async (t) => {
  const database = await open(t);

  assert.deepEqual(await migrate(database), { isNew: true });

  const applied = await database("knex_migrations").orderBy("id").pluck("name");
  assert.deepEqual(
    applied,
    migrations.map((migration) => migration.name),
  );
});

test("database: one that has the schema is left as it is, with what is in it", async (t) => {
  const database = await open(t);
  await migrate(database);
  await database("login_attempts").insert(attempt);

  assert.deepEqual(await migrate(database), { isNew: false });

  assert.deepEqual(await database("login_attempts"), [attempt]);
});

test("database: an older one is brought up to date, and keeps what is in it", async (t) => {
  const database = await open(t);
  await migrate(database);
  await database("login_attempts").insert(attempt);
  const last = migrations.at(-1);
  assert.ok(last);
  await last.down(database);
  await database("knex_migrations").where({ name: last.name }).delete();

  assert.deepEqual(await migrate(database), { isNew: false });

  assert.deepEqual(await database("login_attempts"), [attempt]);
});

test("database: existing accounts with a password, later activity or a session count as used", async (t) => {
  const database = await open(t);
  await migrate(database);
  const later = migrations.slice(migrations.findIndex(({ name }) => name.endsWith("record_first_use")));
  for (const migration of later.toReversed()) {
    await migration.down(database);
    await database("knex_migrations").where({ name: migration.name }).delete();
  }
  const joined = "2026-11-01T10:00:30.000000Z";
  const person = (email: string, more = {}) => ({
    email,
    username: "",
    password: "",
    sort_name: email,
    date_joined: joined,
    last_activity: "2026-11-01T10:00:31.000000Z",
    ...more,
  });
  await database("users").insert([
    person("by-script"),
    person("with-password", { password: "hash" }),
    person("active", { last_activity: "2026-11-01T10:05:00.000000Z" }),
    person("logged-in"),
  ]);
  const { id: user_id } = await database("users").where({ email: "logged-in" }).first();
  const session = { data: "{}", user_agent: "", created_at: joined, last_seen_at: joined, expires_at: joined };
  await database("sessions").insert({ digest: "a", user_id, ...session });

  await migrate(database);

  const seen = await database("users").whereNot({ last_seen_at: "" }).orderBy("id").pluck("email");
  assert.deepEqual(seen, ["with-password", "active", "logged-in"]);
});

test("database: search terms of existing accounts get the sort keys of their lists", async (t) => {
  const database = await open(t);
  await migrate(database);
  const { users } = createRepositories(database, { secret_key: "secret", password_cost: 4 });
  for (const email of ["ada@example.com", "e\u0301lan@example.com"]) await users.create({ email, first_name: "Ada" });
  const terms = () => database("user_search_terms").orderBy(["term", "user_id"]);
  const created = await terms();
  assert.ok(created.some(({ email }) => email === null) && created.some(({ sort_name }) => sort_name === "ada"));
  const later = migrations.slice(migrations.findIndex(({ name }) => name.endsWith("order_search_terms")));
  for (const migration of later.toReversed()) {
    await migration.down(database);
    await database("knex_migrations").where({ name: migration.name }).delete();
  }

  await migrate(database);

  assert.deepEqual(await terms(), created);
});

test("database: every step can be taken back", async (t) => {
  const database = await open(t);
  await migrate(database);

  for (const migration of migrations.toReversed()) await migration.down(database);

  assert.deepEqual(await tableNames(database), ["knex_migrations", "knex_migrations_lock"]);
});

test("database: the names of the steps are those of their files, in the order of time", () => {
  const files = readdirSync(path.join(import.meta.dirname, "..", "..", "migrations"))
    .filter((file) => file !== "index.ts")
    .map((file) => path.basename(file, ".ts"))
    .sort();

  assert.deepEqual(
    migrations.map((migration) => migration.name),
    files,
  );
});

test("database: one of a newer version is refused by name, and nothing is changed", async (t) => {
  const database = await open(t);
  await migrate(database);
  const newer = { name: "29991231000000_from_the_future", batch: 2, migration_time: new Date(0) };
  await database("knex_migrations").insert(newer);

  await assert.rejects(migrate(database), (error) => {
    assert.ok(error instanceof DatabaseError);
    assert.match(error.message, /newer version.*29991231000000_from_the_future/);
    return true;
  });
  assert.equal((await database("knex_migrations")).length, migrations.length + 1);
});

const attempt = { key: "k", failures: 1, window_started_at: "2026", last_failed_at: "2026", blocked_until: "2026" };
