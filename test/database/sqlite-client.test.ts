import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { closeDatabase } from "../../src/database/close.ts";
import { openSqlite } from "../../src/database/sqlite.ts";
import { onPostgres } from "../support/database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const onSqlite = { skip: onPostgres && "about SQLite alone" };

async function openNumbers(t: TestContext, { isServer = false } = {}) {
  const folder = temporaryFolder(t);
  const database = openSqlite(path.join(folder, "numbers.sqlite3"), { isServer });
  t.after(() => database.destroy());
  await database.raw("create table numbers (id integer primary key, number integer unique)");
  const insert = (number: number) => database("numbers").insert({ number });
  return { database, insert, folder };
}

test(
  "sqlite client: a statement that many ask for at once in a transaction gives each its own answer",
  onSqlite,
  async (t) => {
    const { database } = await openNumbers(t);
    const numbers = Array.from({ length: 50 }, (_, index) => index + 1);

    await database.transaction(async (transaction) => {
      const ids = await Promise.all(
        numbers.map((number) => transaction("numbers").insert({ id: number * 10, number })),
      );
      assert.deepEqual(
        ids.flat(),
        numbers.map((number) => number * 10),
      );
      const rows = await Promise.all(numbers.map((number) => transaction("numbers").where({ number }).first("id")));
      assert.deepEqual(
        rows.map(({ id }) => id),
        ids.flat(),
      );
    });
  },
);

test("sqlite client: a statement that was prepared before sees a column that comes later", onSqlite, async (t) => {
  const { database, insert } = await openNumbers(t, { isServer: true });
  await insert(1);
  const read = () => database("numbers").select("*");
  assert.deepEqual(await read(), [{ id: 1, number: 1 }]);

  await database.schema.alterTable("numbers", (table) => void table.integer("other").defaultTo(2));

  assert.deepEqual(await read(), [{ id: 1, number: 1, other: 2 }]);
});

test("sqlite client: a table that a statement was prepared for can be dropped and made again", onSqlite, async (t) => {
  const { database, insert } = await openNumbers(t);
  await insert(1);
  assert.equal((await database("numbers")).length, 1);

  await database.schema.dropTable("numbers");
  await assert.rejects(async () => database("numbers"), /no such table/);
  await database.raw("create table numbers (name text)");

  assert.deepEqual(await database("numbers"), []);
  await database("numbers").insert({ name: "one" });
  assert.deepEqual(await database("numbers"), [{ name: "one" }]);
});

test(
  "sqlite client: what is refused names the statement, and leaves nothing behind that blocks others",
  onSqlite,
  async (t) => {
    const { database, insert } = await openNumbers(t);
    await insert(7);

    await database.transaction(async (transaction) => {
      const again = Promise.resolve(transaction("numbers").insert({ number: 7 }));
      await assert.rejects(
        again,
        /^Error: insert into `numbers` \(`number`\) values \(\?\) - SQLITE_CONSTRAINT: UNIQUE/,
      );
      await transaction("numbers").insert({ number: 8 });
    });

    assert.deepEqual(await database("numbers").orderBy("id").pluck("number"), [7, 8]);
    await database.raw("vacuum");
  },
);

test(
  "sqlite client: a statement that can't be prepared is refused each time, and takes no connection away",
  onSqlite,
  async (t) => {
    const { database } = await openNumbers(t, { isServer: true });

    for (let time = 0; time < 10; time++)
      await assert.rejects(async () => database("nothing"), /no such table: nothing/);

    assert.deepEqual(await database("numbers"), []);
  },
);

test(
  "sqlite client: more statements than are kept run all the same, and the file is free after closing",
  onSqlite,
  async (t) => {
    const { database, insert, folder } = await openNumbers(t);
    await insert(1);

    for (let number = 0; number < 400; number++) {
      const rows = await database("numbers").select(database.raw(`number + ${number} as sum`));
      assert.deepEqual(rows, [{ sum: 1 + number }]);
    }
    await closeDatabase(database);

    assert.deepEqual(readdirSync(folder), ["numbers.sqlite3"]);
  },
);

test(
  "sqlite client: a connection whose reads follow each other closely shows each the latest commit",
  onSqlite,
  async (t) => {
    const { database, insert } = await openNumbers(t, { isServer: true });
    await database.raw("PRAGMA journal_mode = WAL");
    const count = async () => (await database("numbers").count({ total: "*" }).first())?.total;

    let isReading = true;
    const others = Array.from({ length: 8 }, async () => {
      while (isReading) await count();
    });
    for (let number = 1; number <= 30; number++) {
      await insert(number);
      assert.equal(await count(), number);
    }
    isReading = false;
    await Promise.all(others);
  },
);
