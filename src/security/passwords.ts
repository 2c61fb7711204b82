import { createHmac } from "node:crypto";

import bcrypt from "bcrypt";
import pLimit from "p-limit";

import { verifyDjangoHash } from "./django-hash.ts";
import { deriveKey } from "./crypto.ts";

/** Longer ones are refused before any work is done. Counted in code points. */
export const passwordMaxLength = 128;

/** So many wait for their turn at most: some ten seconds, or two minutes while passwords of Label Studio are left. */
const longestQueue = 500;

/** More at once than can be done: as an answer, 429. */
export class PasswordQueueFullError extends Error {
  readonly status = 429;
}

/** What is kept of a person's password; nothing of somebody who is not there. */
export interface StoredPassword {
  hash?: string | undefined;
  /** What came from Label Studio, until the next log-in. */
  imported?: string | null | undefined;
  /** The most iterations that any imported one needs: so many are spent on everybody who is refused. */
  iterations?: number;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * A password that is wrong takes the same time whatever is kept of the right one. `mayTry` is asked when it is the
   * password's turn.
   */
  verify(password: string, kept: StoredPassword, mayTry?: () => Promise<boolean>): Promise<boolean>;
  /** Whether a hash was made with less work than is asked for today, or is not ours. */
  needsRehash(hash: string): boolean;
}

/**
 * bcrypt over a keyed digest of the password, because bcrypt itself ignores everything after the 72nd byte.
 * The key comes from the server's secret: a copy of the database alone is not enough to guess passwords.
 */
export function createPasswordHasher({ secretKey, cost }: { secretKey: string; cost: number }): PasswordHasher {
  const key = deriveKey(secretKey, "passwords", 48);
  const digested = (password: string) => createHmac("sha384", key).update(password).digest("base64");
  // Node's thread pool has four threads, and the database's queries need some of them.
  const limit = pLimit(2);
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (limit.pendingCount >= longestQueue) throw new PasswordQueueFullError("Too many passwords at once");
    return limit(work);
  };
  // Of the right shape and cost, but the hash of nothing.
  const nobody = `$2b$${String(cost).padStart(2, "0")}$${".".repeat(53)}`;

  return {
    hash: (password) => inTurn(() => bcrypt.hash(digested(password), cost)),
    verify: async (password, { hash, imported, iterations = 0 }, mayTry = async () => true) => {
      if ([...password].length > passwordMaxLength) return false;
      return inTurn(async () => {
        if (!(await mayTry())) return false;
        if (await bcrypt.compare(digested(password), hash || nobody)) return true;
        return verifyDjangoHash(password, imported ?? "", iterations);
      });
    },
    needsRehash: (hash) => hash === "" || bcrypt.getRounds(hash) < cost,
  };
}
