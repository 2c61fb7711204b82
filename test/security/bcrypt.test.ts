import assert from "node:assert/strict";
import { test } from "node:test";

import bcrypt from "bcrypt";

import { hashWithBcrypt, matchesBcrypt } from "../../src/security/bcrypt.ts";

test("bcrypt: many passwords at once, which threads share, each get their own hash", async () => {
  const passwords = Array.from({ length: 8 }, (_, number) => `open meadow ${number}`);

  const hashes = await Promise.all(passwords.map((password) => hashWithBcrypt(password, 4)));

  for (const [index, hash] of hashes.entries()) assert.ok(await bcrypt.compare(passwords[index] ?? "", hash));
});

test("bcrypt: many answers at once are each about their own password", async () => {
  const hash = await bcrypt.hash("open meadow", 4);
  const typed = ["open meadow", "other", "open meadow", "", "open meadow "];

  const answers = await Promise.all(typed.map((password) => matchesBcrypt(password, hash)));

  assert.deepEqual(answers, [true, false, true, false, false]);
});

test("bcrypt: a hash of another kind matches nothing, alone or beside others", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => matchesBcrypt("open meadow", "no hash")));

  assert.deepEqual(answers, [false, false, false]);
});
