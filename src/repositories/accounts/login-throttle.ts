import ipaddr from "ipaddr.js";
import type { Knex } from "knex";
import pLimit from "p-limit";

import { daysFromNow, now, toTimestamp } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";

/** Exponential backoff: no wait for the first failures (or attempts), then a wait in seconds that doubles with each further one. */
interface ThrottleLimit {
  free_failures: number;
  first_wait: number;
  max_wait: number;
  /** This many failures in a row block the key until it is reset. */
  max_failures: number;
  /** The count starts again after this many hours. */
  window_hours: number;
}

const accountLimit: ThrottleLimit = {
  free_failures: 5,
  first_wait: 2,
  max_wait: 900,
  max_failures: 100,
  window_hours: Infinity,
};

/** A signed-in user is never blocked for good: the wait stops growing. */
const passwordCheckLimit: ThrottleLimit = { ...accountLimit, max_failures: Infinity };

/** High enough for an office of a hundred users behind one address; a guesser soon waits a minute for each attempt. */
const addressLimit: ThrottleLimit = {
  free_failures: 100,
  first_wait: 1,
  max_wait: 60,
  max_failures: Infinity,
  window_hours: 1,
};

/** Sign-ups from an address: a class or an office may join by its invitation within an hour. */
const invitedSignupLimit: ThrottleLimit = { ...addressLimit, free_failures: 200 };
const openSignupLimit: ThrottleLimit = { ...addressLimit, free_failures: 20 };

/** Requests of a recovery link by mail from an address. */
const recoveryAddressLimit: ThrottleLimit = { ...addressLimit, free_failures: 20 };

/** Mails with a link for one account: three, then one each quarter of an hour, and at last one an hour. */
const linkMailLimit: ThrottleLimit = {
  free_failures: 3,
  first_wait: 900,
  max_wait: 3_600,
  max_failures: Infinity,
  window_hours: 24,
};

const never = toTimestamp(Date.UTC(9999, 11, 31));

interface Attempts {
  failures: number;
  window_started_at: Timestamp;
  blocked_until: Timestamp;
}

/** Failed attempts by key (an account or an address), in the database so that all servers share the counts. */
export function loginThrottle(database: Knex) {
  const find = (key: string): Promise<Attempts | undefined> =>
    database("login_attempts")
      .where({ key: digest(key) })
      .first("failures", "window_started_at", "blocked_until");

  /** Optimistic locking: returns false when another request changed the count in between. */
  const recordAttempt = async (key: string, row: Attempts | undefined, limit: ThrottleLimit): Promise<boolean> => {
    const next = nextAttempts(row, limit);
    if (row) {
      const { failures } = row;
      return (
        (await database("login_attempts")
          .where({ key: digest(key), failures })
          .update(next)) > 0
      );
    }
    const inserted = await database("login_attempts")
      .insert({ key: digest(key), ...next })
      .onConflict("key")
      .ignore()
      .returning("key");
    return inserted.length > 0;
  };

  /** Attempts at the same time would try again whenever another was counted first, which grows with their square. */
  const oneAtATime = pLimit(1);

  const tryToConsume = async (key: string, limit: ThrottleLimit): Promise<number> => {
    const row = await find(key);
    return remainingWait(row, limit) || ((await recordAttempt(key, row, limit)) ? 0 : tryToConsume(key, limit));
  };

  /** Counts an attempt as failed before its result is known, so that parallel attempts gain nothing; not while it must wait. */
  const consume = (key: string, limit: ThrottleLimit) => oneAtATime(() => tryToConsume(key, limit));

  const reset = async (key: string): Promise<void> => {
    await database("login_attempts")
      .where({ key: digest(key) })
      .delete();
  };

  return {
    /**
     * Call before a log-in is tried. Returns the seconds to wait, 0 for none and Infinity when the account is blocked. The
     * attempt counts against the account at once, but against the address only if it fails: a whole office may sign in at
     * the same time.
     */
    async consumeLogin(email: string, address: string): Promise<number> {
      return (
        remainingWait(await find(addressKey(address)), addressLimit) || (await consume(accountKey(email), accountLimit))
      );
    },

    /** Returns the seconds until another log-in from this address may be tried. */
    async addressWait(address: string): Promise<number> {
      return remainingWait(await find(addressKey(address)), addressLimit);
    },

    /** Returns the seconds until another log-in to this account may be tried, Infinity when it is blocked. */
    async accountWait(email: string): Promise<number> {
      return remainingWait(await find(accountKey(email)), accountLimit);
    },

    /** Counts a failed log-in against its address. */
    async recordFailure(address: string): Promise<void> {
      const key = addressKey(address);
      await oneAtATime(async () => {
        while (!(await recordAttempt(key, await find(key), addressLimit)));
      });
    },

    /** Call before an account is made. Returns the seconds until this address may make another, 0 for none; it counts at once. */
    async consumeSignup(address: string, { isInvited }: { isInvited: boolean }): Promise<number> {
      return consume(`signup ${addressKey(address)}`, isInvited ? invitedSignupLimit : openSignupLimit);
    },

    /** Call before a recovery link by mail is asked for. Returns the seconds until this address may ask again, 0 for none. */
    async consumeRecovery(address: string): Promise<number> {
      return consume(`recovery ${addressKey(address)}`, recoveryAddressLimit);
    },

    /** Call before a recovery link is sent. Returns false if this account was sent too many. */
    async consumeRecoveryMail(user_id: number): Promise<boolean> {
      return (await consume(`recovery mail of ${user_id}`, linkMailLimit)) === 0;
    },

    /** Call before a link to confirm a new email is sent. Returns the seconds until this user may ask for another, 0 for none. */
    async consumeEmailChange(user_id: number): Promise<number> {
      return consume(`email change of ${user_id}`, linkMailLimit);
    },

    /** After a successful log-in, and to unblock an account. */
    async resetLogin(email: string): Promise<void> {
      await reset(accountKey(email));
    },

    /**
     * The same as `consumeLogin` before a signed-in user's password is verified again. It has a count of its own, so that
     * strangers who guess at log-in can't lock a user out of their settings.
     */
    async consumePasswordCheck(user_id: number): Promise<number> {
      return consume(passwordCheckKey(user_id), passwordCheckLimit);
    },

    async resetPasswordCheck(user_id: number): Promise<void> {
      await reset(passwordCheckKey(user_id));
    },

    /** The same before a code of the second factor is checked, which comes after the right password. */
    async consumeSecondFactor(user_id: number): Promise<number> {
      return consume(secondFactorKey(user_id), accountLimit);
    },

    /** Returns the seconds until another code may be tried, Infinity when the user is blocked. */
    async secondFactorWait(user_id: number): Promise<number> {
      return remainingWait(await find(secondFactorKey(user_id)), accountLimit);
    },

    async resetSecondFactor(user_id: number): Promise<void> {
      await reset(secondFactorKey(user_id));
    },

    /** Deletes counts without a failure for a day, unless their key is still blocked. */
    async deleteOld(): Promise<void> {
      await database("login_attempts")
        .where("last_failed_at", "<=", daysFromNow(-1))
        .where("blocked_until", "<=", now())
        .delete();
    },
  };
}

function accountKey(email: string): string {
  return `login ${email.toLowerCase()}`;
}

/** One IPv6 host usually has a whole /64 prefix; an IPv4 address may arrive mapped to IPv6. */
function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return `address ${address}`;
  const ip = ipaddr.process(address);
  if (!(ip instanceof ipaddr.IPv6)) return `address ${ip.toString()}`;
  const prefix = ip.parts.slice(0, 4).map((part) => part.toString(16));
  return `address ${prefix.join(":")}/64`;
}

function secondFactorKey(user_id: number): string {
  return `second factor of ${user_id}`;
}

function passwordCheckKey(user_id: number): string {
  return `password of ${user_id}`;
}

function nextAttempts(row: Attempts | undefined, limit: ThrottleLimit) {
  const at = Date.now();
  const isInWindow = row && Date.parse(row.window_started_at) + limit.window_hours * 3_600_000 > at;
  const failures = isInWindow ? row.failures + 1 : 1;
  const isBlocked = failures >= limit.max_failures;
  const blocked_until = isBlocked ? never : toTimestamp(at + waitAfter(failures, limit) * 1000);
  return {
    failures,
    window_started_at: isInWindow ? row.window_started_at : toTimestamp(at),
    last_failed_at: toTimestamp(at),
    blocked_until,
  };
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
