import assert from "node:assert/strict";
import { test } from "node:test";

import { UniqueViolationError } from "../../../src/repositories/errors.ts";
import { openRecords } from "../../support/records.ts";
import { waitUntil } from "../../support/wait-until.ts";

test("changes of emails: an email that somebody else takes while it is changed is refused (R8)", async (t) => {
  const { repositories, database } = await openRecords(t);
  const { users, emailChanges } = repositories;
  const [ada, ben] = [await users.create({ email: "a@example.com" }), await users.create({ email: "b@example.com" })];
  const other = await database.transaction();
  await other("users").where({ id: ben.id }).update({ email: "new@example.com" });

  // Nobody sees the other change before it is committed, so that only the index can refuse this one.
  const refusal = assert.rejects(emailChanges.set(ada.id, "new@example.com"), UniqueViolationError);
  const waiting = database("pg_stat_activity").whereRaw("datname = current_database() and wait_event_type = 'Lock'");
  await waitUntil("the change waits for the other one", async () => (await waiting.clone()).length > 0);
  await other.commit();

  await refusal;
  assert.equal((await users.findByEmail("a@example.com"))?.id, ada.id);
});
