import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomInt,
} from "node:crypto";

import { OperationalError } from "../common/operational-error.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Returns a new token of `length` letters and digits from a cryptographic random source; 40 have 238 bits of entropy. */
export function randomToken(length = 40): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}

/** Returns the SHA-256 of a secret in 64 hexadecimal digits, to store when the secret is only ever compared. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Derives a key of `bytes` bytes for one purpose from the server's secret key (HKDF-SHA-256, RFC 5869). */
export function deriveKey(secretKey: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secretKey, "atelier", purpose, bytes));
}

/**
 * Returns a token of 43 letters, digits, `-` and `_` (256 bits) that is the same whenever it is derived for this purpose and text,
 * and that nobody can compute without the server's secret key.
 */
export function deriveToken(secretKey: string, purpose: string, text: string): string {
  return createHmac("sha256", deriveKey(secretKey, purpose, 32))
    .update(text)
    .digest("base64url");
}

/** Data was encrypted with another secret key. The message says what to do. */
export class WrongKeyError extends OperationalError {}

/** The error for a database whose secrets are encrypted with another secret key. */
export function createWrongKeyError(cause?: unknown): WrongKeyError {
  return new WrongKeyError(
    "The secret key is not the one this database is used with: put back the .env of its data folder, or set LABEL_STUDIO_SECRET_KEY; all servers of a database need the same one. If it is lost for good: label-studio secret-key reset.",
    { cause },
  );
}

/** Encrypts secrets that must be shown again, so that a copy of the database alone does not reveal them. */
export interface Cipher {
  encrypt(secret: string): string;
  /** Throws WrongKeyError if the text was encrypted with another key or was changed. */
  decrypt(encrypted: string): string;
}

/** Creates an AES-256-GCM cipher. Encrypted text is base64 of nonce (12 bytes), tag (16 bytes), ciphertext. */
export function createCipher(secretKey: string): Cipher {
  const key = deriveKey(secretKey, "sealed secrets", 32);
  return {
    encrypt(secret) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64");
    },
    decrypt(encrypted) {
      const bytes = Buffer.from(encrypted, "base64");
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
      } catch (error) {
        throw createWrongKeyError(error);
      }
    },
  };
}
