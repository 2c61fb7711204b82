import assert from "node:assert/strict";
import { test } from "node:test";

import { readRecords } from "../../src/imports/read-records.ts";
import { file, read } from "./read.ts";

test("JSON: a list gives its tasks with the lines they begin in, however it is cut", async () => {
  const content = '\uFEFF [\n{"text": "a]},\\"\\\\"},\r\n\n  {"text":\n["é😀", {"n": [1, 2]}]}, 5 , "x,]"\n]\n';
  const records = [
    [2, { text: 'a]},"\\' }],
    [4, { text: ["é😀", { n: [1, 2] }] }],
    [5, 5],
    [5, "x,]"],
  ];
  for (const chunk of [1, 2, 3, 7, 1000]) assert.deepEqual(await read(content, "json", chunk), { records });
});

test("JSON: one object is one task, and an empty list none", async () => {
  assert.deepEqual(await read('\n{"data": {"text": "a"}}\n', "json"), { records: [[2, { data: { text: "a" } }]] });
  assert.deepEqual(await read(" [ ] ", "json"), { records: [] });
});

test("JSON: each task comes with its text, to the letter", async () => {
  const texts = [];
  for await (const list of readRecords(file('[ {"2": 1.0,  "1": 12345678901234567890} ]'), "json"))
    texts.push(...list.map(({ text }) => text));
  assert.deepEqual(texts, ['{"2": 1.0,  "1": 12345678901234567890}']);
});

const broken: [content: string, line: number, message: RegExp, tasksBefore?: number][] = [
  ["", 1, /file is empty/],
  ["  \n ", 2, /file is empty/],
  ["text", 1, /starts with \[/],
  ['"text"', 1, /starts with \[/],
  ['[{"a": 1},\n{"a": 2}', 2, /Add \]/, 2],
  ['[{"a": 1},\n', 2, /Add \]/, 1],
  ['[{"a": 1},\n{"a": [2}\n]', 2, /not valid JSON/, 1],
  ['[\n{"a": "b}\n]', 2, /ends inside the task/],
  ['{"a": 1', 1, /ends inside the task/],
  ["[1,\n]", 2, /no task before this \]/, 1],
  ["[,1]", 1, /no task before this ,/],
  ["[1,\n,2]", 2, /no task before this ,/, 1],
  ['[\n{"a": tru}]', 2, /not valid JSON/],
  ["[\n{]]", 2, /not valid JSON/],
  ["[1}]", 1, /not valid JSON/],
  ["[1 2]", 1, /not valid JSON/],
  ["[1]\n[2]", 2, /inside one list/, 1],
  ['{"a": 1}\n{"a": 2}', 2, /\.jsonl/, 1],
];

for (const [content, line, message, tasksBefore = 0] of broken)
  test(`JSON: ${JSON.stringify(content)} is refused with its line and what to do`, async () => {
    const result = await read(content, "json");
    assert.equal(result.line, line);
    assert.match(result.message ?? "", message);
    assert.equal(result.records.length, tasksBefore);
  });

test("JSON: a task that would fill the memory is refused", async () => {
  const result = await read(`[1,\n"${"x".repeat(17 * 1024 * 1024)}"]`, "json", 64 * 1024);
  assert.equal(result.line, 2);
  assert.match(result.message ?? "", /longer than 16 MB/);
});

test("JSON lines: each line that is not blank is a task", async () => {
  const content = '{"a": 1}\r\n\n  {"a": 2}\n[3]';
  const records = [
    [1, { a: 1 }],
    [3, { a: 2 }],
    [4, [3]],
  ];
  assert.deepEqual(await read(content, "jsonl"), { records });

  const result = await read('{"a": 1}\n{"a": 2},\n', "jsonl");
  assert.equal(result.line, 2);
  assert.match(result.message ?? "", /not valid JSON/);
});
