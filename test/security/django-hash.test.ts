import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { test } from "node:test";

import { verifyDjangoHash, parseDjangoHash } from "../../src/security/django-hash.ts";

const recorded = "pbkdf2_sha256$1000000$Na7YO7gc7baKoKgcnNZvUo$1UrTgouBTByaRDTxl64emLbIw48rgE3c0FWEEV/hTs8=";

function hashOf(password: string, iterations = 1000): string {
  const hash = pbkdf2Sync(password, "salt", iterations, 32, "sha256").toString("base64");
  return `pbkdf2_sha256$${iterations}$salt$${hash}`;
}

test("django passwords: one that Label Studio wrote is verified as it is (P8)", async () => {
  assert.equal(await verifyDjangoHash("analytical engine", recorded, 0), true);
  assert.equal(await verifyDjangoHash("analytical engines", recorded, 0), false);
});

test("django passwords: each sign counts, in UTF-8 (P6, P8)", async () => {
  const long = "ø".repeat(100);

  assert.equal(await verifyDjangoHash(long, hashOf(long), 1000), true);
  assert.equal(await verifyDjangoHash(`${long.slice(0, -1)}o`, hashOf(long), 1000), false);
  assert.equal(await verifyDjangoHash(` ${long}`, hashOf(long), 1000), false);
});

test("django passwords: what is no hash of this kind matches nothing, not even nothing", async () => {
  const short = hashOf("secret").slice(0, -4);
  for (const text of [
    "",
    "!",
    "!unusable",
    "secret",
    "pbkdf2_sha1$1$a$b",
    "bcrypt_sha256$$2b$12$x",
    short,
    hashOf("secret").replace("1000", "99000000"),
  ]) {
    assert.equal(parseDjangoHash(text), undefined, text);
    for (const password of ["", "secret", text]) assert.equal(await verifyDjangoHash(password, text, 0), false);
  }
});
