import type { Knex } from "knex";

import { minutesFromNow, now, toTimestamp } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockUser } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { digest, WrongKeyError } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import {
  findTotpStep,
  newRecoveryCode,
  newTotpSecret,
  normalizeRecoveryCode,
  stepSeconds,
} from "../../security/totp.ts";
import { onlyMembers, qualifiedUserColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

/** The second factor of a user. */
interface TwoFactor {
  confirmed_at: Timestamp;
  /** When the last code was accepted, to 30 seconds. */
  last_used_at: Timestamp;
  recovery_codes_left: number;
}

/** A secret that is not stored yet: the form of the page holds it, encrypted, until a code shows that an app has it. */
interface ProposedSecret {
  secret: string;
  sealed: string;
}

/** How many recovery codes one gets at once. */
export const recoveryCodeCount = 10;

/** How long the form for setting it up may stay open. */
const setupMinutes = 60;

/** The second factor at log-in: codes of an authenticator app (TOTP, RFC 6238), and recovery codes, which count once each. */
export function twoFactor(database: Knex, cipher: Cipher) {
  const createCodes = async (transaction: Knex, user_id: number): Promise<string[]> => {
    await transaction("recovery_codes").where({ user_id }).delete();
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    await transaction("recovery_codes").insert(codes.map((code) => ({ user_id, digest: digest(code) })));
    return codes;
  };

  const openSecret = (user_id: number, sealed: string): string | undefined => {
    try {
      const [owner, made_at = "", secret] = cipher.decrypt(sealed).split(" ");
      return owner === String(user_id) && made_at > minutesFromNow(-setupMinutes) ? secret : undefined;
    } catch (error) {
      if (error instanceof WrongKeyError) return undefined;
      throw error;
    }
  };

  return {
    async isEnabled(user_id: number): Promise<boolean> {
      return (await database("two_factor").where({ user_id }).first("user_id")) !== undefined;
    },

    async find(user_id: number): Promise<TwoFactor | undefined> {
      const row = await database("two_factor").where({ user_id }).first("confirmed_at", "last_step");
      if (!row) return undefined;
      const left = await database("recovery_codes")
        .where({ user_id })
        .whereNull("used_at")
        .count({ total: "*" })
        .first<{ total: number | string }>();
      return {
        confirmed_at: row.confirmed_at,
        last_used_at: toTimestamp(row.last_step * stepSeconds * 1000),
        recovery_codes_left: Number(left.total),
      };
    },

    /** Returns a secret for the user to set up; nothing is stored. `sealed`: the one of a form that came back, if it is still valid. */
    async propose(user_id: number, sealed = ""): Promise<ProposedSecret> {
      const earlier = openSecret(user_id, sealed);
      if (earlier !== undefined) return { secret: earlier, sealed };
      const secret = await newTotpSecret();
      return { secret, sealed: cipher.encrypt(`${user_id} ${now()} ${secret}`) };
    },

    /**
     * Turns the second factor on with a proposed secret and a code of it, and returns recovery codes, which are stored as digests
     * alone. Returns why not: the form is too old, the code is wrong, or it was on before.
     */
    async enable(user_id: number, sealed: string, code: string): Promise<string[] | "expired" | "wrong_code" | "on"> {
      const secret = openSecret(user_id, sealed);
      if (secret === undefined) return "expired";
      const last_step = await findTotpStep(secret, code);
      if (last_step === undefined) return "wrong_code";
      return inTransaction(database, async (transaction) => {
        const inserted = await transaction("two_factor")
          .insert({ user_id, secret_encrypted: cipher.encrypt(secret), confirmed_at: now(), last_step })
          .onConflict("user_id")
          .ignore()
          .returning("user_id");
        return inserted.length > 0 ? createCodes(transaction, user_id) : "on";
      });
    },

    /** Replaces the recovery codes. Returns undefined if the user has no second factor. */
    async renewCodes(user_id: number): Promise<string[] | undefined> {
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        if (!(await transaction("two_factor").where({ user_id }).first("user_id"))) return undefined;
        return createCodes(transaction, user_id);
      });
    },

    /** Whether a code of the app is right; each counts once, also of two requests at the same moment. */
    async verifyCode(user_id: number, code: string): Promise<boolean> {
      const row = await database("two_factor").where({ user_id }).first("secret_encrypted");
      const step = row && (await findTotpStep(cipher.decrypt(row.secret_encrypted), code));
      if (step === undefined) return false;
      const accepted = await database("two_factor")
        .where({ user_id, secret_encrypted: row.secret_encrypted })
        .where("last_step", "<", step)
        .update({ last_step: step });
      return accepted > 0;
    },

    /** Spends a recovery code. Returns false if it is none of the user's, or was spent. */
    async spendRecoveryCode(user_id: number, typed: string): Promise<boolean> {
      const code = normalizeRecoveryCode(typed);
      if (code === undefined) return false;
      const spent = await database("recovery_codes")
        .where({ user_id, digest: digest(code) })
        .whereNull("used_at")
        .update({ used_at: now() });
      return spent > 0;
    },

    /** Turns it off. Returns false if it was off. */
    async disable(user_id: number): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        await transaction("recovery_codes").where({ user_id }).delete();
        return (await transaction("two_factor").where({ user_id }).delete()) > 0;
      });
    },

    /**
     * Returns who has typed the right password at that time and still has to enter a code: undefined if they may no longer log in,
     * have another password since, or no second factor any more.
     */
    async findPending(user_id: number, password_submitted_at: Timestamp): Promise<User | undefined> {
      return database("users")
        .modify(onlyMembers)
        .join("two_factor", "two_factor.user_id", "users.id")
        .where({ "users.id": user_id, "users.is_active": true })
        .where("users.password_changed_at", "<", password_submitted_at)
        .first(qualifiedUserColumns);
    },
  };
}
