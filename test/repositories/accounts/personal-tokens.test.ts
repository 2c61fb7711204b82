import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow, now } from "../../../src/common/timestamps.ts";
import { openRecords } from "../../support/records.ts";

const token = (jti: string) => ({
  jti,
  name: jti,
  token: "header.payload",
  created_at: now(),
  expires_at: minutesFromNow(9),
});

test("personal tokens: from the pages a person makes several, by the API one at a time", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const { personalTokens } = repositories;
  const [ada] = await addPeople(1);
  assert.ok(ada);

  await personalTokens.create(ada.id, token("one"));
  await personalTokens.create(ada.id, token("two"));

  assert.equal(await personalTokens.createUnlessActive(ada.id, token("three")), false);
  const names = (await personalTokens.list(ada.id)).map(({ name }) => name);
  assert.deepEqual(new Set(names), new Set(["one", "two"]));
});
