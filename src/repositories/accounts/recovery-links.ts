import type { Knex } from "knex";

import { aMinuteAgo, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockUser } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Turn } from "../../common/fair-queue.ts";
import type { Keys } from "../keys.ts";
import { accountStatus } from "./account-status.ts";
import { setPasswordHash } from "./password-hashes.ts";
import { consumeLink, deleteOldLinks, findLink, findLinkOfForm, insertLink, linkState } from "./one-time-links.ts";
import type { LinkState, OneTimeLink } from "./one-time-links.ts";
import { qualifiedUserColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

/** Somebody who may need a link. */
export interface RecoverableAccount {
  user: User;
  /** Whether they may log in: neither deactivated nor removed. */
  is_active: boolean;
  /** False for somebody whom a script or the API made, until they choose a password. */
  has_password: boolean;
}

export interface RecoveryLink extends RecoverableAccount, Pick<OneTimeLink, "created_by_id"> {
  state: LinkState;
}

interface NewRecoveryLink {
  user_id: number;
  token: string;
  /** Who makes it: the user themself if it is sent by mail, null for the command line. */
  created_by_id: number | null;
  /** Of the form that makes it. */
  form_key?: string | undefined;
}

/** Links with which people set their password when nobody knows it. They work once, for a day; only their digests are stored. */
export function recoveryLinks(database: Knex, keys: Keys) {
  const findAccount = async (user: { "users.id": number } | { "users.email": string }) => {
    const row = await database("users")
      .leftJoin("organization_members as members", (join) => {
        join.on("members.user_id", "users.id").andOnNull("members.deleted_at");
      })
      .leftJoin("imported_passwords as imported", "imported.user_id", "users.id")
      .where(user)
      .first([
        ...qualifiedUserColumns,
        "users.is_active",
        "users.password as hash",
        "members.id as member_id",
        "imported.hash as imported",
      ]);
    return row && readAccount(row);
  };

  return {
    async findAccount(user_id: number): Promise<RecoverableAccount | undefined> {
      return findAccount({ "users.id": user_id });
    },

    async findAccountByEmail(email: string): Promise<RecoverableAccount | undefined> {
      return findAccount({ "users.email": email.toLowerCase() });
    },

    /**
     * Stores a link, which ends older ones. A form that is sent again makes no other: `is_new` is false then, and `is_shown` true
     * for a minute, while the link works.
     */
    async create({
      form_key,
      ...link
    }: NewRecoveryLink): Promise<{ expires_at: Timestamp; is_new: boolean; is_shown: boolean }> {
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, link.user_id);
        const earlier = form_key && (await findLinkOfForm(transaction, link.user_id, form_key));
        if (earlier) {
          const is_shown = earlier.ended_at === null && earlier.created_at > aMinuteAgo();
          return { expires_at: earlier.expires_at, is_new: false, is_shown };
        }
        const { expires_at } = await insertLink(transaction, { ...link, form_key, purpose: "password" });
        return { expires_at, is_new: true, is_shown: true };
      });
    },

    async find(token: string): Promise<RecoveryLink | undefined> {
      const link = await findLink(database, token, "password");
      const account = link && (await findAccount({ "users.id": link.user_id }));
      if (!account) return undefined;
      return { ...account, created_by_id: link.created_by_id, state: linkState(link, account.is_active) };
    },

    /**
     * Sets the password of the link's user and uses the link up; ends all sessions, and with `end_tokens` all keys and tokens, for
     * which they get a new legacy token. Returns false, and changes nothing, if the link has ended meanwhile. Throws QueueFullError.
     */
    async setPassword(
      token: string,
      { user_id, password, end_tokens, turn }: { user_id: number; password: string; end_tokens: boolean; turn: Turn },
    ): Promise<boolean> {
      const hash = await keys.passwords.hash(password, turn);
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        if (!(await consumeLink(transaction, token, "password"))) return false;
        await setPasswordHash(transaction, user_id, hash, now());
        await transaction("sessions").where({ user_id }).delete();
        if (end_tokens) await accountStatus(transaction, keys).endTokens(user_id);
        return true;
      });
    },

    async deleteOld(): Promise<void> {
      await deleteOldLinks(database);
    },
  };
}

type AccountRow = User & { is_active: boolean; hash: string; member_id: number | null; imported: string | null };

function readAccount({ is_active, hash, member_id, imported, ...user }: AccountRow): RecoverableAccount {
  return { user, is_active: is_active && member_id !== null, has_password: hash !== "" || imported !== null };
}
