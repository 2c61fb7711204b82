import type { Knex } from "knex";

import { aMinuteAgo, now } from "../../common/timestamps.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Passwords } from "../../security/passwords.ts";
import type { Cipher } from "../../security/crypto.ts";
import { UniqueViolationError } from "../errors.ts";
import { pickDefined } from "../pick-defined.ts";
import { maxPbkdf2Iterations, upgradePasswordHash, setPasswordHash, selectPasswordHashes } from "./password-hashes.ts";
import { legacyTokens } from "./legacy-tokens.ts";
import { members } from "./members.ts";
import { organizations } from "./organizations.ts";
import { tallyAgain } from "../counters/counters.ts";
import { userColumns, qualifiedUserColumns, onlyMembers } from "./user-columns.ts";
import type { User } from "./user-columns.ts";
import { replaceWords } from "./search-index.ts";

export interface NewUser extends UserChanges {
  email: string;
  /** Left out, nobody can log in until a password is set at the shell. */
  password?: string | undefined;
  /** The legacy token; made at random when it is left out. */
  token?: string;
  /** For the organization, when this is the first person. */
  legacy_api_tokens_enabled?: boolean;
}

/** What may be changed of a person; what is left out stays. `custom_hotkeys` is JSON. */
export type UserChanges = {
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

export function users(database: Knex, { passwords, cipher }: { passwords: Passwords; cipher: Cipher }) {
  const select = () => database("users").select(qualifiedUserColumns);

  return {
    async find(id: number): Promise<User | undefined> {
      return select().where("users.id", id).first();
    },

    async findByEmail(email: string): Promise<User | undefined> {
      return select().where("users.email", email.toLowerCase()).first();
    },

    /** The person who may sign in with these; takes the same time whether there is one or not. `mayTry` is asked when it is their turn. */
    async authenticate(email: string, password: string, mayTry = async () => true): Promise<User | undefined> {
      const found = await database("users")
        .modify(onlyMembers)
        .modify(selectPasswordHashes)
        .where({ "users.email": email.toLowerCase(), "users.is_active": true })
        .first(qualifiedUserColumns);
      const { hash, imported, ...user } = found ?? {};
      const iterations = await maxPbkdf2Iterations(database);
      const right = await passwords.matches(password, { hash, imported, iterations }, mayTry);
      if (!found || !right) return undefined;
      if (passwords.isOutdated(hash)) {
        await upgradePasswordHash(database, user.id, { hash, imported }, await passwords.hash(password));
      }
      return user;
    },

    async hasPassword(id: number, password: string): Promise<boolean> {
      const kept = await database("users").modify(selectPasswordHashes).where("users.id", id).first();
      return passwords.matches(password, kept ?? {});
    },

    /**
     * Makes a person who is a member at once, with a legacy token; the first one founds and owns the organization.
     * Throws TakenError, and then nothing is made.
     */
    async create({ email, password, token, legacy_api_tokens_enabled = false, ...profile }: NewUser): Promise<User> {
      const hash = password === undefined ? "" : await passwords.hash(password);
      const address = email.toLowerCase();
      const person = { first_name: "", last_name: "", ...pickDefined(profile, changeable), email: address };
      return inTransaction(database, async (transaction) => {
        const [created] = await transaction("users")
          .insert({
            username: localPart(address),
            date_joined: now(),
            ...person,
            password: hash,
            last_activity: now(),
            sort_name: sortName(person),
          })
          .onConflict("email")
          .ignore()
          .returning("id");
        if (!created) throw new UniqueViolationError("email");
        await replaceWords(transaction, created.id, person);
        const organization_id = await organizations(transaction, cipher).findOrCreate(created.id, {
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
        const before = await transaction("users").where({ id }).forUpdate().first(userColumns);
        if (!before) return;
        const person: User = { ...before, ...pickDefined(changes, changeable) };
        await transaction("users")
          .where({ id })
          .update({ ...pickDefined(changes, changeable), sort_name: sortName(person) });
        await replaceWords(transaction, id, person);
      });
    },

    /** Notes, once a minute, that the person was active. */
    async touch(id: number): Promise<void> {
      await database("users").where({ id }).where("last_activity", "<", aMinuteAgo()).update({ last_activity: now() });
    },

    /**
     * Removes the person for good, with sessions, tokens and image; the email may sign up again. What they labeled stays,
     * and is nobody's.
     */
    async delete(id: number): Promise<void> {
      await inTransaction(database, async (transaction) => {
        await members(transaction).forget(id);
        const twice = await annotatedTwice(transaction, id);
        await transaction("users").where({ id }).delete();
        for (const task_id of twice) await tallyAgain(transaction, task_id);
      });
    },

    /** Ends all sessions of the person, also those of a log-in that is under way with the old password. */
    async changePassword(id: number, password: string): Promise<void> {
      const hash = await passwords.hash(password);
      await inTransaction(database, async (transaction) => {
        await setPasswordHash(transaction, id, hash, now());
        await transaction("sessions").where({ user_id: id }).delete();
      });
    },
  };
}

/** The tasks where the person counted once, and each of their annotations counts when they are nobody's. */
async function annotatedTwice(database: Knex, completed_by_id: number): Promise<number[]> {
  return database("annotations")
    .where({ completed_by_id })
    .groupBy("task_id")
    .havingRaw("count(*) > 1")
    .orderBy("task_id")
    .pluck("task_id");
}

/** The part of an email before the @. */
function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf("@"));
}

/** What People sorts by: the name in lower case, or the email where there is none. */
export function sortName({ email, first_name, last_name }: Pick<User, "email" | "first_name" | "last_name">): string {
  return (`${first_name} ${last_name}`.trim() || email).toLowerCase().slice(0, 256);
}
