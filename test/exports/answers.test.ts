import assert from "node:assert/strict";
import { test } from "node:test";

import { RawJson } from "../../src/common/raw-json.ts";
import { cells, controls, exportTasks, result, task } from "./export.ts";

const answers: [name: string, value: object, min: unknown, cell: string][] = [
  ["label", { choices: ["pos"] }, "pos", '"pos"'],
  ["label", { choices: ["a", "b"] }, { choices: ["a", "b"] }, '"{""choices"":[""a"",""b""]}"'],
  ["label", { choices: [] }, { choices: [] }, '"{""choices"":[]}"'],
  ["note", { text: ["one"] }, "one", '"one"'],
  ["note", { text: ["one", "two"] }, { text: ["one", "two"] }, '"{""text"":[""one"",""two""]}"'],
  ["note", { text: "one" }, { text: "one" }, '"{""text"":""one""}"'],
  ["stars", { rating: 4 }, [{ rating: 4 }], '"[{""rating"":4}]"'],
  ["many", { number: 2.5 }, [{ number: 2.5 }], '"[{""number"":2.5}]"'],
  ["day", { datetime: "2026-01-02" }, [{ datetime: "2026-01-02" }], '"[{""datetime"":""2026-01-02""}]"'],
  ["kinds", { taxonomy: [["a", "b"]] }, [{ taxonomy: [["a", "b"]] }], '"[{""taxonomy"":[[""a"",""b""]]}]"'],
  ["better", { selected: "left" }, [{ selected: "left" }], '"[{""selected"":""left""}]"'],
  ["order", { ranker: { a: ["x/y"] } }, [{ ranker: { a: ["x/y"] } }], '"[{""ranker"":{""a"":[""x\\/y""]}}]"'],
  ["box", { x: 1.5, type: "odd" }, [{ x: 1.5 }], '"[{""x"":1.5}]"'],
  ["each_0", { choices: ["a"] }, "a", '"a"'],
  ["each_12_note", { text: ["b"] }, "b", '"b"'],
];

for (const [name, value, min, cell] of answers)
  test(`answers: ${name} ${JSON.stringify(value)} is short in JSON_MIN, and a cell in a table`, async () => {
    const exportedTask = task(1, {}, { result: [result(name, value)] });
    assert.deepEqual(JSON.parse(await exportTasks("JSON_MIN", [exportedTask]))[0][name], min);
    assert.equal((await cells(exportedTask))[name], cell);
  });

test("answers: what people wrote in a chat is exported, though the chat is no control", async () => {
  const message = { chatmessage: { role: "user", content: "Hi", createdAt: 1 } };
  const exportedTask = task(1, {}, { result: [result("chat", message, { type: "chatmessage" })] });
  assert.deepEqual(JSON.parse(await exportTasks("JSON_MIN", [exportedTask]))[0].chat, [message]);
  assert.match((await cells(exportedTask)).chat ?? "", /""content"":""Hi""/);
});

test("answers: regions are a list, with the size of what they lie on", async () => {
  const size = { original_width: 600, original_height: 400, image_rotation: 0 };
  const regions = [
    result("box", { x: 1, width: 2 }, size),
    result("label", { choices: ["a"] }),
    result("box", { x: 3 }),
  ];
  const [record] = JSON.parse(await exportTasks("JSON_MIN", [task(1, {}, { result: regions })]));
  assert.deepEqual(record.box, [{ x: 1, width: 2, original_width: 600, original_height: 400 }, { x: 3 }]);
  assert.equal(record.label, "a");
});

test("answers: choices of several regions are a list of short ones", async () => {
  const regions = [result("label", { choices: ["a"], start: 1 }), result("label", { choices: ["b", "c"] })];
  const [record] = JSON.parse(await exportTasks("JSON_MIN", [task(1, {}, { result: regions })]));
  assert.deepEqual(record.label, ["a", { choices: ["b", "c"] }]);
});

test("answers: a result without a control is left out, unless the project has no controls", async () => {
  const strays = [
    result("gone", { choices: ["a"] }),
    result(undefined, { choices: ["a"] }),
    result("toString", { choices: ["a"] }),
    { type: "relation", from_id: "a", to_id: "b" },
    result("each", { choices: ["a"] }),
    null,
  ];
  const exportedTask = task(1, { text: "x" }, { result: strays });
  const usual = ["annotation_id", "annotator", "created_at", "id", "lead_time", "text", "updated_at"];
  assert.deepEqual(Object.keys(await cells(exportedTask)), usual);
  const [record] = JSON.parse(await exportTasks("JSON_MIN", [exportedTask], {}));
  assert.deepEqual(record.gone, [{ choices: ["a"] }]);
  for (const nothing of [null, "x", {}])
    assert.deepEqual(Object.keys(await cells(task(1, { text: "x" }, { result: nothing }))), usual);
});

test("answers: odd names stay names", async () => {
  const odd = { ...controls, constructor: { type: "Choices" } };
  Object.defineProperty(odd, "__proto__", { value: { type: "Choices" }, enumerable: true });
  const results = ["constructor", "__proto__"].map((name) => result(name, { choices: [name] }));
  const exportedTask = task(1, JSON.parse('{"__proto__": 1, "b": 2}'), { result: results });
  assert.match(
    await exportTasks("JSON_MIN", [exportedTask], odd),
    /"__proto__":"__proto__","b":2,.*"constructor":"constructor"/,
  );
  assert.match(await exportTasks("CSV", [exportedTask], odd), /^"__proto__","_data___proto__",/);
});

test("answers: numbers of raw JSON keep their digits", async () => {
  const numbers = '{"f": 1.0, "e": 1e3, "l": [2.50], "big": 123456789012345678, "n": 5, "number as it came": "x"}';
  const regions = new RawJson('[{"from_name": "box", "value": {"x": 10.0, "label": "1.0"}}]');
  const exportedTask = task(1, new RawJson(numbers), { result: regions });
  const { f, e, l, big, n, box } = await cells(exportedTask);
  assert.deepEqual([f, e, l, big, n], ["1.0", "1000.0", '"[2.50]"', "123456789012345678", "5"]);
  assert.equal(box, '"[{""x"":10.0,""label"":""1.0""}]"');
  assert.match(
    await exportTasks("JSON_MIN", [exportedTask]),
    /"f":1\.0,"e":1e3,"l":\[2\.50\],"big":123456789012345678,/,
  );
  assert.match(await exportTasks("JSON", [exportedTask]), /"data":\{"f": 1\.0,/);
});
