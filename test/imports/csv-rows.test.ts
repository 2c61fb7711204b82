import assert from "node:assert/strict";
import { test } from "node:test";

import { findNumberColumns, withNumbers } from "../../src/imports/csv-rows.ts";
import { readRecords } from "../../src/imports/read-records.ts";
import { file, read } from "./read.ts";

test("CSV: rows are named by the first line and numbered by where they begin, however they are cut", async () => {
  const content = '\uFEFFtext,n\r\none,1\r\n\r\n"two\r\nlines, é😀",2\n"say ""x""",\nlast,4';
  const records = [
    [2, { text: "one", n: "1" }],
    [4, { text: "two\r\nlines, é😀", n: "2" }],
    [6, { text: 'say "x"', n: "" }],
    [7, { text: "last", n: "4" }],
  ];
  for (const chunk of [1, 2, 3, 7, 1000]) assert.deepEqual(await read(content, "csv", chunk), { records });
});

test("CSV: a semicolon separates when the first line has more of those than commas", async () => {
  assert.deepEqual(await read("a;b,c;d\n1;2,2;3\n", "csv"), { records: [[2, { a: "1", "b,c": "2,2", d: "3" }]] });
  assert.deepEqual(await read("a;b,c\n1,2\n", "csv"), { records: [[2, { "a;b": "1", c: "2" }]] });
});

test("TSV: a tab separates, commas don't", async () => {
  assert.deepEqual(await read('a\tb\n1,5\t"x\ty"\n', "tsv"), { records: [[2, { a: "1,5", b: "x\ty" }]] });
});

test("CSV: old Mac line ends are read, a column without name is counted, odd names are names", async () => {
  assert.deepEqual(await read("a,b\r1,2\r3,4", "csv"), {
    records: [
      [2, { a: "1", b: "2" }],
      [3, { a: "3", b: "4" }],
    ],
  });
  assert.deepEqual(await read(",b\n0,1\n", "csv"), { records: [[2, { "Unnamed: 0": "0", b: "1" }]] });
  const { records } = await read("__proto__,b\n0,1\n", "csv");
  assert.equal(JSON.stringify(records), '[[2,{"__proto__":"0","b":"1"}]]');
});

const broken: [content: string, line: number, message: RegExp][] = [
  ["", 1, /file is empty/],
  ["a,b\n1,2\n\n3\n", 4, /has 1 column, the first line has 2 columns/],
  ['a,b\n"x\r\ny",2\n3,4,5\n', 4, /has 3 columns, the first line has 2 columns/],
  ['a,b\n1,2\n3,"4\n5,6\n', 3, /never closes/],
  ['a,b\n1,2\n\n3,4"5\n', 4, /quote inside a value/],
  ['a,b\n1,"2"x\n', 2, /quote inside a value/],
  ["a,b,a\n1,2,3\n", 1, /named "a"/],
];

for (const [content, line, message] of broken)
  test(`CSV: ${JSON.stringify(content)} is refused with its line and what to do`, async () => {
    const result = await read(content, "csv");
    assert.equal(result.line, line);
    assert.match(result.message ?? "", message);
  });

test("CSV: columns of numbers can be made numbers, codes and empty values stay text", async () => {
  const content = "n,f,code,mixed,empty,long\n1,-0.50,007,1,,12345678901234567\n,2,8,x,,2\n";
  const columns = await findNumberColumns(readRecords(file(content), "csv"));
  assert.deepEqual([...columns], ["n", "f"]);
  const { records } = await read(content, "csv");
  const rows = records.map(([, value]) => withNumbers(value as Record<string, string>, columns));
  assert.deepEqual(rows, [
    { n: 1, f: -0.5, code: "007", mixed: "1", empty: "", long: "12345678901234567" },
    { n: "", f: 2, code: "8", mixed: "x", empty: "", long: "2" },
  ]);
});
