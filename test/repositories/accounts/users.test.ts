import assert from "node:assert/strict";
import { test } from "node:test";

import { UniqueViolationError } from "../../../src/repositories/errors.ts";
import { password, startApp } from "../../support/app.ts";

test("users: an email that is already in use creates nothing, in any case", async (t) => {
  const { repositories, database } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password });

  await assert.rejects(
    repositories.users.create({ email: "ADA@example.com", password }),
    new UniqueViolationError("email"),
  );

  assert.equal((await database("organizations").first()).member_count, 1);
});

test("users: a token that is already in use creates neither a user nor a member", async (t) => {
  const { repositories, database } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password, token: "abcdef" });

  const second = repositories.users.create({ email: "ben@example.com", password, token: "abcdef" });
  await assert.rejects(second, new UniqueViolationError("token"));

  assert.equal((await database("users")).length, 1);
  assert.equal((await database("organization_members")).length, 1);
  assert.equal((await database("organizations").first()).member_count, 1);
  assert.equal((await database("user_search_terms").where({ term: "ben" })).length, 0);
});

test("users: an email is found in capitals, too, and its password is known, at log-in and afterwards", async (t) => {
  const { users } = (await startApp(t)).repositories;
  const ada = await users.create({ email: "Ada@example.com", password });

  assert.equal((await users.findByEmail("ADA@example.com"))?.id, ada.id);
  assert.equal(await users.findByEmail("ben@example.com"), undefined);
  assert.equal((await users.authenticate("ADA@example.com", password))?.id, ada.id);
  assert.equal(await users.authenticate("ada@example.com", "wrong password"), undefined);
  assert.deepEqual(await Promise.all([password, "wrong"].map((each) => users.hasPassword(ada.id, each))), [
    true,
    false,
  ]);
});
