import type { Knex } from "knex";

import { aMinuteAgo, now } from "../../common/timestamps.ts";
import { lockOrganization, lockProjectExclusive, lockUser, lockUserExclusive } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Turn } from "../../common/fair-queue.ts";
import type { Cipher } from "../../security/crypto.ts";
import type { PasswordHasher } from "../../security/passwords.ts";
import { recountTask } from "../counters/update-counters.ts";
import { UniqueViolationError } from "../errors.ts";
import { pickDefined } from "../pick-defined.ts";
import { legacyTokens } from "./legacy-tokens.ts";
import { revokeInvitationsOf, spendInvitation } from "./invitations.ts";
import { endMembership, members } from "./members.ts";
import { isOwner, organizations } from "./organizations.ts";
import {
  maxPbkdf2Iterations,
  readPasswordHashes,
  selectPasswordHashes,
  setPasswordHash,
  upgradePasswordHash,
  withoutPasswordHashes,
} from "./password-hashes.ts";
import type { PasswordColumns } from "./password-hashes.ts";
import { replaceSearchTerms } from "./people-search.ts";
import { onlyMembers, qualifiedUserColumns, sortName, userColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

interface NewUser extends UserChanges {
  email: string;
  /** Without one the user can't log in until they choose one by a link, or it is set on the command line. */
  password?: string | undefined;
  /** The legacy token; random by default. */
  token?: string;
  /** The organization's name and a setting of it, if this is the first user. */
  organization_title?: string | undefined;
  legacy_api_tokens_enabled?: boolean;
  /** The invitation that they join by, of which this is one use. */
  invitation_id?: number | undefined;
  /** When the password is hashed, while many wait for theirs. */
  turn?: Turn;
}

/** Omitted fields keep their values. `custom_hotkeys` is JSON. */
type UserChanges = {
  [Field in (typeof changeable)[number]]?: User[Field] | undefined;
};

const changeable = [
  "username",
  "first_name",
  "last_name",
  "phone",
  "allow_newsletters",
  "custom_hotkeys",
  "date_joined",
] as const;

export function users(database: Knex, { passwords, cipher }: { passwords: PasswordHasher; cipher: Cipher }) {
  const select = () => database("users").select(qualifiedUserColumns);

  return {
    async find(id: number): Promise<User | undefined> {
      return select().where("users.id", id).first();
    },

    async findByEmail(email: string): Promise<User | undefined> {
      return select().where("users.email", email.toLowerCase()).first();
    },

    /**
     * Returns the user if the password is right and they may sign in. It takes the same time for unknown emails. `mayTry` is
     * called when the attempt leaves the queue of passwords, in which `address` takes its turns; on false it fails. Throws
     * QueueFullError.
     */
    async authenticate(
      email: string,
      password: string,
      { address = "", mayTry = async () => true } = {},
    ): Promise<User | undefined> {
      const row: (User & PasswordColumns) | undefined = await database("users")
        .modify(onlyMembers)
        .modify(selectPasswordHashes)
        .where({ "users.email": email.toLowerCase(), "users.is_active": true })
        .first(qualifiedUserColumns);
      const hashes = row && readPasswordHashes(row, cipher);
      const iterations = await maxPbkdf2Iterations(database);
      const isCorrect = await passwords.verify(
        password,
        { ...hashes, iterations },
        { turn: { kind: "login", client: address }, mayTry },
      );
      if (!hashes || !isCorrect) return undefined;
      if (passwords.needsRehash(hashes)) {
        await upgradePasswordHash(database, row.id, hashes, await passwords.hash(password));
      }
      return withoutPasswordHashes(row);
    },

    async hasPassword(id: number, password: string): Promise<boolean> {
      const row = await database("users").modify(selectPasswordHashes).where("users.id", id).first();
      return passwords.verify(password, row ? readPasswordHashes(row, cipher) : {}, { turn: accountTurn(id) });
    },

    /**
     * Creates a user with a membership and a legacy token; the first user becomes the owner of the organization. Throws
     * UniqueViolationError, and creates nothing, if the email or the token is already in use; DeadInvitationError; QueueFullError.
     */
    async create({
      email,
      password,
      token,
      organization_title,
      legacy_api_tokens_enabled = false,
      invitation_id,
      turn,
      ...profile
    }: NewUser): Promise<User> {
      const hash = password === undefined ? "" : await passwords.hash(password, turn);
      const date_joined = now();
      const values = { first_name: "", last_name: "", ...pickDefined(profile, changeable), email: email.toLowerCase() };
      return inTransaction(database, async (transaction) => {
        // What fails later gives the use back.
        const invited = invitation_id === undefined ? {} : await spendInvitation(transaction, invitation_id);
        const [created] = await transaction("users")
          .insert({
            username: localPart(values.email),
            date_joined,
            ...values,
            ...invited,
            password: hash,
            last_activity: date_joined,
            sort_name: sortName(values),
          })
          .onConflict("email")
          .ignore()
          .returning("id");
        if (!created) throw new UniqueViolationError("email");
        await replaceSearchTerms(transaction, created.id, values);
        const organization_id = await organizations(transaction, cipher).findOrCreate(created.id, {
          title: organization_title,
          legacy_api_tokens_enabled,
        });
        await members(transaction).add(organization_id, created.id);
        if (!(await legacyTokens(transaction, cipher).create(created.id, token)))
          throw new UniqueViolationError("token");
        return transaction("users").select(userColumns).where({ id: created.id }).first();
      });
    },

    async update(id: number, changes: UserChanges): Promise<void> {
      await inTransaction(database, async (transaction) => {
        await lockUser(transaction, id);
        const before = await transaction("users").where({ id }).first(userColumns);
        if (!before) return;
        const after: User = { ...before, ...pickDefined(changes, changeable) };
        await transaction("users")
          .where({ id })
          .update({ ...pickDefined(changes, changeable), sort_name: sortName(after) });
        await replaceSearchTerms(transaction, id, after);
      });
    },

    /** Records, at most once a minute, that the user was active. */
    async touch(id: number): Promise<void> {
      const last_seen_at = now();
      await database("users")
        .where({ id })
        .where("last_seen_at", "<", aMinuteAgo())
        .update({ last_activity: last_seen_at, last_seen_at });
    },

    /**
     * Deletes the account with its sessions, tokens and image; the email may sign up again. Their annotations stay, without
     * an author. Returns false, and deletes nothing, for the owner.
     */
    async delete(id: number): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        await lockOrganization(transaction);
        if (await isOwner(transaction, id)) return false;
        await endMembership(transaction, id);
        await revokeInvitationsOf(transaction, id);
        await lockUserExclusive(transaction, id);
        // Annotations that lose their author change what others count who label in the same projects.
        for (const project_id of await annotatedProjects(transaction, id))
          await lockProjectExclusive(transaction, project_id);
        const task_ids = await tasksAnnotatedRepeatedly(transaction, id);
        await transaction("users").where({ id }).delete();
        for (const task_id of task_ids) await recountTask(transaction, task_id);
        return true;
      });
    },

    /** Also ends the user's recovery links, and all sessions, even of a log-in that is running with the old password. */
    async changePassword(id: number, password: string): Promise<void> {
      const hash = await passwords.hash(password, accountTurn(id));
      await inTransaction(database, async (transaction) => {
        await setPasswordHash(transaction, id, hash, now());
        await transaction("sessions").where({ user_id: id }).delete();
      });
    },
  };
}

async function annotatedProjects(database: Knex, completed_by_id: number): Promise<number[]> {
  return database("annotations").where({ completed_by_id }).distinct().orderBy("project_id").pluck("project_id");
}

/** Tasks with several annotations of the user: those count as one, but each counts for itself once it has no author. */
async function tasksAnnotatedRepeatedly(database: Knex, completed_by_id: number): Promise<number[]> {
  return database("annotations")
    .where({ completed_by_id })
    .groupBy("task_id")
    .havingRaw("count(*) > 1")
    .orderBy("task_id")
    .pluck("task_id");
}

/** A user takes turns with the others who change their passwords, and all of them with those who log in. */
function accountTurn(id: number): Turn {
  return { kind: "account", client: String(id) };
}

/** The part of an email before the @. */
function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf("@"));
}
