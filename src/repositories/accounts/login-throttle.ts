import { isIPv6 } from "node:net";

import type { Knex } from "knex";

import { daysFromNow, toTimestamp, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";

/** How many failures are free, and how the wait then grows. Waits are in seconds, doubled with each further failure. */
interface AttemptLimit {
  free: number;
  first_wait: number;
  longest_wait: number;
  /** So many failures in a row close the key until `forget`. */
  most: number;
  /** After so many hours the count begins anew. */
  hours: number;
}

/** A failed log-in costs a person nothing at first, and a guesser more and more (at most 100 in a row). */
const accountLimit: AttemptLimit = { free: 5, first_wait: 2, longest_wait: 900, most: 100, hours: Infinity };

/** A signed-in person is never shut out for good: the wait stops growing. */
const passwordCheckLimit: AttemptLimit = { ...accountLimit, most: Infinity };

/** An office of some hundred people may mistype behind one address; a guesser soon waits a minute a try. */
const addressLimit: AttemptLimit = { free: 100, first_wait: 1, longest_wait: 60, most: Infinity, hours: 1 };

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
  const count = async (key: string, row: Attempts | undefined, limit: AttemptLimit): Promise<boolean> => {
    const next = oneMore(row, limit);
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
  const spend = async (key: string, limit: AttemptLimit): Promise<number> => {
    const row = await find(key);
    return secondsToWait(row, limit) || ((await count(key, row, limit)) ? 0 : spend(key, limit));
  };

  const forget = async (key: string): Promise<void> => {
    await database("attempts")
      .where({ key: digest(key) })
      .delete();
  };

  return {
    /**
     * Before a log-in is tried: the seconds to wait, 0 for none, Infinity when the account is closed. Counts against the
     * account at once, but against the address only when it failed: an office signs in all at the same time.
     */
    async spendLogin(email: string, address: string): Promise<number> {
      return (
        secondsToWait(await find(addressKey(address)), addressLimit) || (await spend(loginKey(email), accountLimit))
      );
    },

    /** The seconds until another log-in from this address may be tried. */
    async waitOfAddress(address: string): Promise<number> {
      return secondsToWait(await find(addressKey(address)), addressLimit);
    },

    /** After a log-in that failed. */
    async countFailure(address: string): Promise<void> {
      const key = addressKey(address);
      while (!(await count(key, await find(key), addressLimit)));
    },

    /** After a log-in that succeeded, and for a person who may try again at once, however often somebody failed. */
    async forgetLogin(email: string): Promise<void> {
      await forget(loginKey(email));
    },

    /**
     * Before a signed-in person's password is asked for once more: as `spendLogin`. Counted apart, so that a stranger who
     * guesses at log-in keeps nobody out here.
     */
    async spendPasswordCheck(user_id: number): Promise<number> {
      return spend(passwordKey(user_id), passwordCheckLimit);
    },

    async forgivePasswordCheck(user_id: number): Promise<void> {
      await forget(passwordKey(user_id));
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

function oneMore(row: Attempts | undefined, limit: AttemptLimit) {
  const counts = row && Date.parse(row.counted_since) + limit.hours * 3_600_000 > Date.now();
  const failures = counts ? row.failures + 1 : 1;
  const blocked_until = failures < limit.most ? toTimestamp(Date.now() + waitAfter(failures, limit) * 1000) : never;
  return { failures, counted_since: counts ? row.counted_since : now(), failed_at: now(), blocked_until };
}

function waitAfter(failures: number, limit: AttemptLimit): number {
  if (failures < limit.free) return 0;
  return Math.min(limit.first_wait * 2 ** (failures - limit.free), limit.longest_wait);
}

function secondsToWait(row: Attempts | undefined, limit: AttemptLimit): number {
  if (!row || row.failures < limit.free) return 0;
  if (row.failures >= limit.most) return Infinity;
  const seconds = Math.ceil((Date.parse(row.blocked_until) - Date.now()) / 1000);
  return Math.max(0, seconds);
}
