import assert from "node:assert/strict";
import { test } from "node:test";

import { detectFormat, isUrl } from "../../src/imports/format.ts";
import { readRecords } from "../../src/imports/read-records.ts";
import { read } from "./read.ts";

test("TXT: each line that is not blank is a task, with its spaces", async () => {
  const records = [
    [1, "one"],
    [3, "  two, é😀 "],
    [5, "three"],
  ];
  for (const chunk of [1, 2, 1000])
    assert.deepEqual(await read("\uFEFFone\n\n  two, é😀 \r\n \nthree", "txt", chunk), { records });
});

const notUtf8: [bytes: number[], what: string][] = [
  [[0xe9], "Latin-1"],
  [[0xc3, 0x28], "a broken character"],
  [[0x80, 0x80, 0x80, 0x80], "middles of characters"],
  [[0xe2, 0x82], "half a character"],
];

for (const [bytes, what] of notUtf8)
  for (const end of ["", "\nend"])
    test(`any format: ${what} ${end ? "inside" : "at the end"} is refused with its line`, async () => {
      const content = Buffer.concat([Buffer.from('a\né"\n'), Buffer.from(bytes), Buffer.from(end)]);
      for (const chunk of [1, 2, 1000]) {
        const result = await read(content, "txt", chunk);
        assert.equal(result.line, 3);
        assert.match(result.message ?? "", /UTF-8/);
      }
    });

test("any format: text may come as strings, and an error of the stream comes through", async () => {
  async function* texts() {
    yield "on";
    yield "e\ntwo";
  }
  const values = [];
  for await (const list of readRecords(texts(), "txt")) values.push(...list.map(({ value }) => value));
  assert.deepEqual(values, ["one", "two"]);

  async function* broken(): AsyncGenerator<string> {
    yield "a,b\n1,2\n";
    throw new Error("the disk is gone");
  }
  for (const format of ["json", "csv", "txt"] as const)
    await assert.rejects(
      async () => {
        for await (const _ of readRecords(broken(), format));
      },
      format === "json" ? /starts with/ : /the disk is gone/,
    );
});

test("any format: a reader that stops early closes the stream", async () => {
  for (const format of ["jsonl", "csv", "tsv", "txt"] as const) {
    let closed = false;
    let chunks = 0;
    async function* manyChunks() {
      try {
        while (chunks < 100_000) {
          chunks++;
          yield Buffer.from("1\n2\n");
        }
      } finally {
        closed = true;
      }
    }
    for await (const _ of readRecords(manyChunks(), format)) break;
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(closed, format);
    assert.ok(chunks < 100_000, `${format}: ${chunks} chunks were read`);
  }
});

test("any format: reading a large file yields to the event loop", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  async function* large() {
    yield Buffer.from("a line\n".repeat(100_000));
  }
  for await (const _ of readRecords(large(), "txt"));
  clearInterval(timer);
  assert.ok(turns >= 2, `${turns} turns`);
});

const formats: [name: string, content: string | number[], format: string | undefined][] = [
  ["a.json", "", "json"],
  ["a.b.JSONL", "", "jsonl"],
  ["a.ndjson", "", "jsonl"],
  ["a.csv", "[1]", "csv"],
  ["a.tsv", "", "tsv"],
  ["a.txt", "a,b", "txt"],
  ["tasks", ' \uFEFF\n[{"a": 1}]', "json"],
  ["tasks", '{"a": 1}', "json"],
  ["tasks", '{\n"a": 1}', "json"],
  ["tasks", '{"a": 1}\n{"a": 2}', "jsonl"],
  ["tasks", "a\tb\n1,2\t3", "tsv"],
  ["tasks", "a;b\n1;2", "csv"],
  ["tasks", "one line\nanother, with comma", "txt"],
  ["tasks", "cut in a character: é".slice(0, -1), "txt"],
  ["tasks", [0x61, 0xc3], "txt"],
  ["tasks", "", undefined],
  ["picture", [0x89, 0x50, 0x4e, 0x47, 0, 0], undefined],
];

for (const [name, content, format] of formats)
  test(`format: ${name} with ${JSON.stringify(content)} is ${format ?? "none"}`, () => {
    assert.equal(detectFormat(name, Buffer.from(content as string)), format);
  });

test("format: a URL is distinguished from tasks", () => {
  for (const address of ["http://example.com/a.json", " HTTPS://example.com ", "s3://bucket/key"])
    assert.ok(isUrl(address), address);
  for (const other of ['[{"a": "http://example.com"}]', "a text: //", "see http://example.com", "", 5, null])
    assert.ok(!isUrl(other), String(other));
});
