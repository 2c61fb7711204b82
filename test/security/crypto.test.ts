import assert from "node:assert/strict";
import { test } from "node:test";

import { createCipher, deriveKey, randomToken } from "../../src/security/crypto.ts";

const sealer = createCipher("the secret of this server");

test("secrets: what is sealed is opened with the same key only", () => {
  const sealed = sealer.encrypt("tökën");

  assert.equal(sealer.decrypt(sealed), "tökën");
  assert.throws(() => createCipher("the secret of another server").decrypt(sealed));
});

test("secrets: the same text is sealed differently each time, and shows nothing of itself", () => {
  const [first, second] = [sealer.encrypt("token"), sealer.encrypt("token")];

  assert.notEqual(first, second);
  assert.ok(!Buffer.from(first, "base64").includes("token"));
});

test("secrets: a sealed text that was changed, anywhere, is not opened", () => {
  const bytes = Buffer.from(sealer.encrypt("token"), "base64");

  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => sealer.decrypt(changed.toString("base64")), `byte ${at}`);
  }
  for (const length of [0, 11, 12, 16, 20, 27, 28, bytes.length - 1])
    assert.throws(() => sealer.decrypt(bytes.subarray(0, length).toString("base64")), `${length} bytes`);
});

test("secrets: keys for different purposes have nothing in common", () => {
  const passwords = deriveKey("secret", "passwords", 32);

  assert.equal(passwords.length, 32);
  assert.ok(passwords.equals(deriveKey("secret", "passwords", 32)));
  assert.ok(!passwords.equals(deriveKey("secret", "sealed secrets", 32)));
});

test("secrets: a thousand tokens are all different, of letters and digits", () => {
  const tokens = new Set(Array.from({ length: 1000 }, () => randomToken()));

  assert.equal(tokens.size, 1000);
  for (const token of tokens) assert.match(token, /^[A-Za-z0-9]{40}$/);
});
