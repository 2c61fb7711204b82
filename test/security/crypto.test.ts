import assert from "node:assert/strict";
import { test } from "node:test";

import { createCipher, deriveKey, randomToken } from "../../src/security/crypto.ts";

const cipher = createCipher("the secret of this server");

test("crypto: only the same key decrypts a text", () => {
  const encrypted = cipher.encrypt("tökën");

  assert.equal(cipher.decrypt(encrypted), "tökën");
  assert.throws(() => createCipher("the secret of another server").decrypt(encrypted));
});

test("crypto: the same text is encrypted differently each time, and does not contain it", () => {
  const [first, second] = [cipher.encrypt("token"), cipher.encrypt("token")];

  assert.notEqual(first, second);
  assert.ok(!Buffer.from(first, "base64").includes("token"));
});

test("crypto: an encrypted text that was changed, anywhere, is not decrypted", () => {
  const bytes = Buffer.from(cipher.encrypt("token"), "base64");

  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => cipher.decrypt(changed.toString("base64")), `byte ${at}`);
  }
  for (const length of [0, 11, 12, 16, 20, 27, 28, bytes.length - 1])
    assert.throws(() => cipher.decrypt(bytes.subarray(0, length).toString("base64")), `${length} bytes`);
});

test("crypto: keys for different purposes have nothing in common", () => {
  const passwords = deriveKey("secret", "passwords", 32);

  assert.equal(passwords.length, 32);
  assert.ok(passwords.equals(deriveKey("secret", "passwords", 32)));
  assert.ok(!passwords.equals(deriveKey("secret", "sealed secrets", 32)));
});

test("crypto: a thousand tokens are all different, of letters and digits", () => {
  const tokens = new Set(Array.from({ length: 1000 }, () => randomToken()));

  assert.equal(tokens.size, 1000);
  for (const token of tokens) assert.match(token, /^[A-Za-z0-9]{40}$/);
});
