import assert from "node:assert/strict";
import { test } from "node:test";

import { buildLabelForm } from "../../../src/label-config/form/label-form.ts";
import type { Fields } from "../../../src/label-config/form/visibility.ts";
import { parseLabelConfig } from "../../../src/label-config/parse-label-config.ts";
import { formToResult } from "../../../src/label-config/results/form-to-result.ts";
import { mergeRawResult } from "../../../src/label-config/results/raw-result.ts";

const form = buildLabelForm(
  parseLabelConfig(`<View><Text name="t" value="$t"/>
    <Labels name="words" toName="t"><Label value="PER"/></Labels>
    <Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices>
    <Rating name="r" toName="t"/><Rating name="each" toName="t" perRegion="true"/></View>`).root,
);
const region = { id: "reg1", from_name: "words", to_name: "t", type: "labels", value: { start: 0, labels: ["PER"] } };
const ofRegion = { id: "reg1", from_name: "each", to_name: "t", type: "rating", value: { rating: 2 } };
const relation = { type: "relation", from_id: "reg1", to_id: "reg2" };
const choice = { id: "cho1", from_name: "c", to_name: "t", type: "choices", value: { choices: ["A"] } };

function merged(old_result: unknown[], fields: Fields): unknown[] {
  const answers = formToResult(form, fields);
  assert.ok(answers.ok);
  return JSON.parse(mergeRawResult(form, JSON.stringify(old_result), answers.result)) as unknown[];
}

test("merge: regions, their answers and relations are unchanged, in their positions", () => {
  assert.deepEqual(merged([region, choice, ofRegion, relation], { c: "A" }), [region, choice, ofRegion, relation]);
});

test("merge: an answer that changes keeps its id and its position", () => {
  assert.deepEqual(merged([region, choice, relation], { c: "B" }), [
    region,
    { ...choice, origin: "manual", value: { choices: ["B"] } },
    relation,
  ]);
});

test("merge: an answer that is removed is left out", () => {
  assert.deepEqual(merged([choice, region], {}), [region]);
});

test("merge: a new answer comes last, with an id of its own", () => {
  const [first, second] = merged([region], { r: "3" });
  assert.deepEqual(first, region);
  assert.equal(Object(second).from_name, "r");
  assert.notEqual(Object(second).id, "reg1");
});

test("merge: a duplicate answer is removed", () => {
  assert.deepEqual(merged([choice, { ...choice, id: "cho2" }], { c: "A" }), [choice]);
});

test("merge: a prediction that is changed says so, one that is unchanged does not", () => {
  const predicted = { ...choice, origin: "prediction", score: 0.5 };
  assert.deepEqual(merged([predicted], { c: "A" }), [predicted]);
  assert.deepEqual(merged([predicted], { c: "B" }), [
    { ...predicted, origin: "prediction-changed", value: { choices: ["B"] } },
  ]);
});

test("merge: elements that are no entries are unchanged", () => {
  assert.deepEqual(merged([null, "x", { from_name: "c", type: "other" }], {}), [
    null,
    "x",
    { from_name: "c", type: "other" },
  ]);
});
