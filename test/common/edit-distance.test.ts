import assert from "node:assert/strict";
import { test } from "node:test";

import { editDistance } from "../../src/common/edit-distance.ts";

for (const [one, other, distance] of [
  ["", "", 0],
  ["abc", "abc", 0],
  ["", "abc", 3],
  ["abc", "", 3],
  ["kitten", "sitting", 3],
  ["PORT", "PROT", 2],
  ["flaw", "lawn", 2],
] as const)
  test(`edit distance: "${one}" becomes "${other}" with ${distance} changes`, () => {
    assert.equal(editDistance(one, other), distance);
  });
