import assert from "node:assert/strict";
import { test } from "node:test";

import { selectAsJson } from "../../src/database/select-json.ts";
import { whereIdAmong } from "../../src/database/where-id-in.ts";
import { openTestDatabase } from "../support/database.ts";
import type { TestHooks } from "../support/test-hooks.ts";

const texts = [
  "",
  "null",
  '{"a": 1.0, "b":12345678901234567890, "c":"\\u0000 \\ud83d é😀 \\" \\\\ \\n"}',
  " ' \" \\ / \b \t \r\n \u2028 \u007f \u0001 \ufeff \u{10ffff} é e\u0301 % $1 ? :name",
  "x".repeat(100_000),
  null,
];

async function openTexts(t: TestHooks) {
  const database = await openTestDatabase(t);
  await database.schema.createTable("texts", (table) => {
    table.increments("id");
    table.text("text");
    table.integer("number");
  });
  await database("texts").insert(texts.map((text, number) => ({ text, number: number % 2 ? number : null })));
  return database;
}

test("select as JSON: texts, whole numbers and nulls are those that are stored", async (t) => {
  const database = await openTexts(t);
  const columns = { id: "texts.id", words: "texts.text", number: "texts.number" };

  const rows = await selectAsJson<{ id: number; words: string | null; number: number | null }>(
    database,
    database("texts"),
    columns,
  );

  const stored = await database("texts").select("id", "text as words", "number");
  const byId = (one: { id: number }, other: { id: number }) => one.id - other.id;
  assert.deepEqual(rows.sort(byId), stored.sort(byId));
  assert.deepEqual(await selectAsJson(database, database("texts").where("id", ">", 100), columns), []);
});

test("ids among many: those are found that are there, whatever their number, by one statement", async (t) => {
  const database = await openTexts(t);
  const asked = new Set<string>();
  database.on("query", ({ sql }: { sql: string }) => asked.add(sql));
  const find = async (ids: number[]) => {
    const query = database("texts").orderBy("id");
    whereIdAmong(database, query, "texts.id", ids);
    return query.pluck("id");
  };

  assert.deepEqual(await find([]), []);
  assert.deepEqual(await find([4, 2, 2, 99]), [2, 4]);
  assert.deepEqual(await find(Array.from({ length: 40_000 }, (_, id) => id)), [1, 2, 3, 4, 5, 6]);
  assert.equal(asked.size, 1);
});
