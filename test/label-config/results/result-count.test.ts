import assert from "node:assert/strict";
import { test } from "node:test";

import { countResults } from "../../../src/label-config/results/result-count.ts";

for (const [what, result, count] of [
  ["nothing", "[]", 0],
  ["two regions", '[{"id": "a"}, {"id": "b"}]', 2],
  ["a region with a choice made for it", '[{"id": "a", "type": "rectangle"}, {"id": "a", "type": "choices"}]', 1],
  ["two answers without an id", '[{"type": "choices"}, {"type": "rating"}]', 1],
  ["a region and an answer without an id", '[{"id": "a"}, {"type": "rating"}, {"id": null}]', 2],
  ["what is no object", "[1, null, [2]]", 1],
  ["what is no list", "{}", 0],
] as const) {
  test(`result count: ${what}`, () => assert.equal(countResults(result), count));
}
