import type { Knex } from "knex";

import type { Turn } from "../../common/fair-queue.ts";
import { now } from "../../common/timestamps.ts";
import { lockOrganization, lockUser, lockUserExclusive } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Keys } from "../keys.ts";
import { apiKeys } from "./api-keys.ts";
import { revokeInvitationsOf, spendInvitation } from "./invitations.ts";
import { legacyTokens } from "./legacy-tokens.ts";
import { loginThrottle } from "./login-throttle.ts";
import { endMembership, resumeMembership } from "./members.ts";
import { isOwner } from "./organizations.ts";
import { setPasswordHash } from "./password-hashes.ts";
import { personalTokens } from "./personal-tokens.ts";
import { twoFactor } from "./two-factor.ts";
import { onlyMembers } from "./user-columns.ts";
import type { User } from "./user-columns.ts";
import { users } from "./users.ts";

/** What a former member chooses who joins again; the name stays if none is typed. */
interface Rejoining {
  password: string;
  first_name: string;
  last_name: string;
  /** By which they join. */
  invitation_id: number;
  turn?: Turn;
}

/** What lets somebody in. */
const credentialTables = ["sessions", "legacy_tokens", "personal_tokens", "api_keys", "one_time_links"];

/** What else belongs to a person alone. */
const personalTables = [
  "avatars",
  "two_factor",
  "recovery_codes",
  "imported_passwords",
  "user_search_terms",
  "task_locks",
  "drafts",
  "idempotency_records",
  "take_outs",
];

/** An account of which the name stays. The email, which must be unique, is none that can be typed. */
const erasedColumns = {
  username: "",
  phone: "",
  password: "",
  previous_key_id: null,
  previous_email: null,
  avatar: null,
  is_active: false,
  allow_newsletters: null,
  custom_hotkeys: "{}",
  invitation_id: null,
  invited_by_id: null,
};

/**
 * Who may log in: active and deactivated members, removed ones, and the owner, who is exactly one person and always an active
 * member. Ids and annotations stay through all of it. Every change first locks the organization, so that of two at the same
 * moment the second sees what the first has done.
 */
export function accountStatus(database: Knex, keys: Keys) {
  const change = async (work: (transaction: Knex) => Promise<boolean>): Promise<boolean> =>
    inTransaction(database, async (transaction) => {
      await lockOrganization(transaction);
      return work(transaction);
    });

  /** Ends what a log-in at the moment of deactivation may have left, and gives the person a legacy token, as everyone has. */
  const renewCredentials = async (transaction: Knex, user_id: number): Promise<void> => {
    await deleteCredentials(transaction, user_id);
    await legacyTokens(transaction, keys.cipher).create(user_id);
  };

  return {
    /** Ends log-in, sessions and tokens of a member. Returns false for the owner, and for others than active members. */
    async deactivate(id: number): Promise<boolean> {
      return change(async (transaction) => {
        if (await isOwner(transaction, id)) return false;
        const changed = await transaction("users")
          .where({ id, is_active: true })
          .modify(onlyMembers)
          .update({ is_active: false });
        if (changed === 0) return false;
        await deleteCredentials(transaction, id);
        await revokeInvitationsOf(transaction, id);
        await transaction("task_locks").where({ user_id: id }).delete();
        return true;
      });
    },

    /** Lets a deactivated member log in again. Returns false for others. */
    async activate(id: number): Promise<boolean> {
      return change(async (transaction) => {
        const changed = await transaction("users")
          .where({ id, is_active: false })
          .modify(onlyMembers)
          .update({ is_active: true });
        if (changed === 0) return false;
        await renewCredentials(transaction, id);
        return true;
      });
    },

    /**
     * Ends a membership, and deletes the user's sessions, tokens, image and task assignments. Their row and their work stay.
     * Returns false for the owner, and if they were removed before.
     */
    async remove(id: number): Promise<boolean> {
      return change(async (transaction) => {
        if (await isOwner(transaction, id)) return false;
        if (!(await endMembership(transaction, id))) return false;
        await deleteCredentials(transaction, id);
        await revokeInvitationsOf(transaction, id);
        for (const table of ["avatars", "task_locks"]) await transaction(table).where({ user_id: id }).delete();
        await transaction("users").where({ id }).update({ avatar: null });
        return true;
      });
    },

    /**
     * Deletes the account for good and keeps nothing but the id, the name and the annotations; the email may sign up again. Returns
     * false, and deletes nothing, for the owner.
     */
    async erase(id: number): Promise<boolean> {
      return change(async (transaction) => {
        if (await isOwner(transaction, id)) return false;
        await lockUserExclusive(transaction, id);
        await endMembership(transaction, id);
        await deleteCredentials(transaction, id);
        await revokeInvitationsOf(transaction, id);
        for (const table of personalTables) await transaction(table).where({ user_id: id }).delete();
        await transaction("users")
          .where({ id })
          .update({ ...erasedColumns, email: `erased:${id}`, erased_at: now() });
        return true;
      });
    },

    /** Makes a former member an active one again, with the password they had. Returns false for others. */
    async restore(id: number): Promise<boolean> {
      return change(async (transaction) => {
        const isErased = await transaction("users").where({ id }).whereNotNull("erased_at").first("id");
        if (isErased || !(await resumeMembership(transaction, id))) return false;
        await transaction("users").where({ id }).update({ is_active: true });
        await renewCredentials(transaction, id);
        return true;
      });
    },

    /**
     * Makes a former member an active one again, with a new password, by an invitation that the owner has made for their email since
     * they were removed: anyone else who typed that email would take over what they labeled. Returns false, and changes
     * nothing, without such an invitation, and for those who were deactivated before. Throws DeadInvitationError, QueueFullError.
     */
    async rejoin(id: number, { password, turn, invitation_id, ...name }: Rejoining): Promise<boolean> {
      if (!(await isInvitedBack(database, id, invitation_id))) return false;
      const hash = await keys.passwords.hash(password, turn);
      return change(async (transaction) => {
        if (!(await isInvitedBack(transaction, id, invitation_id))) return false;
        const invited = await spendInvitation(transaction, invitation_id);
        await resumeMembership(transaction, id);
        await transaction("users").where({ id }).update(invited);
        await setPasswordHash(transaction, id, hash, now());
        if (name.first_name || name.last_name) await users(transaction, keys).update(id, name);
        await renewCredentials(transaction, id);
        return true;
      });
    },

    /**
     * Makes an active member the owner in place of `from`, or of the present owner, if there is one. Returns false if `from` is no
     * longer the owner or hands over to themselves, and for others than active members.
     */
    async makeOwner(id: number, { from }: { from?: number } = {}): Promise<boolean> {
      return change(async (transaction) => {
        const member = await transaction("users")
          .where({ id, is_active: true })
          .modify(onlyMembers)
          .forNoKeyUpdate()
          .first<Pick<User, "id"> | undefined>("id");
        if (!member || from === id) return false;
        const changed = await transaction("organizations")
          .where(from === undefined ? {} : { created_by_id: from })
          .update({ created_by_id: id, updated_at: now() });
        return changed > 0;
      });
    },

    /** Logs the user out everywhere. Returns how many sessions ended. */
    async endSessions(user_id: number): Promise<number> {
      return database("sessions").where({ user_id }).delete();
    },

    /** Lets the user log in with the password alone. Returns false if that was so. */
    async disableTwoFactor(id: number): Promise<boolean> {
      const isChanged = await twoFactor(database, keys.cipher).disable(id);
      await loginThrottle(database).resetSecondFactor(id);
      return isChanged;
    },

    /** Ends everybody's keys and personal access tokens, and replaces the legacy tokens. */
    async endAllTokens(): Promise<void> {
      await inTransaction(database, async (transaction) => {
        for (const table of ["api_keys", "personal_tokens"])
          await transaction(table).whereNull("revoked_at").update({ revoked_at: now() });
        await legacyTokens(transaction, keys.cipher).resetAll();
      });
    },

    /** Ends all keys and personal access tokens of the user, and replaces the legacy token. Returns how many ended. */
    async endTokens(id: number): Promise<number> {
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, id);
        await legacyTokens(transaction, keys.cipher).end(id);
        const keyCount = await apiKeys(transaction).revokeAll(id);
        return keyCount + (await personalTokens(transaction, keys.cipher).revokeAll(id));
      });
    },
  };
}

async function deleteCredentials(transaction: Knex, user_id: number): Promise<void> {
  for (const table of credentialTables) await transaction(table).where({ user_id }).delete();
}

/** Whether the owner made this invitation for the email of a former member, who was not deactivated, since they were removed. */
async function isInvitedBack(database: Knex, id: number, invitation_id: number): Promise<boolean> {
  const invited = await database("users")
    .join("organization_members as members", "members.user_id", "users.id")
    .join("invitations", "invitations.email", "users.email")
    .join("organizations", "organizations.created_by_id", "invitations.created_by_id")
    .where({ "users.id": id, "users.is_active": true, "invitations.id": invitation_id })
    .whereRaw("members.deleted_at <= invitations.created_at")
    .first("users.id");
  return invited !== undefined;
}
