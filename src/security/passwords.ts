import { createHmac } from "node:crypto";

import bcrypt from "bcrypt";
import pLimit from "p-limit";

import { deriveKey } from "./crypto.ts";
import { verifyDjangoHash } from "./django-hash.ts";

/** In code points. Longer passwords are refused before anything is hashed. */
export const passwordMaxLength = 128;

/** Some ten seconds of work, or two minutes while hashes of Label Studio remain. */
const maxQueueLength = 500;

/** Answered with 429 Too Many Requests. */
class PasswordQueueFullError extends Error {
  readonly status = 429;
}

/** The stored hashes of a user; empty for an unknown email, so that the response time does not reveal it. */
export interface PasswordHashes {
  hash?: string | undefined;
  /** Label Studio's hash, until the user's first log-in. */
  imported?: string | null | undefined;
  /** The highest number of iterations of any imported hash: every password that is refused costs as many. */
  iterations?: number;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * Whether the password matches one of the hashes. A wrong password takes the same time whatever is stored. `mayTry` is called
   * when the queue has come to this password, and refuses it with false.
   */
  verify(password: string, hashes: PasswordHashes, mayTry?: () => Promise<boolean>): Promise<boolean>;
  /** Whether the hash has a lower cost than is configured, or is not of bcrypt. */
  needsRehash(hash: string): boolean;
}

/**
 * Hashes with bcrypt over a keyed digest of the password, because bcrypt itself ignores everything after the 72nd byte. The key
 * is derived from the server's secret key: a copy of the database alone is not enough to guess passwords.
 */
export function createPasswordHasher({ secretKey, cost }: { secretKey: string; cost: number }): PasswordHasher {
  const key = deriveKey(secretKey, "passwords", 48);
  const keyedDigest = (password: string) => createHmac("sha384", key).update(password).digest("base64");
  // Node's thread pool has four threads, and the database's queries need some of them.
  const limit = pLimit(2);
  const enqueue = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (limit.pendingCount >= maxQueueLength) throw new PasswordQueueFullError("Too many passwords at once");
    return limit(work);
  };
  // A valid hash of the same cost that no password matches.
  const dummyHash = `$2b$${String(cost).padStart(2, "0")}$${".".repeat(53)}`;

  return {
    hash: (password) => enqueue(() => bcrypt.hash(keyedDigest(password), cost)),
    verify: async (password, { hash, imported, iterations = 0 }, mayTry = async () => true) => {
      if ([...password].length > passwordMaxLength) return false;
      return enqueue(async () => {
        if (!(await mayTry())) return false;
        if (await bcrypt.compare(keyedDigest(password), hash || dummyHash)) return true;
        return verifyDjangoHash(password, imported ?? "", iterations);
      });
    },
    needsRehash: (hash) => hash === "" || bcrypt.getRounds(hash) < cost,
  };
}
