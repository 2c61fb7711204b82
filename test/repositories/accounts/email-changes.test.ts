import assert from "node:assert/strict";
import { test } from "node:test";

import { randomToken } from "../../../src/security/crypto.ts";
import { UniqueViolationError } from "../../../src/repositories/errors.ts";
import { startApp } from "../../support/app.ts";

test("changes of emails: of two people who take an email at the same moment one gets it (R8)", async (t) => {
  const { repositories, database } = await startApp(t);
  const { users, emailChanges } = repositories;
  const people = [await users.create({ email: "a@example.com" }), await users.create({ email: "b@example.com" })];

  const changes = await Promise.allSettled(people.map(async ({ id }) => emailChanges.set(id, "New@example.com")));

  assert.equal(changes.filter(({ status }) => status === "fulfilled").length, 1);
  const refused = changes.find((change) => change.status === "rejected");
  assert.ok(refused?.reason instanceof UniqueViolationError, String(refused?.reason));
  assert.equal((await database("users").where({ email: "new@example.com" })).length, 1);
});

test("changes of emails: of several uses of a link at the same moment one counts (R1)", async (t) => {
  const { repositories } = await startApp(t);
  const { users, emailChanges } = repositories;
  const { id } = await users.create({ email: "a@example.com" });
  const token = randomToken();
  await emailChanges.request(id, { email: "New@example.com", token });
  assert.equal((await emailChanges.findPending(id))?.email, "new@example.com");

  const confirmed = await Promise.all([1, 2, 3].map(async () => emailChanges.confirm(id, token)));

  assert.equal(confirmed.filter((from) => from === "a@example.com").length, 1);
  assert.equal(confirmed.filter((from) => from === undefined).length, 2);
  assert.equal((await emailChanges.find(token))?.state, "used");
  assert.equal(await emailChanges.findPending(id), undefined);
});

test("changes of emails: the one a person knew is kept until they have read of it, and a change back needs no note", async (t) => {
  const { repositories, database } = await startApp(t);
  const { users, emailChanges } = repositories;
  const { id } = await users.create({ email: "a@example.com" });
  const previous = async () => (await database("users").where({ id }).first()).previous_email;

  assert.equal(await emailChanges.set(id, "b@example.com"), "a@example.com");
  await emailChanges.set(id, "c@example.com");
  assert.equal(await previous(), "a@example.com");
  await emailChanges.set(id, "a@example.com");
  assert.equal(await previous(), null);
  await emailChanges.set(id, "d@example.com");
  await emailChanges.dismiss(id);
  assert.equal(await previous(), null);
  assert.equal(await emailChanges.set(999, "e@example.com"), undefined);
});

test("changes of emails: somebody without a name is found and sorted by the new one", async (t) => {
  const { repositories, database } = await startApp(t);
  const { users, emailChanges } = repositories;
  const { id } = await users.create({ email: "a@example.com" });
  await users.create({ email: "m@example.com" });
  const token = randomToken();
  await emailChanges.request(id, { email: "zoe@example.com", token });
  await emailChanges.cancel(id);
  assert.equal((await emailChanges.find(token))?.state, "cancelled");

  await emailChanges.set(id, "zoe@example.com");

  assert.equal((await database("users").where({ id }).first()).sort_name, "zoe@example.com");
  assert.equal((await users.findByEmail("ZOE@example.com"))?.id, id);
  const terms = await database("user_search_terms").where({ user_id: id }).pluck("term");
  assert.ok(terms.includes("zoe") && !terms.includes("a@example.com"));
});
