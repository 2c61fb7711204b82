import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";

import { isWellFormedApiKey, looksLikeApiKey, newApiKey } from "../../src/security/api-keys.ts";

test("keys: each is a word of its prefix, 178 random bits in base62 and a checksum (T6)", () => {
  const keys = Array.from({ length: 200 }, newApiKey);

  for (const key of keys) {
    assert.match(key, /^atl_[0-9A-Za-z]{36}$/, "a double click selects all of it");
    assert.ok(isWellFormedApiKey(key));
    assert.ok(looksLikeApiKey(key));
  }
  assert.equal(new Set(keys.map((key) => key.slice(4, 34))).size, keys.length);
  assert.ok(Math.log2(62 ** 30) >= 160);
});

test("keys: the checksum is the CRC-32 of the random part in six digits of base62 (T6)", () => {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const key = newApiKey();
  let checksum = 0;
  for (const digit of key.slice(34)) checksum = checksum * 62 + digits.indexOf(digit);

  assert.equal(checksum, crc32(key.slice(4, 34)));
});

test("keys: a changed, cut or longer one is not well-formed (T6)", () => {
  const key = newApiKey();
  const others = [...key].map((letter, at) => `${key.slice(0, at)}${letter === "x" ? "y" : "x"}${key.slice(at + 1)}`);

  for (const other of [...others, key.slice(0, -1), `${key}0`, ` ${key}`, `${key}\n`, "atl_", "", key.toUpperCase()])
    assert.ok(!isWellFormedApiKey(other), JSON.stringify(other));
});
