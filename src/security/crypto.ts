import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, randomInt } from "node:crypto";

import { OperationalError } from "../common/operational-error.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A new token of `length` letters and digits from the system's random source; 40 of them hold 238 bits. */
export function randomToken(length = 40): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}

/** What is kept of a secret that is only ever compared: its SHA-256, as 64 hexadecimal characters. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** A key of `bytes` bytes for one purpose, derived from the server's secret (HKDF-SHA-256, RFC 5869). */
export function deriveKey(secretKey: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secretKey, "atelier", purpose, bytes));
}

/** Something was sealed with another key. The message says what to do. */
export class WrongKeyError extends OperationalError {}

/** For a database that is used with another secret key. */
export function createWrongKeyError(cause?: unknown): WrongKeyError {
  return new WrongKeyError(
    "The secret key is not the one this database is used with: put back the .env of its data folder, or set LABEL_STUDIO_SECRET_KEY; all servers of a database need the same one.",
    { cause },
  );
}

/** Seals secrets that must be shown again, so that the database alone does not give them away. */
export interface Cipher {
  encrypt(secret: string): string;
  /** Throws SealError when the text was sealed with another key or was changed. */
  decrypt(sealed: string): string;
}

/** AES-256-GCM; the sealed text is base64 of nonce (12 bytes), tag (16 bytes), ciphertext. */
export function createCipher(secretKey: string): Cipher {
  const key = deriveKey(secretKey, "sealed secrets", 32);
  return {
    encrypt(secret) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64");
    },
    decrypt(sealed) {
      const bytes = Buffer.from(sealed, "base64");
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
