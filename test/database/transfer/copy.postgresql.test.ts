import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

import { copyDatabase } from "../../../src/database/transfer/copy.ts";
import type { PostgresLocation } from "../../../src/database/location.ts";
import {
  copyTo,
  dataTables,
  fillEveryTable,
  newFile,
  newSource,
  openAt,
  person,
  silentOptions,
  withSource,
} from "../../support/copying.ts";
import { lazyPostgresDatabase } from "../../support/database.ts";
import type { TestHooks } from "../../support/test-hooks.ts";

/* What only PostgreSQL refuses, or can do. */

async function newPostgres(t: TestHooks, contents: "empty" | "schema" = "empty"): Promise<PostgresLocation> {
  const { location, create } = lazyPostgresDatabase(t);
  await create(contents);
  return location;
}

const refusedValues: [what: string, values: object, message: RegExp][] = [
  [
    "a NUL character",
    { first_name: "A\0da" },
    /^A row of users can't be copied \(id 501: first_name holds a NUL character, which PostgreSQL can't keep\): put it right first\. Nothing was copied\.$/,
  ],
  [
    "a text that is too long",
    { phone: "1".repeat(257) },
    /\(id 501: value too long for type character varying\(256\)\)/,
  ],
  ["a text where a number belongs", { is_active: "perhaps" }, /\(id 501: invalid input syntax for type boolean/],
];

for (const [what, values, message] of refusedValues)
  test(`copy to PostgreSQL: ${what} is told with its table and row, and nothing is copied`, async (t) => {
    const { location, database } = await newSource(t);
    const people = Array.from({ length: 500 }, (_, at) => person(`${at}@example.com`));
    await database.batchInsert("users", [...people, { ...person("last@example.com"), ...values }], 100);
    const to = await newPostgres(t);

    await assert.rejects(copyTo(location, to), (error: Error) => {
      assert.match(error.message, message);
      return true;
    });

    assert.deepEqual(await dataTables(await openAt(t, to)), []);
  });

test("copy from PostgreSQL: what SQLite keeps as something else is a difference, and nothing stays", async (t) => {
  const from = await newPostgres(t, "schema");
  const database = await openAt(t, from);
  await fillEveryTable(database);
  await database.raw("update annotations set lead_time = 'NaN'");
  const to = newFile(t);

  await assert.rejects(
    copyTo(from, to),
    /The copy is not the same in annotations \(1 rows, [0-9a-f]{16} there, 1 rows, [0-9a-f]{16} here\): nothing was kept\.$/,
  );

  assert.equal(existsSync(to.file), false);
});

test("copy to PostgreSQL: the schema is the one that migrations make, with all its foreign keys", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  const [to, fresh] = [await newPostgres(t), await newPostgres(t, "schema")];

  await copyTo(location, to);

  const [found, expected] = await Promise.all([to, fresh].map(constraints));
  assert.ok(expected && expected.length > 50);
  assert.deepEqual(found, expected);

  async function constraints(location: PostgresLocation): Promise<object[]> {
    const opened = await openAt(t, location);
    return opened("pg_constraint")
      .whereRaw("connamespace = current_schema()::regnamespace")
      .orderBy(["conname", "conrelid"])
      .select("conname", opened.raw("conrelid::regclass::text as at, pg_get_constraintdef(oid) as definition"));
  }
});

test("copy to PostgreSQL: the same database by another address is found out", async (t) => {
  const from = await newPostgres(t, "schema");

  await assert.rejects(
    copyTo(from, { ...from, host: "localhost" }),
    /is the database to copy from\. Choose another one/,
  );
});

test("copy to PostgreSQL: a server that goes away in the middle leaves nothing, and is told in one line", async (t) => {
  const { location, database } = await newSource(t);
  await fillEveryTable(database);
  const to = await newPostgres(t);
  const target = await openAt(t, to);
  let killing: Promise<unknown> | undefined;
  const kill = async () => {
    const others = target("pg_stat_activity").whereRaw("datname = current_database() and pid <> pg_backend_pid()");
    await others.select(target.raw("pg_terminate_backend(pid)"));
  };

  const copying = withSource(location, (source) =>
    copyDatabase(source, to, { ...silentOptions, onProgress: ({ done }) => void (done === 9 && (killing ??= kill())) }),
  );

  await assert.rejects(
    copying,
    /The database postgresql:\S+ stopped answering \([^()\n]*(terminat|connection|ECONNRESET)[^()\n]*\): see that it runs, then run this again\. Nothing was copied\.$/,
  );
  await killing;
  assert.deepEqual(await dataTables(target), []);
});

test("copy to PostgreSQL: two copies at once into one database never mix", async (t) => {
  const sources = await Promise.all([newSource(t), newSource(t)]);
  for (const [at, { database }] of sources.entries()) await database("users").insert(person(`${at}@example.com`));
  const to = await newPostgres(t);

  const outcomes = await Promise.allSettled(sources.map(({ location }) => copyTo(location, to)));

  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assert.equal((await (await openAt(t, to))("users")).length, 1);
});
