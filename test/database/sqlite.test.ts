import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import knex from "knex";
import type { Knex } from "knex";

import { closeDatabase } from "../../src/database/close.ts";
import { DatabaseError } from "../../src/database/errors.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function open(t: TestContext, file = path.join(temporaryFolder(t), "test.sqlite3")) {
  const database = openDatabase({ client: "sqlite3", file });
  t.after(() => database.destroy());
  return { database, file };
}

test("database: a connection waits for others, writes ahead, minds foreign keys and loses nothing in a power cut", async (t) => {
  const { database } = open(t);
  await migrate(database);
  const setting = async (name: string) => Object.values((await database.raw(`PRAGMA ${name}`))[0])[0];

  assert.equal(await setting("journal_mode"), "wal");
  assert.equal(await setting("foreign_keys"), 1);
  assert.equal(await setting("busy_timeout"), 5000);
  const full = 2;
  assert.equal(await setting("synchronous"), full);
});

test("database: one of Label Studio itself is refused, says what to do, and is not touched", async (t) => {
  const file = path.join(temporaryFolder(t), "label_studio.sqlite3");
  const theirs = knex({ client: "sqlite3", connection: { filename: file }, useNullAsDefault: true });
  await theirs.schema.createTable("django_migrations", (table) => table.increments("id"));
  await theirs.schema.createTable("htx_user", (table) => table.increments("id"));
  await theirs.destroy();
  const before = readFileSync(file);

  const database = openDatabase({ client: "sqlite3", file });
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

test("database: a server's reads don't wait for a transaction, and see what was committed before", async (t) => {
  const file = path.join(temporaryFolder(t), "test.sqlite3");
  const database = openDatabase({ client: "sqlite3", file }, { isServer: true });
  t.after(() => database.destroy());
  await migrate(database);
  const emails = () => database("users").orderBy("id").pluck("email");
  const insert = (connection: Knex, email: string) =>
    connection("users").insert({
      email,
      username: email,
      password: "",
      date_joined: "",
      last_activity: "",
      sort_name: email,
    });

  await insert(database, "before@example.com");
  await database.transaction(async (transaction) => {
    await insert(transaction, "meanwhile@example.com");
    assert.deepEqual(await emails(), ["before@example.com"]);
    assert.equal((await transaction("users")).length, 2);
    const [{ count }] = await database.raw(" SELECT count(*) as count from users");
    assert.equal(count, 1);
  });

  assert.deepEqual(await emails(), ["before@example.com", "meanwhile@example.com"]);
});

test("database: a server that closes it ends its reads, and refuses others", async (t) => {
  const file = path.join(temporaryFolder(t), "test.sqlite3");
  const database = openDatabase({ client: "sqlite3", file }, { isServer: true });
  await migrate(database);
  const queries: string[] = [];
  database.on("query", ({ sql }: { sql: string }) => queries.push(sql));
  await database("users").first("id");

  await closeDatabase(database);

  assert.equal(queries.length, 1);
  await assert.rejects(async () => database("users").first("id"), /closed/);
  assert.deepEqual(readdirSync(path.dirname(file)), ["test.sqlite3"]);
});
