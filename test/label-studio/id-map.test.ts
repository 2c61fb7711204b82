import assert from "node:assert/strict";
import { test } from "node:test";

import { createIdMap } from "../../src/label-studio/id-map.ts";

test("id runs: rows that follow each other are one run, and others have no id", () => {
  const ids = createIdMap([]);
  for (const id of [1, 2, 3, 7, 8]) ids.add(id, id);
  ids.add(9, 100);

  assert.deepEqual(
    [0, 1, 3, 4, 6, 7, 8, 9, 10].map((id) => ids.get(id)),
    [undefined, 1, 3, undefined, undefined, 7, 8, 100, undefined],
  );
  assert.equal(ids.get(null), undefined);
  assert.deepEqual(ids.takeUnsaved(), [
    { first_id: 1, last_id: 3, new_id: 1 },
    { first_id: 7, last_id: 8, new_id: 7 },
    { first_id: 9, last_id: 9, new_id: 100 },
  ]);
});

test("id runs: what comes later may fill a gap, and only what changed is saved again", () => {
  const ids = createIdMap([
    { first_id: 1, last_id: 3, new_id: 11 },
    { first_id: 7, last_id: 9, new_id: 17 },
  ]);

  ids.add(4, 14);
  ids.add(6, 50);

  assert.deepEqual(
    [3, 4, 5, 6, 7].map((id) => ids.get(id)),
    [13, 14, undefined, 50, 17],
  );
  assert.deepEqual(ids.takeUnsaved(), [
    { first_id: 1, last_id: 4, new_id: 11 },
    { first_id: 6, last_id: 6, new_id: 50 },
  ]);
  assert.deepEqual(ids.takeUnsaved(), []);
});
