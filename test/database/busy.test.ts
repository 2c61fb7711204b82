import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";

import { load } from "cheerio";
import type { Knex } from "knex";

import { openDatabase } from "../../src/database/open.ts";
import { inTransaction } from "../../src/database/transaction.ts";
import { startApp } from "../support/app.ts";
import { breakChanges } from "../support/broken.ts";
import { locationWithSchema, onPostgres } from "../support/database.ts";

const onSqlite = { skip: onPostgres && "only SQLite locks the whole file" };

/** A server, signed in to, and another program that writes to its database. */
async function start(t: TestContext) {
  const location = await locationWithSchema(t);
  const [database, other] = [openDatabase(location, { connections: 1 }), openDatabase(location)];
  t.after(async () => {
    await database.destroy();
    await other.destroy();
  });
  const { signedIn } = await startApp(t, {}, database);
  const person = await signedIn();
  // The first request of a person is a write of its own: it notes their activity.
  await person.browser.get("/user/account/personal-info").expect(200);
  return { ...person, database, other };
}

const profile = { first_name: "Ada", last_name: "Lovelace", phone: "" };

test("busy: a transaction reads before it writes, and another program waits for its end", onSqlite, async (t) => {
  const { user, database, other } = await start(t);
  let otherWrite: Promise<unknown> | undefined;

  await inTransaction(database, async (transaction) => {
    await transaction("users").where({ id: user.id }).first();
    otherWrite = Promise.resolve(other("users").where({ id: user.id }).update({ phone: "1" }));
    await setTimeout(50);
    await transaction("users").where({ id: user.id }).update({ first_name: "Ada" });
  });
  await otherWrite;

  const saved: object = await database("users").where({ id: user.id }).first("first_name", "phone");
  assert.deepEqual({ ...saved }, { first_name: "Ada", phone: "1" });
});

test("busy: a change waits for another program's write", async (t) => {
  const { browser, user, database, other } = await start(t);
  const write = await other.transaction();
  await write("users").where({ id: user.id }).update({ phone: "1" });

  const saving = Promise.resolve(browser.post("/user/account/").type("form").send(profile));
  const hotkeys = Promise.resolve(browser.patch("/api/current-user/hotkeys/").send({ custom_hotkeys: {} }));
  await setTimeout(100);
  await write.commit();

  assert.deepEqual([(await saving).status, (await hotkeys).status], [303, 200]);
  const saved: { first_name: string } = await database("users").where({ id: user.id }).first("first_name");
  assert.equal(saved.first_name, "Ada");
});

test("busy: who waited for too long is told so with 503 and Retry-After, and nothing is changed", async (t) => {
  const { browser, user, database, other } = await start(t);
  await database.raw(onPostgres ? "set lock_timeout = 20" : "PRAGMA busy_timeout = 20");
  const write = await other.transaction();
  await write("users").where({ id: user.id }).update({ phone: "1" });

  const page = await browser.post("/user/account/").type("form").send(profile);
  const answer = await browser.patch("/api/current-user/hotkeys/").send({ custom_hotkeys: {} });
  await write.rollback();

  assert.deepEqual([page.status, page.headers["retry-after"]], [503, "5"]);
  assert.equal(load(page.text)("h1").text(), "The database is busy");
  assert.deepEqual([answer.status, answer.headers["retry-after"]], [503, "5"]);
  assert.match(
    (answer.body as { detail: string }).detail,
    /^The database is busy\. Nothing was changed\. Wait a moment/,
  );
  assert.equal(await firstName(database, user.id), "");
});

test("full: a change that finds no space is answered with 507, which says what to do", async (t) => {
  const { browser, database } = await start(t);
  const project = (await browser.post("/api/projects/").send({ title: "Large" })).body as { id: number };
  await fillDisk(database);
  const text = "x".repeat(900_000);

  const page = await browser.post(`/projects/${project.id}/import`).field("text", text).field("format", "text");
  const answer = await browser.post("/api/tasks/").send({ project: project.id, data: { text } });

  assert.deepEqual([page.status, answer.status], [507, 507]);
  assert.equal(load(page.text)("h1").text(), "The server’s disk is full");
  assert.match(
    (answer.body as { detail: string }).detail,
    /^The server's disk is full\. Nothing was changed\. Tell the person/,
  );
  const { count } = (await database("tasks").count({ count: "*" }).first()) as { count: number | string };
  assert.equal(Number(count), 0);
});

/** SQLite's file may not grow any more; PostgreSQL's disk can't be filled here, so it refuses rows as it then does. */
async function fillDisk(database: Knex): Promise<void> {
  if (onPostgres) {
    for (const table of ["stored_file_chunks", "tasks"]) await breakChanges(database, "insert", table, "disk_full");
    return;
  }
  const [{ page_count }] = (await database.raw("PRAGMA page_count")) as [{ page_count: number }];
  await database.raw(`PRAGMA max_page_count = ${page_count}`);
}

async function firstName(database: Knex, id: number): Promise<string> {
  const user = await database("users").where({ id }).first<{ first_name: string }>("first_name");
  return user.first_name;
}

test(
  "full: a transaction that SQLite has rolled back by itself fails with the cause, and the next one succeeds",
  onSqlite,
  async (t) => {
    const { database, user } = await start(t);
    const [{ page_count }] = (await database.raw("PRAGMA page_count")) as [{ page_count: number }];
    const fill = (connection: Knex) =>
      connection("users")
        .where({ id: user.id })
        .update({ custom_hotkeys: "x".repeat(1_000_000) });
    await database.raw(`PRAGMA max_page_count = ${page_count}`);

    await assert.rejects(inTransaction(database, fill), { code: "SQLITE_FULL" });
    await assert.rejects(
      inTransaction(database, async (transaction) => inTransaction(transaction, fill)),
      { code: "SQLITE_FULL" },
    );

    await database.raw("PRAGMA max_page_count = 1000000");
    await inTransaction(database, fill);
  },
);

test("full: a task that finds no place is answered with 507 and what to do", onSqlite, async (t) => {
  const { browser, database } = await start(t);
  const project = await browser.post("/api/projects/").send({ title: "Large" }).expect(201);
  const [{ page_count }] = (await database.raw("PRAGMA page_count")) as [{ page_count: number }];
  await database.raw(`PRAGMA max_page_count = ${page_count}`);

  const task = { project: project.body.id, data: { text: "x".repeat(500_000) } };
  const answer = await browser.post("/api/tasks/").send(task);

  assert.equal(answer.status, 507);
  assert.match(answer.body.detail, /disk is full/);
});
