import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";

test("ready: a server is ready while its database has the schema of its version", async (t) => {
  const { database, request } = await startApp(t);

  const ready = await request().get("/ready").expect(200);
  assert.deepEqual(ready.body, { ready: true, database: "reachable", migrations: "current" });

  await database("knex_migrations").insert({ name: "20991231000000_create_moons", batch: 2 });
  const updated = await request().get("/ready").expect(503);
  assert.deepEqual(updated.body, { ready: false, database: "reachable", migrations: "of another version" });
  assert.equal(updated.headers["retry-after"], "5");
  await request().get("/health").expect(200);
});
