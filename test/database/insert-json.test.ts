import assert from "node:assert/strict";
import { test } from "node:test";

import { insertAsJson } from "../../src/database/insert-json.ts";
import { onPostgres, openTestDatabase } from "../support/database.ts";
import type { TestHooks } from "../support/test-hooks.ts";

async function openValues(t: TestHooks) {
  const database = await openTestDatabase(t);
  for (const name of ["one", "other"])
    await database.schema.createTable(name, (table) => {
      table.increments("id");
      table.text("text");
      table.string("short", 300);
      table.bigInteger("whole");
      table.double("part");
      table.boolean("is_active");
      table.integer("number");
    });
  const typeOf = onPostgres ? "pg_typeof(??)::text" : "typeof(??)";
  const columns = ["text", "short", "whole", "part", "is_active", "number"];
  const stored = (name: string) =>
    database(name)
      .orderBy("id")
      .select("*", ...columns.map((column) => database.raw(`${typeOf} as ??`, [column, `${column}_type`])));
  return { database, stored };
}

const texts = [
  "",
  "null",
  '{"a": 1.0, "b":12345678901234567890, "c":"\\u0000 \\ud83d é😀 \\" \\\\ \\n"}',
  " ' \" \\ / \b \t \r\n \u2028 \u007f \ufeff \u{10ffff} é e\u0301 % $1 ? :name",
  "[1e400,-0,0.1,1E5]",
  "x".repeat(100_000),
];

test("insert as JSON: every value is stored as one that is bound, to the last bit, and of the same type", async (t) => {
  const { database, stored } = await openValues(t);
  const parts = [0.1, -1e-7, 5e-324, Number.MAX_VALUE, 1 / 3, 123_456_789.123_456_78, 2, 1e21, 0, null];
  for (let exponent = -300; exponent < 300; exponent += 7) parts.push(Math.PI * 10 ** exponent, 10 ** exponent / 3);
  const rows = parts.map((part, index) => ({
    text: texts[index % texts.length],
    short: index % 3 === 0 ? null : `${index}`,
    whole: index % 2 === 0 ? Number.MAX_SAFE_INTEGER - index : -index,
    part,
    is_active: [true, false, null][index % 3] ?? null,
    number: index,
  }));

  await database("one").insert(rows);
  await insertAsJson(database, "other", rows, { common: {} });

  assert.deepEqual(await stored("other"), await stored("one"));
});

test("insert as JSON: what is common to all rows is stored in each, and columns are returned", async (t) => {
  const { database } = await openValues(t);
  const common = { short: 'it\'s "common" \\ é', whole: 7, is_active: onPostgres ? true : 1, part: 0.5 };
  const rows = ["a", "b"].map((text, number) => ({ number, text }));

  const returned = await insertAsJson<{ id: number; text: string }>(database, "one", rows, {
    common,
    returning: ["id", "text"],
  });

  assert.deepEqual(
    returned.toSorted((one, other) => one.id - other.id),
    [
      { id: 1, text: "a" },
      { id: 2, text: "b" },
    ],
  );
  const stored = await database("one").orderBy("id").select("number", "text", "short", "whole", "is_active", "part");
  assert.deepEqual(
    stored.map((row) => ({ ...row, whole: Number(row.whole) })),
    rows.map((row) => ({ ...row, ...common, is_active: true })),
  );
});

test("insert as JSON: without rows nothing is asked of the database", async (t) => {
  const { database } = await openValues(t);
  const asked: string[] = [];
  database.on("query", ({ sql }: { sql: string }) => asked.push(sql));

  assert.deepEqual(await insertAsJson(database, "one", [], { common: {}, returning: ["id"] }), []);

  assert.deepEqual(asked, []);
});

test("insert as JSON: the statement is the same for any number of rows", async (t) => {
  const { database } = await openValues(t);
  const asked = new Set<string>();
  database.on("query", ({ sql }: { sql: string }) => asked.add(sql));

  for (const count of [1, 3, 2000])
    await insertAsJson(
      database,
      "one",
      Array.from({ length: count }, (_, number) => ({ number })),
      { common: { text: "x" } },
    );

  assert.equal(asked.size, 1);
  assert.equal(Number((await database("one").count({ rows: "*" }).first())?.rows), 2004);
});
