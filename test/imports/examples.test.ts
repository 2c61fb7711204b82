import assert from "node:assert/strict";
import { test } from "node:test";

import { importExamples } from "../../src/imports/examples.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { checkTaskData } from "../../src/label-config/task-data.ts";
import { read } from "./read.ts";

const control = '<Choices name="c" toName="a"><Choice value="x"/></Choices>';

const configs: [what: string, tags: string, formats: string[]][] = [
  ["one text", '<Text name="a" value="$text"/>', ["json", "jsonl", "csv", "tsv", "txt"]],
  ["two texts", '<Text name="a" value="$text"/><Text name="b" value="$other"/>', ["json", "jsonl", "csv", "tsv"]],
  ["names with separators", '<Text name="a" value="$a, b"/>', ["json", "jsonl", "csv", "tsv", "txt"]],
  [
    "a text within an object",
    '<Text name="a" value="$page.text"/><Text name="b" value="$page.title"/>',
    ["json", "jsonl"],
  ],
  ["a list of pages", '<Image name="a_{{i}}" value="$pages[{{i}}].url"/>', ["json", "jsonl"]],
  ["a list of addresses", '<Image name="a_{{i}}" value="$pages[{{i}}]"/>', ["json", "jsonl"]],
  ...["Image", "Audio", "Video", "HyperText"].map((tag): [string, string, string[]] => [
    tag,
    `<${tag} name="a" value="$it"/>`,
    ["json", "jsonl", "csv", "tsv", "txt"],
  ]),
  ...["Paragraphs", "Chat", "Table", "TimeSeries", "List"].map((tag): [string, string, string[]] => [
    tag,
    `<${tag} name="a" value="$it"/>`,
    ["json", "jsonl"],
  ]),
  [
    "choices of the task",
    '<Text name="a" value="$text"/><Choices name="d" toName="a" value="$options"/>',
    ["json", "jsonl"],
  ],
  ["nothing in particular", '<Header value="Hello"/>', ["json", "jsonl", "csv", "tsv", "txt"]],
];

for (const [what, tags, formats] of configs)
  test(`examples: tasks with ${what} fit the label config, in each format that can hold them`, async () => {
    const { data_types } = parseLabelConfig(`<View>${tags}${control}</View>`);

    const examples = importExamples(data_types);

    assert.deepEqual(
      examples.map(({ format }) => format),
      formats,
    );
    for (const { format, text } of examples) {
      const { records, message } = await read(text, format);
      assert.equal(message, undefined);
      assert.equal(records.length, 2, text);
      assert.notDeepEqual(records[0]?.[1], records[1]?.[1]);
      if (format !== "txt")
        for (const [, data] of records) assert.equal(checkTaskData(Object(data), data_types), undefined);
    }
  });
