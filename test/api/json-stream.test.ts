import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";

import { jsonArray, jsonObject } from "../../src/api/json-stream.ts";
import { RawJson } from "../../src/common/raw-json.ts";

const long = { data: "x".repeat(40_000) };

async function* batches(...lists: unknown[][]): AsyncGenerator<unknown[]> {
  for (const list of lists) yield list;
}

/** Yields one batch, then fails. */
async function* failing(first: unknown[]): AsyncGenerator<unknown[]> {
  yield first;
  throw new Error("The database is gone.");
}

test("json lists: a short one is a text, whose length the answer can say", async () => {
  const list = await jsonArray(batches([1, new RawJson("2.0")], [], [{ a: null }]));

  assert.ok(list instanceof RawJson);
  assert.equal(list.text, '[1,2.0,{"a":null}]');
});

test("json lists: an empty one is brackets", async () => {
  assert.deepEqual(await jsonArray(batches([])), new RawJson("[]"));
  assert.deepEqual(await jsonObject({ total: 0 }, "tasks", batches()), new RawJson('{"total":0,"tasks":[]}'));
});

test("json lists: a long one is a stream of the same text", async () => {
  const list = await jsonObject({ total: 3 }, "tasks", batches([long], [long], [1]));

  assert.ok(list instanceof Readable);
  assert.equal(await text(list), JSON.stringify({ total: 3, tasks: [long, long, 1] }));
});

test("json lists: what fails while the list is short is thrown, and can become an answer", async () => {
  await assert.rejects(jsonArray(failing([1])), /The database is gone/);
});

test("json lists: what fails later is an error of the stream", async () => {
  const list = await jsonArray(failing([long, long]));

  assert.ok(list instanceof Readable);
  await assert.rejects(text(list), /The database is gone/);
});
