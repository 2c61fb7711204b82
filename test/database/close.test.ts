import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";

import { closeDatabase } from "../../src/database/close.ts";
import { openDatabase } from "../../src/database/open.ts";
import { locationWithSchema } from "../support/database.ts";
import { waitFor } from "../support/wait-until.ts";

test("close: what runs is finished, and whoever asks from then on is refused at once", async (t) => {
  const database = openDatabase(await locationWithSchema(t));
  const begun = once(database, "query");
  const running = database.transaction(async (transaction) => {
    await transaction.raw("select 1");
    return "finished";
  });
  await begun;

  const closed = closeDatabase(database);
  const refused = Promise.resolve(database.raw("select 1"));

  await assert.rejects(waitFor("the refusal", refused, { limit: 5_000 }), /The database is closed/);
  assert.equal(await running, "finished");
  await closed;
});
