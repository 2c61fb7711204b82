import assert from "node:assert/strict";
import { test } from "node:test";

import { now } from "../../../src/common/timestamps.ts";
import { randomToken } from "../../../src/security/crypto.ts";
import { startApp } from "../../support/app.ts";

const turn = { kind: "account", client: "1" };

test("recovery links: of several uses at the same moment one wins, and its password counts (R1)", async (t) => {
  const { repositories } = await startApp(t);
  const { users, recoveryLinks } = repositories;
  const { id: user_id, email } = await users.create({ email: "ann@example.com", password: "the first meadow" });
  const token = randomToken();
  await recoveryLinks.create({ user_id, token, created_by_id: null });

  const passwords = ["meadow number one", "meadow number two", "meadow number three"];
  const uses = await Promise.all(
    passwords.map(async (password) => recoveryLinks.setPassword(token, { user_id, password, end_tokens: true, turn })),
  );

  assert.equal(uses.filter(Boolean).length, 1);
  const logins = await Promise.all(passwords.map(async (password) => users.authenticate(email, password)));
  assert.deepEqual(
    logins.map((user) => user !== undefined),
    uses,
  );
});

test("recovery links: of several made at the same moment one works", async (t) => {
  const { repositories, database } = await startApp(t);
  const { users, recoveryLinks } = repositories;
  const { id: user_id } = await users.create({ email: "ann@example.com" });
  const tokens = [randomToken(), randomToken(), randomToken()];

  await Promise.all(tokens.map(async (token) => recoveryLinks.create({ user_id, token, created_by_id: user_id })));

  const states = await Promise.all(tokens.map(async (token) => (await recoveryLinks.find(token))?.state));
  assert.equal(states.filter((state) => state === "valid").length, 1);
  assert.equal(states.filter((state) => state === "replaced").length, 2);
  assert.equal((await database("one_time_links")).length, 3);
});

test("recovery links: a form that is sent several times at once makes one", async (t) => {
  const { repositories } = await startApp(t);
  const { users, recoveryLinks } = repositories;
  const { id: user_id } = await users.create({ email: "ann@example.com" });
  const link = { user_id, token: randomToken(), created_by_id: null, form_key: "form" };

  const made = await Promise.all([1, 2, 3].map(async () => recoveryLinks.create(link)));

  assert.equal(made.filter(({ is_new }) => is_new).length, 1);
  assert.ok(made.every(({ is_shown }) => is_shown));
});

test("recovery links: accounts are found by id and by email in any case, with whether they have a password", async (t) => {
  const { repositories, database } = await startApp(t);
  const { users, recoveryLinks } = repositories;
  const ann = await users.create({ email: "ann@example.com", password: "the first meadow" });
  const ben = await users.create({ email: "ben@example.com" });
  await database("imported_passwords").insert({ user_id: ben.id, hash: "pbkdf2_sha256$1$a$b", iterations: 1 });
  const eve = await users.create({ email: "eve@example.com" });

  const found = await recoveryLinks.findAccountByEmail("Ann@Example.com");
  assert.deepEqual([found?.user, found?.has_password, found?.is_active], [ann, true, true]);
  assert.equal((await recoveryLinks.findAccount(ben.id))?.has_password, true);
  assert.equal((await recoveryLinks.findAccount(eve.id))?.has_password, false);
  assert.equal(await recoveryLinks.findAccount(999), undefined);
});

test("recovery links: those that expired long ago are deleted, and no others", async (t) => {
  const { repositories, database } = await startApp(t);
  const { users, recoveryLinks } = repositories;
  const { id: user_id } = await users.create({ email: "ann@example.com" });
  for (const token of [randomToken(), randomToken()])
    await recoveryLinks.create({ user_id, token, created_by_id: null });
  await database("one_time_links").whereNotNull("ended_at").update({ expires_at: "2026-01-01T00:00:00.000000Z" });

  await recoveryLinks.deleteOld();

  const left = await database("one_time_links");
  assert.equal(left.length, 1);
  assert.ok(left[0].expires_at > now());
});
