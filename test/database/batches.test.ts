import assert from "node:assert/strict";
import { test } from "node:test";

import { batchesOf, insertInBatches } from "../../src/database/batches.ts";
import { openTestDatabase } from "../support/database.ts";

test("batches: more rows than one statement takes are inserted, all of them and in their order", async (t) => {
  const database = await openTestDatabase(t);
  const rows = Array.from({ length: 7001 }, (_, index) => ({
    key: `key ${index}`,
    failures: index,
    window_started_at: "",
    last_failed_at: "",
    blocked_until: "",
  }));

  await database.transaction((transaction) => insertInBatches(transaction, "login_attempts", rows));
  await insertInBatches(database, "login_attempts", []);

  assert.deepEqual(await database("login_attempts").orderBy("failures"), rows);
});

test("batches: a list is cut into batches of 500, and the rest", () => {
  const rows = Array.from({ length: 1001 }, (_, index) => index);

  const batches = [...batchesOf(rows)];

  assert.deepEqual(
    batches.map(({ length }) => length),
    [500, 500, 1],
  );
  assert.deepEqual(batches.flat(), rows);
  assert.deepEqual([...batchesOf([])], []);
});
