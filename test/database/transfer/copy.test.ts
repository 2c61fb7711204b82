import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { migrations } from "../../../migrations/index.ts";
import { copyDatabase } from "../../../src/database/transfer/copy.ts";
import { DatabaseError } from "../../../src/database/errors.ts";
import { copyTo, dataTables, allRows, fillEveryTable } from "../../support/copying.ts";
import { newFile, newSource, openAt, person, silentOptions, withSource } from "../../support/copying.ts";
import { emptyLocation, locationWithSchema } from "../../support/database.ts";

/* From SQLite to the database that the tests run on, and back to SQLite. */

test("copy: every table of the schema goes there and back with its rows", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  const [middle, back] = [await emptyLocation(t), newFile(t)];

  const copied = await copyTo(location, middle);
  await copyTo(middle, back);

  const names = await dataTables(database);
  assert.deepEqual(
    Object.fromEntries(copied.target.map((sum) => [sum.table, sum.rows])),
    Object.fromEntries(names.map((name) => [name, 1])),
  );
  assert.deepEqual(copied.target, copied.source);
  const before = await allRows(database);
  assert.equal(Object.keys(before).length, names.length);
  assert.deepEqual(await allRows(await openAt(t, middle)), before);
  assert.deepEqual(await allRows(await openAt(t, back)), before);
});

test("copy: texts, numbers, bytes, true and false arrive to the last bit", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  const texts = [
    "",
    "Ünï\u{1F9EA}\u{10FFFF}",
    "e\u0301 שלום \u202E",
    "'\"\\ \r\n\t",
    "z",
    "Z",
    "\uFFFD",
    "\uFFFF",
    "\u{10000}",
  ];
  for (const [at, word] of texts.entries())
    await database("users").insert({
      ...person(`${at}@example.com`),
      first_name: word,
      allow_newsletters: [null, true, false][at % 3],
    });
  await database("user_search_terms").insert(texts.map((term) => ({ term, user_id: 1 })));
  await database("avatars").update({ image: Buffer.from(Array.from({ length: 256 }, (_, at) => at)) });
  await database("avatars").insert({ name: "", user_id: 2, type: "", image: Buffer.alloc(0), created_at: "" });
  const [annotation] = await database("annotations");
  for (const [at, lead_time] of [-0, 5e-324, -1.7976931348623157e308, 1e21, 0.1 + 0.2, 2 ** 60, null].entries())
    await database("annotations").insert({ ...annotation, id: at + 2, unique_id: `annotation ${at}`, lead_time });
  await database.raw("update annotations set import_id = 9223372036854775807 where id = 2");
  const [middle, back] = [await emptyLocation(t), newFile(t)];

  await copyTo(location, middle);
  await copyTo(middle, back);

  const [there, here] = [await allRows(await openAt(t, middle)), await allRows(await openAt(t, back))];
  assert.deepEqual(there, await allRows(database));
  assert.deepEqual(here, there);
  const returned = await openAt(t, back);
  const [{ digits }] = await returned("annotations")
    .where({ id: 2 })
    .select(returned.raw("cast(import_id as text) as digits"));
  assert.equal(digits, "9223372036854775807");
});

test("copy: many rows and large ones come in pieces, and those that refer to later rows, too", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  const attempts = Array.from({ length: 1203 }, (_, at) => ({
    key: `k${at}`,
    failures: at,
    window_started_at: "",
    last_failed_at: "",
    blocked_until: "",
  }));
  await database.batchInsert("login_attempts", attempts, 200);
  const [task] = await database("tasks");
  for (const id of [2, 3, 4])
    await database("tasks").insert({ ...task, id, inner_id: id, data: "x".repeat(1_500_000) });
  const [annotation] = await database("annotations");
  await database("annotations").insert({ ...annotation, id: 1200, unique_id: "last", parent_annotation_id: null });
  await database("annotations").update({ parent_annotation_id: 1200 });
  const middle = await emptyLocation(t);
  const pieces: number[] = [];

  await withSource(location, (source) =>
    copyDatabase(source, middle, {
      ...silentOptions,
      onProgress: ({ name, done }) => void (name === "Copying" && pieces.push(done)),
    }),
  );

  assert.deepEqual(await allRows(await openAt(t, middle)), await allRows(database));
  assert.equal(pieces.length, (await dataTables(database)).length + 3);
});

test("copy: new rows get ids that no row has or had", async (t) => {
  const { location, database } = await newSource(t);
  await database("users").insert([person("a@example.com"), person("b@example.com"), person("c@example.com")]);
  await database("users").where({ id: 3 }).delete();
  await database("sessions").insert({
    digest: "d",
    data: "",
    user_agent: "",
    created_at: "",
    last_seen_at: "",
    expires_at: "",
  });
  await database("sessions").delete();
  const [middle, back] = [await emptyLocation(t), newFile(t)];

  await copyTo(location, middle);
  await copyTo(middle, back);

  for (const copy of [middle, back]) {
    const opened = await openAt(t, copy);
    await opened("users").insert(person("d@example.com"));
    assert.deepEqual(await opened("users").orderBy("id").pluck("id"), [1, 2, 4]);
    await opened("sessions").insert({
      digest: "d",
      data: "",
      user_agent: "",
      created_at: "",
      last_seen_at: "",
      expires_at: "",
    });
    assert.deepEqual(await opened("sessions").pluck("id"), [2]);
  }
});

test("copy: what is written meanwhile is not in it, and nobody has to wait", async (t) => {
  const { location, database } = await newSource(t);
  await database("users").insert(person("before@example.com"));
  const middle = await emptyLocation(t);

  await withSource(location, async (source) => {
    await database("users").insert(person("meanwhile@example.com"));
    await copyDatabase(source, middle, silentOptions);
  });

  assert.deepEqual(await (await openAt(t, middle))("users").pluck("email"), ["before@example.com"]);
});

test("copy: what holds the schema and the note of a start is empty, and gets the schema that was copied, brought up to date", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  const last = migrations.at(-1);
  assert.ok(last);
  await last.down(database);
  await database("knex_migrations").where({ name: last.name }).delete();
  await database("users").insert(person("old@example.com"));
  const middle = await locationWithSchema(t);
  const target = await openAt(t, middle);
  await target("installation").insert({ id: 1, key_digest: "of the start", created_at: "" });

  await copyTo(location, middle);

  assert.equal((await target("knex_migrations")).length, migrations.length);
  assert.equal((await target("users").where({ email: "old@example.com" })).length, 1);
  assert.equal((await target("installation").where({ key_digest: "of the start" })).length, 0);
  assert.equal((await database("knex_migrations")).length, migrations.length - 1);
});

test("copy: one that holds anything is refused in one line, and left as it is", async (t) => {
  const { location } = await newSource(t);
  const middle = await locationWithSchema(t);
  const target = await openAt(t, middle);
  await target("login_attempts").insert({
    key: "k",
    failures: 1,
    window_started_at: "",
    last_failed_at: "",
    blocked_until: "",
  });
  const before = await allRows(target);

  await assert.rejects(
    copyTo(location, middle),
    refused(/^\S+ is not empty, and was left as it is \(it holds rows in login_attempts\)/),
  );

  assert.deepEqual(await allRows(target), before);
});

test("copy: one of another program is refused, with rows or without", async (t) => {
  const { location } = await newSource(t);
  const middle = await emptyLocation(t);
  const target = await openAt(t, middle);
  await target.schema.createTable("users", (table) => table.increments("id"));

  await assert.rejects(copyTo(location, middle), refused(/tables of another program, such as users/));

  assert.deepEqual(await dataTables(target), ["users"]);
});

test("copy: one that a newer version has made is refused by name, to copy from and to copy to", async (t) => {
  const { location, database } = await newSource(t);
  const newer = { name: "29991231000000_from_the_future", batch: 2, migration_time: new Date(0) };
  await database("knex_migrations").insert(newer);
  const middle = await locationWithSchema(t);
  const target = await openAt(t, middle);
  await target("knex_migrations").insert(newer);

  await assert.rejects(copyTo(location, newFile(t)), refused(/newer version .*29991231000000_from_the_future/));
  await assert.rejects(
    copyTo((await newSource(t)).location, middle),
    refused(/a schema that this version doesn't know/),
  );
});

test("copy: a row that refers to nothing is named, and nothing stays where it was copied to", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  await database.raw("PRAGMA foreign_keys = OFF");
  await database("annotations").update({ parent_annotation_id: 77 });
  const [middle, file] = [await emptyLocation(t), newFile(t)];

  for (const target of [middle, file])
    await assert.rejects(
      copyTo(location, target),
      refused(/refers to one that is not there \(annotations.*: nothing was copied\.$/s),
    );

  assert.deepEqual(readdirSync(path.dirname(file.file)), []);
  if (middle.client === "sqlite3") assert.equal(existsSync(middle.file), false);
  else assert.deepEqual(await dataTables(await openAt(t, middle)), []);
});

test("copy: one that is stopped leaves nothing, also of a database that had the schema", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  const middle = await locationWithSchema(t);
  const target = await openAt(t, middle);
  const before = await allRows(target);
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }) => void (done === 9 && stop.abort(new Error("Stopped.")));

  const copying = withSource(location, (source) =>
    copyDatabase(source, middle, { ...silentOptions, onProgress, signal: stop.signal }),
  );

  await assert.rejects(copying, /^Error: Stopped\.$/);
  assert.deepEqual(await allRows(target), before);
});

function refused(message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof DatabaseError, String(error));
    assert.match(error.message, message);
    return true;
  };
}
