import assert from "node:assert/strict";
import { test } from "node:test";

import { countConnections } from "../../src/database/open.ts";
import { openTestDatabase } from "../support/database.ts";

test("connections: those in use, those that are free and the queries that wait are counted", async (t) => {
  const database = await openTestDatabase(t);
  await database.raw("select 1");
  const idle = countConnections(database);

  await database.transaction(async () => {
    assert.equal(countConnections(database).used, 1);
  });

  assert.deepEqual([idle.used, idle.waiting], [0, 0]);
  assert.ok(idle.free > 0);
});
