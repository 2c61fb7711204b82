import type { Knex } from "knex";

import { daysFromNow, moment, now } from "../clock.ts";
import type { Moment } from "../clock.ts";
import { digest } from "../secrets.ts";

/** How many failures are free, and how the wait then grows. Waits are in seconds, doubled with each further failure. */
export interface AttemptLimit {
  free: number;
  first_wait: number;
  longest_wait: number;
  /** So many failures in a row close the key until `forget`. */
  most: number;
  /** After so many hours the count begins anew. */
  hours: number;
}

/** A failed log-in costs a person nothing at first, and a guesser more and more (at most 100 in a row). */
export const accountLimit: AttemptLimit = { free: 5, first_wait: 2, longest_wait: 900, most: 100, hours: Infinity };

/** An office of some hundred people may mistype behind one address; a guesser soon waits a minute a try. */
export const addressLimit: AttemptLimit = { free: 100, first_wait: 1, longest_wait: 60, most: Infinity, hours: 1 };

interface Attempts {
  failures: number;
  counted_since: Moment;
  blocked_until: Moment;
}

/** Failed attempts per key (an account, an address), in the database so that all servers count together. */
export function attempts(database: Knex) {
  /** Gives 0 when another request was first. */
  const insert = async (key: string, next: ReturnType<typeof oneMore>): Promise<number> => {
    const made = await database("attempts")
      .insert({ key: digest(key), ...next })
      .onConflict("key")
      .ignore()
      .returning("key");
    return made.length;
  };

  return {
    /**
     * Counts an attempt as failed before its outcome is known, so that many at once gain nothing.
     * Gives 0 when it may go ahead, else the seconds to wait (Infinity when the key is closed), counting nothing.
     */
    async spend(key: string, limit: AttemptLimit): Promise<number> {
      const row: Attempts | undefined = await database("attempts")
        .where({ key: digest(key) })
        .first("failures", "counted_since", "blocked_until");
      if (row && row.failures >= limit.most) return Infinity;
      if (row && row.blocked_until > now()) return secondsUntil(row.blocked_until);

      const next = oneMore(row, limit);
      const counted = row
        ? await database("attempts")
            .where({ key: digest(key), failures: row.failures })
            .update(next)
        : await insert(key, next);
      return counted ? 0 : this.spend(key, limit);
    },

    /** Takes one failure back: the attempt succeeded. */
    async refund(key: string): Promise<void> {
      await database("attempts")
        .where({ key: digest(key) })
        .where("failures", ">", 0)
        .update({
          failures: database.raw("failures - 1"),
          blocked_until: now(),
        });
    },

    /** Forgets the failures of a key: the right password was given, or a new one was set. */
    async forget(key: string): Promise<void> {
      await database("attempts")
        .where({ key: digest(key) })
        .delete();
    },

    /** Lets a person log in again at once, however often somebody failed. */
    async forgetLogin(email: string): Promise<void> {
      await this.forget(loginKey(email));
    },

    /** Forgets what nobody failed at for a day, but for what is closed. */
    async deleteOld(): Promise<void> {
      const yesterday = daysFromNow(-1);
      await database("attempts").where("failed_at", "<", yesterday).where("failures", "<", accountLimit.most).delete();
    },
  };
}

/** What failed log-ins of one account are counted under. */
export function loginKey(email: string): string {
  return `login ${email.toLowerCase()}`;
}

function oneMore(row: Attempts | undefined, limit: AttemptLimit) {
  const counts = row && Date.parse(row.counted_since) + limit.hours * 3_600_000 > Date.now();
  const failures = counts ? row.failures + 1 : 1;
  const blocked_until = moment(Date.now() + waitAfter(failures, limit) * 1000);
  return { failures, counted_since: counts ? row.counted_since : now(), failed_at: now(), blocked_until };
}

function waitAfter(failures: number, limit: AttemptLimit): number {
  if (failures < limit.free) return 0;
  return Math.min(limit.first_wait * 2 ** (failures - limit.free), limit.longest_wait);
}

function secondsUntil(moment: string): number {
  return Math.max(1, Math.ceil((Date.parse(moment) - Date.now()) / 1000));
}
