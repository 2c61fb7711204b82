import assert from "node:assert/strict";
import { test } from "node:test";

import { sortInTurns } from "../../src/common/sort-in-turns.ts";

for (const count of [0, 1, 2, 4999, 5000, 5001, 23_456]) {
  test(`sort in turns: ${count} items come in their order, equal ones as they came`, async () => {
    const items = Array.from({ length: count }, (_, index) => ({ index, key: (index * 7919) % 1000 }));
    const compare = (one: { key: number }, other: { key: number }) => one.key - other.key;

    assert.deepEqual(await sortInTurns(items, compare), items.toSorted(compare));
  });
}
