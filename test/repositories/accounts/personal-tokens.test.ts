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

test("personal tokens: all of a person's end together, and nobody else's", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const { personalTokens } = repositories;
  const [ada, bob] = await addPeople(2);
  assert.ok(ada && bob);
  for (const jti of ["one", "two"]) await personalTokens.create(ada.id, token(jti));
  await personalTokens.create(bob.id, token("three"));

  assert.equal(await personalTokens.revokeAll(ada.id), 2);
  assert.equal(await personalTokens.revokeAll(ada.id), 0);

  assert.deepEqual(await personalTokens.list(ada.id), []);
  assert.equal((await personalTokens.list(bob.id)).length, 1);
});

test("personal tokens: a form makes one token, even if another person's form has the same key", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const { personalTokens } = repositories;
  const [ada, bob] = await addPeople(2);
  assert.ok(ada && bob);
  const [one, two, three] = [token("one"), token("two"), token("three")];

  const made = await Promise.all([
    personalTokens.create(ada.id, one, "key"),
    personalTokens.create(bob.id, two, "key"),
  ]);
  assert.deepEqual(made, [one, two]);
  assert.deepEqual({ ...(await personalTokens.create(ada.id, three, "key")) }, one);
  assert.equal(await personalTokens.create(ada.id, three, "another key"), three);

  await personalTokens.revokeAll(ada.id);
  assert.equal(await personalTokens.create(ada.id, token("four"), "key"), undefined);
  assert.deepEqual(await personalTokens.list(ada.id), []);
});
