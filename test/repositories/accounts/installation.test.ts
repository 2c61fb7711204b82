import assert from "node:assert/strict";
import { test } from "node:test";

import { WrongKeyError } from "../../../src/security/crypto.ts";
import { openRecords } from "../../support/records.ts";

test("installation: a database that answers is reachable", async (t) => {
  const { repositories } = await openRecords(t);

  assert.equal(await repositories.installation.isReachable(), true);
});

test("installation: the first key claims the database, and another one is refused from then on", async (t) => {
  const { installation } = (await openRecords(t)).repositories;

  await installation.claim("one key");
  await installation.claim("one key");
  await installation.verify("one key");

  await assert.rejects(installation.claim("another key"), WrongKeyError);
  await assert.rejects(installation.verify("another key"), WrongKeyError);
});

test("installation: an older database, which notes no key, is known by its invitation", async (t) => {
  const { repositories, database, addPeople } = await openRecords(t);
  await addPeople(1);

  await assert.rejects(repositories.installation.claim("another key"), WrongKeyError);

  assert.deepEqual(await database("installation"), []);
  await repositories.installation.claim("secret");
});
