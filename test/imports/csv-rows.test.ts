import assert from "node:assert/strict";
import { test } from "node:test";

import { assumptionLog } from "../../src/imports/assumptions.ts";
import { numberColumnFinder, withNumbers } from "../../src/imports/csv-rows.ts";
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
  ['a,b\n1,2\n\n3,"4\n5"6\n', 4, /quote inside a value/],
  ['a,b\n1,"2\n3,4\n"5,6\n', 2, /quote inside a value/],
];

for (const [content, line, message] of broken)
  test(`CSV: ${JSON.stringify(content)} is refused with its line and what to do`, async () => {
    const result = await read(content, "csv");
    assert.equal(result.line, line);
    assert.match(result.message ?? "", message);
  });

test("CSV: columns of numbers can be made numbers, codes and empty values stay text", async () => {
  const content = "n,f,code,mixed,empty,long\n1,-0.50,007,1,,12345678901234567\n,2,8,x,,2\n";
  const { records } = await read(content, "csv");
  const values = records.map(([, value]) => value as Record<string, string>);
  const columns = numberColumnFinder();
  for (const row of values) columns.add(row);
  assert.deepEqual(columns.names(), ["n", "f"]);
  const rows = values.map((row) => withNumbers(row, new Set(columns.names())));
  assert.deepEqual(rows, [
    { n: 1, f: -0.5, code: "007", mixed: "1", empty: "", long: "12345678901234567" },
    { n: "", f: 2, code: "8", mixed: "x", empty: "", long: "2" },
  ]);
});

/** A file, what is read of it, and what is assumed. */
const meant: [what: string, format: "csv" | "tsv", content: string | Buffer, value: object, sentences: string[]][] = [
  [
    "a quote inside a value",
    "csv",
    'text,n\na 5" screen,1\n',
    { text: 'a 5" screen', n: "1" },
    ["The row in line 2 has quotes inside a value. They were kept."],
  ],
  [
    "a quote that begins a value of a TSV",
    "tsv",
    'text\tn\n"5" pipe\t1\n',
    { text: '"5" pipe', n: "1" },
    ["The row in line 2 has quotes inside a value. They were kept."],
  ],
  [
    "doubled quotes before text",
    "csv",
    'text,n\n"a ""b"" c" d,1\n',
    { text: '"a ""b"" c" d', n: "1" },
    ["The row in line 2 has quotes inside a value. They were kept."],
  ],
  [
    "columns of one name",
    "csv",
    "a,a,a.1,a\n1,2,3,4\n",
    { a: "1", "a.2": "2", "a.1": "3", "a.3": "4" },
    ["Several columns have one name: “a” became “a.2”, “a” became “a.3”."],
  ],
  [
    "Excel's line about the separator",
    "csv",
    'sep=|\r\na|b,c\r\n1|"2|3"\r\n',
    { a: "1", "b,c": "2|3" },
    ["Its line “sep=|” says what separates the columns, and is no task."],
  ],
  [
    "tabs in a .csv",
    "csv",
    "a\tb, c\td\n1\t2,3\t4\n",
    { a: "1", "b, c": "2,3", d: "4" },
    ["Tabs separate its columns."],
  ],
  ["semicolons in a .csv", "csv", "a;b\n1;2\n", { a: "1", b: "2" }, ["Semicolons separate its columns."]],
  [
    "UTF-16 with its mark",
    "tsv",
    Buffer.from("\uFEFFa\tb\r\né😀\t2\r\n", "utf16le"),
    { a: "é😀", b: "2" },
    ["It was read as UTF-16."],
  ],
  [
    "UTF-16 of the other order",
    "tsv",
    Buffer.from("\uFEFFa\tb\r\né😀\t2\r\n", "utf16le").swap16(),
    { a: "é😀", b: "2" },
    ["It was read as UTF-16."],
  ],
];

for (const [what, format, content, value, sentences] of meant)
  test(`CSV: ${what} is read as it is meant, and said`, async () => {
    for (const chunk of [1, 2, 3, 7, 1000]) {
      const { assume, sentences: said } = assumptionLog();
      const records = [];
      for await (const list of readRecords(file(content, chunk), format, assume))
        records.push(...list.map((record) => record.value));
      assert.deepEqual(records, [value]);
      assert.deepEqual(said(), sentences);
    }
  });

test("CSV: what is assumed of many rows and columns is told in few words", () => {
  const { assume, sentences } = assumptionLog();
  for (let number = 1; number <= 1500; number++) {
    assume({ kind: "quotes", line: number + 6 });
    assume({ kind: "column", name: "a", numbered: `a.${number}` });
  }

  const [columns = "", quotes] = sentences();

  assert.ok(columns.endsWith("“a” became “a.5”, and 1,495 more."));
  assert.equal(quotes, "1,500 rows have quotes inside a value, the first in line 7. They were kept.");
});

test("CSV: lines count on behind the separator's line, and UTF-16 that breaks off is refused with its line", async () => {
  assert.deepEqual(await read("sep=;\na;b\n1;2\n3\n", "csv"), {
    records: [[3, { a: "1", b: "2" }]],
    line: 4,
    message:
      "The row that begins here has 1 column, the first line has 2 columns. Put values that hold a separator or a line end in quotes.",
  });
  const cut = Buffer.from("\uFEFFa\n1\n2", "utf16le").subarray(0, -1);
  const { line, message } = await read(cut, "csv");
  assert.equal(line, 3);
  assert.match(message ?? "", /not UTF-16/);
});
