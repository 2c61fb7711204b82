import assert from "node:assert/strict";
import { test } from "node:test";

import { writeExport } from "../../src/exports/write-export.ts";
import {
  exportFileName,
  exportFormats,
  exportContentType,
  isExportFormat,
} from "../../src/presenters/export-formats.ts";
import type { ExportFormat } from "../../src/repositories/jobs/export-conversions.ts";
import { cells, controls, exportTasks, result, task, withoutLabels } from "./export.ts";

const good = task(13, { text: "good" }, { id: 8, result: [result("label", { choices: ["pos"] })] });
const bare = task(14, { text: "unlabelled" });
const timestamps = { created_at: "2026-11-22T10:49:31.060364Z", updated_at: "2026-11-22T10:49:31.060403Z" };
const noAnnotation = { annotator: null, annotation_id: null, created_at: null, updated_at: null, lead_time: null };

test("export: JSON is the tasks as they are", async () => {
  assert.deepEqual(JSON.parse(await exportTasks("JSON", [good, bare])), [good, bare]);
  assert.equal(await exportTasks("JSON", []), "[]");
});

test("export: JSON_MIN is a flat record for each annotation, and for a task without any", async () => {
  assert.deepEqual(JSON.parse(await exportTasks("JSON_MIN", [good, bare])), [
    { text: "good", id: 13, label: "pos", annotator: 1, annotation_id: 8, ...timestamps, lead_time: 1.5 },
    { text: "unlabelled", id: 14, ...noAnnotation },
  ]);
  assert.deepEqual(JSON.parse(await exportTasks("JSON_MIN", [])), []);
});

test("export: CSV and TSV sort their columns and quote all but numbers", async () => {
  const columns = ["annotation_id", "annotator", "created_at", "id", "label", "lead_time", "text", "updated_at"];
  const row = ["8", '"1"', `"${timestamps.created_at}"`, "13", '"pos"', "1.5", '"good"', `"${timestamps.updated_at}"`];
  const empty = ['""', '""', '""', "14", '""', '""', '"unlabelled"', '""'];
  for (const [format, separator] of [
    ["CSV", ","],
    ["TSV", "\t"],
  ] as const) {
    const lines = [columns.map((name) => `"${name}"`), row, empty].map((line) => `${line.join(separator)}\r\n`);
    assert.equal(await exportTasks(format, [good, bare]), lines.join(""));
  }
  assert.equal(await exportTasks("CSV", []), '"annotation_id","annotator","created_at","lead_time","updated_at"\r\n');
});

test("export: the newest annotation comes first, cancelled ones not at all", async () => {
  const exportedTask = task(
    1,
    {},
    { created_at: "2026-01-01T00:00:00Z" },
    { created_at: "2026-01-03T00:00:00Z" },
    { created_at: "2026-01-02T00:00:00Z", was_cancelled: true },
    { created_at: "2026-01-03T00:00:00Z" },
  );
  const records = JSON.parse(await exportTasks("JSON_MIN", [exportedTask, task(2, {}, { was_cancelled: true })]));
  assert.deepEqual(
    records.map((record: { annotation_id: number }) => record.annotation_id),
    [2, 4, 1],
  );
});

const annotators: [completed_by: number | object | null, min: unknown, cell: string][] = [
  [3, 3, '"3"'],
  [{ id: 3, email: "a@example.com" }, "a@example.com", '"a@example.com"'],
  [{ id: 3 }, null, '""'],
  [null, null, '""'],
];

for (const [completed_by, min, cell] of annotators)
  test(`export: an annotation by ${JSON.stringify(completed_by)} is ${cell}'s`, async () => {
    const exportedTask = task(1, {}, { completed_by });
    assert.equal(JSON.parse(await exportTasks("JSON_MIN", [exportedTask]))[0].annotator, min);
    assert.equal((await cells(exportedTask)).annotator, cell);
  });

const values: [value: unknown, cell: string][] = [
  ['a "b", c\nd\r\n', '"a ""b"", c\nd\r\n"'],
  ["é😀/", '"é😀/"'],
  ["", '""'],
  [null, '""'],
  [true, "True"],
  [false, "False"],
  [-7, "-7"],
  [0.1, "0.1"],
  [1e15, "1000000000000000"],
  [0.0001, "0.0001"],
  [0.00001234, "1.234e-05"],
  [3e-9, "3e-09"],
  [1.5e17, "1.5e+17"],
  [[1, "a/b", null], '"[1,""a\\/b"",null]"'],
  [{ k: { l: [] } }, '"{""k"":{""l"":[]}}"'],
];

for (const [value, cell] of values)
  test(`export: ${JSON.stringify(value)} in the data is the cell ${JSON.stringify(cell)}`, async () => {
    assert.ok((await exportTasks("CSV", [task(1, { v: value })])).includes(`,${cell}\r\n`));
  });

test("export: seconds always have a fraction", async () => {
  for (const [lead_time, cell] of [
    [5, "5.0"],
    [0, "0.0"],
    [0.25, "0.25"],
    [null, '""'],
  ] as const)
    assert.equal((await cells(task(1, {}, { lead_time }))).lead_time, cell);
});

test("export: data that is named like an answer is renamed in every row, data named like a fixed column is left out", async () => {
  const tasks = [
    task(1, { label: "data", annotator: "data", id: 99 }, { result: [] }),
    task(2, {}, { result: [result("label", { choices: ["a"] })] }),
  ];
  const [names, first, second] = (await exportTasks("CSV", tasks)).split("\r\n");
  assert.equal(names, '"_data_label","annotation_id","annotator","created_at","id","label","lead_time","updated_at"');
  assert.match(first ?? "", /^"data",1,"1","[^"]*",99,"",/);
  assert.match(second ?? "", /^"",1,"1","[^"]*",2,"a",/);
});

test("export: columns are sorted by code points", async () => {
  const names = Object.keys(await cells(task(1, { "😀": 1, "\uFB00": 1, Z: 1, a: 1, ab: 1, é: 1 })));
  const fixed = ["annotation_id", "annotator", "created_at", "id", "lead_time", "updated_at"];
  assert.deepEqual(
    names.filter((name) => !fixed.includes(name)),
    ["Z", "a", "ab", "é", "\uFB00", "😀"],
  );
});

test("export: chunks are neither tiny nor large, whatever the number of tasks", async () => {
  async function* open() {
    for (let id = 1; id <= 5000; id++) yield [task(id, { text: "a few words of text" }, {})];
  }
  for (const name of ["JSON", "JSON_MIN", "CSV", "TSV"] as const) {
    const lengths = [];
    for await (const chunk of writeExport(name, open, withoutLabels(controls))) lengths.push(chunk.length);
    assert.ok(Math.max(...lengths) < 100_000, name);
    assert.ok(lengths.length > 3 && lengths.slice(0, -1).every((length) => length > 60_000), name);
  }
});

test("export: the formats are listed with Label Studio's names", () => {
  assert.deepEqual(
    exportFormats.map(({ name, title }) => [name, title]),
    [
      ["JSON", "JSON"],
      ["JSON_MIN", "JSON-MIN"],
      ["CSV", "CSV"],
      ["TSV", "TSV"],
      ["CONLL2003", "CONLL2003"],
      ["COCO", "COCO"],
      ["VOC", "Pascal VOC XML"],
      ["YOLO", "YOLO"],
      ["YOLO_OBB", "YOLOv8 OBB"],
      ["ASR_MANIFEST", "ASR Manifest"],
    ],
  );
  assert.ok(isExportFormat("JSON_MIN"));
  for (const other of ["json", "yolo", "BRUSH_TO_PNG", "", undefined, ["CSV"]]) assert.ok(!isExportFormat(other));
  assert.equal(exportContentType("TSV"), "text/tab-separated-values; charset=utf-8");
  assert.equal(exportContentType("COCO"), "application/zip");
});

test("export: a file is named after its project, minute and chance", () => {
  const name = (format: ExportFormat) => exportFileName(8, format, "2026-11-22T10:49:31.060364Z", "c685f5a7e9");
  assert.equal(name("JSON"), "project-8-at-2026-11-22-10-49-c685f5a7.json");
  assert.equal(name("JSON_MIN"), "project-8-at-2026-11-22-10-49-c685f5a7.json");
  assert.equal(name("CSV"), "project-8-at-2026-11-22-10-49-c685f5a7.csv");
  assert.equal(name("TSV"), "project-8-at-2026-11-22-10-49-c685f5a7.csv");
  assert.equal(name("CONLL2003"), "project-8-at-2026-11-22-10-49-c685f5a7.conll");
  assert.equal(name("YOLO"), "project-8-at-2026-11-22-10-49-c685f5a7.zip");
});
