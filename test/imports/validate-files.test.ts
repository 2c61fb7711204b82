import assert from "node:assert/strict";
import { test } from "node:test";

import { validateFiles } from "../../src/imports/validate-files.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import type { ImportFormat } from "../../src/repositories/jobs/imports.ts";
import { file } from "./read.ts";

/** What is found in a file of tasks that are shown by a tag, and how often the file was opened. */
async function validate(content: string, { format = "csv" as ImportFormat, tag = "Text" } = {}) {
  const messages: string[] = [];
  let openings = 0;
  const label_config = `<View><${tag} name="t" value="$shown"/><Choices name="c" toName="t"><Choice value="x"/></Choices></View>`;
  const summary = await validateFiles([{ name: "f", stored: "1", bytes: content.length, format }], {
    ...parseLabelConfig(label_config),
    project_id: 1,
    preannotated_from_fields: [],
    findAnnotator: async () => 1,
    open: () => {
      openings++;
      return file(content);
    },
    onError: async ({ api_message }) => void messages.push(api_message),
  });
  return { ...summary, number_columns: summary.files[0]?.number_columns, messages, openings };
}

test("validation: a table whose rows all fit is read once, also to know its columns of numbers", async () => {
  const found = await validate("shown,n,mixed,empty\na,1,2,\nb,,x,\n5,-2.5,3,\n");

  assert.deepEqual(found.messages, []);
  assert.deepEqual([found.openings, found.task_count, found.number_columns], [1, 3, ["n"]]);
  assert.deepEqual(found.fields, ["shown", "n", "mixed", "empty"]);
});

test("validation: a column of numbers that its tag can't show is refused, also where the last row has none", async () => {
  const found = await validate("shown,n\n1,1\n2,2\n,3\n", { tag: "HyperText" });

  assert.equal(found.openings, 2);
  assert.deepEqual([found.task_count, found.error_count], [1, 2]);
  assert.match(found.messages[0] ?? "", /data\['shown'\]=1 is of type 'int'.*'shown': 1, 'n': 1/);
});

test("validation: an error tells of numbers as numbers where their column has no text, and of texts where it has", async () => {
  const found = await validate("other,n,mixed\na,1,2\nb,2,x\n");

  assert.equal(found.error_count, 2);
  assert.match(found.messages[0] ?? "", /^Error at item 0: "shown" key .*\{'other': 'a', 'n': 1, 'mixed': '2'\}/);
});

test("validation: a table that can't be read to its end has no columns of numbers, and says where it ends", async () => {
  const found = await validate("shown,n\na,1\nb\n");

  assert.deepEqual([found.number_columns, found.task_count, found.error_count], [[], 1, 1]);
  assert.match(found.messages[0] ?? "", /has 1 column, the first line has 2 columns/);
});

test("validation: files of other formats are read once", async () => {
  for (const [format, content] of [
    ["jsonl", '{"shown":"a"}\n{"shwn":1}\n'],
    ["json", '[{"shown":"a"},{"shwn":1}]'],
  ] as const) {
    const found = await validate(content, { format });
    assert.deepEqual([found.openings, found.task_count, found.error_count], [1, 1, 1]);
  }
});
