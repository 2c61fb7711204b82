import assert from "node:assert/strict";
import { test } from "node:test";

import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { checkTaskData, shownFieldTest } from "../../src/label-config/task-data.ts";
import { readExpression, valueFor } from "../../src/label-config/task-values.ts";
import { escapeAttribute } from "../../src/label-config/xml/escape.ts";
import { Random } from "../fuzz/random.ts";

const read: [string, string | undefined, string[]][] = [
  ["$text", "text", ["text"]],
  [" $text ", "text", ["text"]],
  ["$url-a", "url-a", ["url-a"]],
  ["$first name", "first name", ["first name"]],
  ["$größe", "größe", ["größe"]],
  ["$名前", "名前", ["名前"]],
  ["$a.b[0]", "a.b[0]", ["a.b[0]"]],
  ["$pages[{{i}}].url", "pages[{{i}}].url", ["pages[{{i}}].url"]],
  ["$price (€)", "price (€)", ["price (€)"]],
  ["Dear $first-name,", undefined, ["first-name"]],
  ["See $a.b.", undefined, ["a.b"]],
  ["$a and $b", undefined, ["a", "b"]],
  ["$a/$b", undefined, ["a", "b"]],
  ["Cost: 5$", undefined, []],
  ["$", undefined, []],
  ["no variable", undefined, []],
];

for (const [attribute, name, names] of read)
  test(`variables: “${attribute}” names ${names.join(" and ") || "nothing"}`, () => {
    assert.deepEqual(readExpression(attribute), { name, names });
  });

const evaluated: [string, Record<string, unknown>, unknown][] = [
  ["$url-a", { "url-a": "hello", url: "no" }, "hello"],
  ["$url-a", { url: "no" }, undefined],
  ["$first name", { "first name": "Ada" }, "Ada"],
  ["$title: read it", { title: "One" }, "One: read it"],
  ["$title: read it", { "title: read it": "Two" }, "Two"],
  ["$a.b", { a: { b: 1 } }, 1],
  ["$a.b", { "a.b": 2, a: { b: 1 } }, 2],
  ["$a[1]", { a: ["x", "y"] }, "y"],
  ["$a[1].b", { a: [{}, { b: "z" }] }, "z"],
  ["$price [EUR]", { "price [EUR]": 5 }, 5],
  ["$a and $b", { a: "x", b: 1 }, "x and 1"],
  ["Read $a.b, then $c", { a: { b: "x" }, c: ["y", "z"] }, "Read x, then y\nz"],
  ["$.", { a: 1 }, "$."],
  ["$__proto__", {}, undefined],
];

for (const [attribute, data, expected] of evaluated)
  test(`variables: “${attribute}” shows ${JSON.stringify(expected) ?? "nothing"} of ${JSON.stringify(data)}`, () => {
    assert.deepEqual(valueFor(attribute, data), expected);
  });

const pieces = ["a", "Z9", "_", "-", ".", " ", "[0]", "[", "]", "ü", "名", "👋", "(", ":", "'", "{{i}}", "é"];

test("variables: what an import accepts, a page shows, whatever the name", () => {
  const random = new Random(16);
  for (let round = 0; round < 2000; round++) {
    const name = Array.from({ length: 1 + random.below(5) }, () => random.pick(pieces))
      .join("")
      .trimEnd();
    if (name === "") continue;
    const config = parseLabelConfig(`<View><Text name="t" value="${escapeAttribute(`$${name}`)}"/></View>`);
    const data = { [name]: "shown" };
    assert.equal(checkTaskData(data, config.data_types), undefined, name);
    assert.equal(valueFor(`$${name}`, data), "shown", name);
    assert.equal(shownFieldTest(config.root)(name), true, name);
  }
});

test("variables: a name before others in a text is what an import asks for, and what the page shows", () => {
  const { data_types } = parseLabelConfig('<View><Text name="t" value="$a.b and $c-d"/></View>');
  assert.equal(checkTaskData({ a: { b: "x" } }, data_types), undefined);
  assert.equal(checkTaskData({ a: {} }, data_types), '"a.b" key is expected in task data');
});
