import assert from "node:assert/strict";
import { test } from "node:test";

import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { checkTaskData, dataTypes, withFieldName } from "../../src/label-config/task-data.ts";

function typesOf(tags: string) {
  return parseLabelConfig(`<View>${tags}</View>`).data_types;
}

const text = '<Text name="t" value="$text"/>';

const variables: [string, string, [string, string][]][] = [
  [
    "each variable has the tag that shows it",
    `${text}<Image name="i" value="$pic"/>`,
    [
      ["text", "Text"],
      ["pic", "Image"],
    ],
  ],
  ["the first variable in a longer text counts", '<Text name="t" value="Read $a and $b"/>', [["a", "Text"]]],
  ["a tag without a name does not count", '<Header value="$title"/>', []],
  ["options of the task count", '<Choices name="c" toName="c" value="$options"/>', [["options", "Choices"]]],
  [
    "a Video comes before what else shows the same",
    '<Video name="v" value="$u"/><Audio name="a" value="$u"/>',
    [["u", "Video"]],
  ],
];

for (const [sentence, tags, expected] of variables)
  test(`task data: ${sentence}`, () => {
    assert.deepEqual([...typesOf(tags)], expected);
  });

const checked: [string, Record<string, unknown>, string | undefined][] = [
  [text, { text: "x" }, undefined],
  [text, { text: "", more: 1 }, undefined],
  [text, { text: 5 }, undefined],
  [text, { text: true }, undefined],
  [text, { text: ["a"] }, undefined],
  [text, { foo: "x" }, '"text" key is expected in task data'],
  [
    text,
    { text: null },
    "data['text']=None is of type 'NoneType', but the object tag Text expects the following types: " +
      "['str', 'int', 'float', 'list']",
  ],
  [
    text,
    { text: { a: "it's", b: [1.5, false, null] } },
    `data['text']={'a': "it's", 'b': [1.5, False, None]} is of type 'dict', ` +
      "but the object tag Text expects the following types: ['str', 'int', 'float', 'list']",
  ],
  [
    '<Audio name="a" value="$audio"/>',
    { audio: 7 },
    "data['audio']=7 is of type 'int', but the object tag Audio expects the following types: ['str']",
  ],
  ['<Text name="t" value="$a.b"/>', { a: { b: "x" } }, undefined],
  ['<Text name="t" value="$a.b"/>', { a: {} }, '"a.b" key is expected in task data'],
  ['<Image name="p_{{i}}" value="$pages[{{i}}].url"/>', { pages: [{ url: "x" }] }, undefined],
  [
    '<Image name="p_{{i}}" value="$pages[{{i}}].url"/>',
    { pages: "x" },
    "data['pages']=x is of type 'str', but the object tag Image expects the following types: ['list']",
  ],
  ["", { anything: null }, undefined],
];

for (const [tags, data, expected] of checked)
  test(`task data: ${JSON.stringify(data)} ${expected ? "is refused" : "fits"} where ${tags || "nothing"} displays it`, () => {
    assert.equal(checkTaskData(data, typesOf(tags)), expected);
  });

test("task data: a text without a name gets the name of the only variable", () => {
  assert.deepEqual(withFieldName({ $undefined$: "line", n: 1 }, typesOf(text)), { n: 1, text: "line" });
  assert.deepEqual(withFieldName({ text: "named" }, typesOf(text)), { text: "named" });
  assert.deepEqual(withFieldName({ $undefined$: "line" }, new Map()), { $undefined$: "line" });
});

test("task data: the outermost tag shows nothing", () => {
  assert.equal(dataTypes(parseLabelConfig('<Text name="t" value="$t"/>').root).size, 0);
});
