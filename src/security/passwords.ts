import { createHmac } from "node:crypto";

import bcrypt from "bcrypt";

import { FairQueue } from "../common/fair-queue.ts";
import type { Turn } from "../common/fair-queue.ts";
import { hashWithBcrypt, matchesBcrypt } from "./bcrypt.ts";
import { deriveKey } from "./crypto.ts";
import { verifyDjangoHash } from "./django-hash.ts";

/** In code points. Longer passwords are refused before anything is hashed. */
export const passwordMaxLength = 128;

/** Two hash at a time, since there may be no more processors than that. The rest is some five seconds of work. */
const queueLimits = { concurrency: 2, maxWaitingOfKind: 250, maxWaitingOfClient: 100 };

/** How long it takes until those who wait are through, about; `Retry-After` for those who may not wait. */
export const queueSeconds = 5;

/** Whose password it is, when that is not said: everybody's. */
const anyTurn: Turn = { kind: "account", client: "" };

/** The stored hashes of a user; empty for an unknown email, so that the response time does not reveal it. */
export interface PasswordHashes {
  hash?: string | undefined;
  /** The secret key that `hash` was made with, if it was replaced since. */
  previous_key?: string | undefined;
  /** Label Studio's hash, until the user's first log-in. */
  imported?: string | null | undefined;
  /** The highest number of iterations of any imported hash: every password that is refused costs as many. */
  iterations?: number;
}

export interface PasswordHasher {
  /** Throws QueueFullError while too many passwords wait. */
  hash(password: string, turn?: Turn): Promise<string>;
  /**
   * Whether the password matches one of the hashes. A wrong password takes the same time whatever is stored. `mayTry` is called
   * when the queue has come to this password, and refuses it with false. Throws QueueFullError while too many passwords wait.
   */
  verify(
    password: string,
    hashes: PasswordHashes,
    options?: { turn?: Turn; mayTry?: () => Promise<boolean> },
  ): Promise<boolean>;
  /** Whether the hash has a lower cost than is configured, is of a previous secret key, or is not of bcrypt. */
  needsRehash(hashes: Pick<PasswordHashes, "previous_key"> & { hash: string }): boolean;
}

/**
 * Hashes with bcrypt over a keyed digest of the password, because bcrypt itself ignores everything after the 72nd byte. The key
 * is derived from the server's secret key: a copy of the database alone is not enough to guess passwords.
 */
export function createPasswordHasher({ secretKey, cost }: { secretKey: string; cost: number }): PasswordHasher {
  const key = derivePasswordKey(secretKey);
  const queue = new FairQueue(queueLimits);
  // A valid hash of the same cost that no password matches.
  const dummyHash = `$2b$${String(cost).padStart(2, "0")}$${".".repeat(53)}`;

  return {
    hash: (password, turn = anyTurn) => queue.run(turn, () => hashWithBcrypt(keyedDigest(password, key), cost)),
    verify: async (
      password,
      { hash, previous_key, imported, iterations = 0 },
      { turn = anyTurn, mayTry = async () => true } = {},
    ) => {
      if ([...password].length > passwordMaxLength) return false;
      return queue.run(turn, async () => {
        if (!(await mayTry())) return false;
        const hashKey = previous_key === undefined ? key : derivePasswordKey(previous_key);
        if (await matchesBcrypt(keyedDigest(password, hashKey), hash || dummyHash)) return true;
        return verifyDjangoHash(password, imported ?? "", iterations);
      });
    },
    needsRehash: ({ hash, previous_key }) => previous_key !== undefined || hash === "" || bcrypt.getRounds(hash) < cost,
  };
}

function derivePasswordKey(secretKey: string): Buffer {
  return deriveKey(secretKey, "passwords", 48);
}

function keyedDigest(password: string, key: Buffer): string {
  return createHmac("sha384", key).update(password).digest("base64");
}
