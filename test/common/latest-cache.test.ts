import assert from "node:assert/strict";
import { test } from "node:test";

import { LatestCache } from "../../src/common/latest-cache.ts";

test("latest cache: what was asked for last is remembered, and what was deleted is created again", () => {
  const cache = new LatestCache<string>(2);
  const created: string[] = [];
  const get = (key: string) =>
    cache.get(key, () => {
      created.push(key);
      return key.toUpperCase();
    });

  assert.deepEqual(["a", "b", "a", "c", "a", "b"].map(get), ["A", "B", "A", "C", "A", "B"]);
  assert.deepEqual(created, ["a", "b", "c", "b"]);
  cache.delete("a");
  get("a");
  assert.deepEqual(created, ["a", "b", "c", "b", "a"]);
});
