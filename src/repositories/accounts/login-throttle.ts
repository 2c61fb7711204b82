import { isIPv6 } from "node:net";

import type { Knex } from "knex";

import { daysFromNow, toTimestamp, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";

/** How many failures are free, and how the wait then grows. Waits are in seconds, doubled with each further failure. */
interface ThrottleLimit {
  free_failures: number;
  first_wait: number;
  max_wait: number;
  /** So many failures in a row close the key until `forget`. */
  max_failures: number;
  /** After so many hours the count begins anew. */
  window_hours: number;
}

/** A failed log-in costs a person nothing at first, and a guesser more and more (at most 100 in a row). */
const accountLimit: ThrottleLimit = {
  free_failures: 5,
  first_wait: 2,
  max_wait: 900,
  max_failures: 100,
  window_hours: Infinity,
};

/** A signed-in person is never shut out for good: the wait stops growing. */
const passwordCheckLimit: ThrottleLimit = { ...accountLimit, max_failures: Infinity };

/** An office of some hundred people may mistype behind one address; a guesser soon waits a minute a try. */
const addressLimit: ThrottleLimit = {
  free_failures: 100,
  first_wait: 1,
  max_wait: 60,
  max_failures: Infinity,
  window_hours: 1,
};

const never = toTimestamp(Date.UTC(9999, 11, 31));

interface Attempts {
  failures: number;
  counted_since: Timestamp;
  blocked_until: Timestamp;
}

/** Failed attempts per key (an account, an address), in the database so that all servers count together. */
export function loginThrottle(database: Knex) {
  const find = (key: string): Promise<Attempts | undefined> =>
    database("attempts")
      .where({ key: digest(key) })
      .first("failures", "counted_since", "blocked_until");

  /** Counts one more failure; gives false when another request changed the count meanwhile. */
  const recordAttempt = async (key: string, row: Attempts | undefined, limit: ThrottleLimit): Promise<boolean> => {
    const next = nextAttempts(row, limit);
    if (row) {
      const { failures } = row;
      return (
        (await database("attempts")
          .where({ key: digest(key), failures })
          .update(next)) > 0
      );
    }
    const made = await database("attempts")
      .insert({ key: digest(key), ...next })
      .onConflict("key")
      .ignore()
      .returning("key");
    return made.length > 0;
  };

  /** Counts an attempt as failed before its outcome is known, so that many at once gain nothing. Counts none that must wait. */
  const consume = async (key: string, limit: ThrottleLimit): Promise<number> => {
    const row = await find(key);
    return remainingWait(row, limit) || ((await recordAttempt(key, row, limit)) ? 0 : consume(key, limit));
  };

  const reset = async (key: string): Promise<void> => {
    await database("attempts")
      .where({ key: digest(key) })
      .delete();
  };

  return {
    /**
     * Before a log-in is tried: the seconds to wait, 0 for none, Infinity when the account is closed. Counts against the
     * account at once, but against the address only when it failed: an office signs in all at the same time.
     */
    async consumeLogin(email: string, address: string): Promise<number> {
      return (
        remainingWait(await find(addressKey(address)), addressLimit) || (await consume(loginKey(email), accountLimit))
      );
    },

    /** The seconds until another log-in from this address may be tried. */
    async addressWait(address: string): Promise<number> {
      return remainingWait(await find(addressKey(address)), addressLimit);
    },

    /** After a log-in that failed. */
    async recordFailure(address: string): Promise<void> {
      const key = addressKey(address);
      while (!(await recordAttempt(key, await find(key), addressLimit)));
    },

    /** After a log-in that succeeded, and for a person who may try again at once, however often somebody failed. */
    async resetLogin(email: string): Promise<void> {
      await reset(loginKey(email));
    },

    /**
     * Before a signed-in person's password is asked for once more: as `spendLogin`. Counted apart, so that a stranger who
     * guesses at log-in keeps nobody out here.
     */
    async consumePasswordCheck(user_id: number): Promise<number> {
      return consume(passwordKey(user_id), passwordCheckLimit);
    },

    async resetPasswordCheck(user_id: number): Promise<void> {
      await reset(passwordKey(user_id));
    },

    /** Forgets what nobody failed at for a day, but for what is closed. */
    async deleteOld(): Promise<void> {
      await database("attempts").where("failed_at", "<", daysFromNow(-1)).where("blocked_until", "<", now()).delete();
    },
  };
}

function loginKey(email: string): string {
  return `login ${email.toLowerCase()}`;
}

/** One host has a whole /64 of IPv6 addresses; an IPv4 address may come written as IPv6. */
function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return `address ${plain}`;
  const [start = "", end] = plain.split("::");
  const groups = start.split(":").filter(Boolean);
  const zeros = end === undefined ? 0 : 8 - groups.length - end.split(":").filter(Boolean).length;
  const all = [...groups, ...Array<string>(zeros).fill("0"), ...(end ?? "").split(":")];
  return `address ${all.slice(0, 4).join(":")}/64`;
}

function passwordKey(user_id: number): string {
  return `password of ${user_id}`;
}

function nextAttempts(row: Attempts | undefined, limit: ThrottleLimit) {
  const counts = row && Date.parse(row.counted_since) + limit.window_hours * 3_600_000 > Date.now();
  const failures = counts ? row.failures + 1 : 1;
  const blocked_until =
    failures < limit.max_failures ? toTimestamp(Date.now() + waitAfter(failures, limit) * 1000) : never;
  return { failures, counted_since: counts ? row.counted_since : now(), failed_at: now(), blocked_until };
}

function waitAfter(failures: number, limit: ThrottleLimit): number {
  if (failures < limit.free_failures) return 0;
  return Math.min(limit.first_wait * 2 ** (failures - limit.free_failures), limit.max_wait);
}

function remainingWait(row: Attempts | undefined, limit: ThrottleLimit): number {
  if (!row || row.failures < limit.free_failures) return 0;
  if (row.failures >= limit.max_failures) return Infinity;
  const seconds = Math.ceil((Date.parse(row.blocked_until) - Date.now()) / 1000);
  return Math.max(0, seconds);
}
