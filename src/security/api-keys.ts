import { crc32 } from "node:zlib";

import { randomToken } from "./crypto.ts";

/** With which every key begins: what looks like one is found in code and logs by it. */
export const apiKeyPrefix = "atl_";

/** Characters of the random part: 30 letters and digits have 178 bits of entropy. */
const randomLength = 30;

/** Characters of the checksum, which is a CRC-32 in base62: 62 ** 6 is more than 2 ** 32. */
const checksumLength = 6;

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Returns a new key: the prefix, random letters and digits, and a checksum of them, as GitHub's tokens have it. */
export function newApiKey(): string {
  const random = randomToken(randomLength);
  return `${apiKeyPrefix}${random}${checksumOf(random)}`;
}

/** Whether a token is meant as a key, which no token of another kind is. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith(apiKeyPrefix);
}

/** Whether a text is a whole key: a mistyped, cut or made-up one is refused without asking the database. */
export function isWellFormedApiKey(token: string): boolean {
  const match = /^atl_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/.exec(token);
  return match?.[1] !== undefined && checksumOf(match[1]) === match[2];
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = "";
  while (digits.length < checksumLength) {
    digits = `${base62[rest % 62]}${digits}`;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
