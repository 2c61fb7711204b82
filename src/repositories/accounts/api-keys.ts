import type { Knex } from "knex";

import { limits } from "../../common/limits.ts";
import { aMinuteAgo, daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockUser } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { newApiKey } from "../../security/api-keys.ts";
import { digest } from "../../security/crypto.ts";

/** A key without its value, which nothing stores. */
export interface ApiKey {
  id: number;
  user_id: number;
  name: string;
  /** The end of the value, by which people know it again. */
  last_four: string;
  is_read_only: boolean;
  created_at: Timestamp;
  /** Null for a key that never expires. */
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
}

export interface NewApiKey {
  name: string;
  /** How long it lasts; null for ever. */
  days: number | null;
  is_read_only: boolean;
}

/** A key that was not used for so many days is likely to be forgotten. */
const staleDays = 90;

/** Whether a key was not used for 90 days, or since it was made. */
export function isStale({ created_at, last_used_at }: Pick<ApiKey, "created_at" | "last_used_at">): boolean {
  return (last_used_at ?? created_at) <= daysFromNow(-staleDays);
}

/** What events say of a key. */
export function describeKey({ name, last_four, is_read_only }: ApiKey) {
  return { name, last_four, is_read_only };
}

const columns = [
  "id",
  "user_id",
  "name",
  "last_four",
  "is_read_only",
  "created_at",
  "expires_at",
  "last_used_at",
] as const;

/** Named keys of people, stored by their digests. */
export function apiKeys(database: Knex) {
  const active = (connection: Knex) =>
    connection("api_keys")
      .whereNull("revoked_at")
      .where((query) => {
        query.whereNull("expires_at").orWhere("expires_at", ">", now());
      });

  return {
    /**
     * Makes a key and returns it with its value, which is in no table. Of a form that is sent again it makes none, and returns
     * the first one without a value. Returns undefined, and makes none, if the user has as many keys as one may have.
     */
    async create(
      user_id: number,
      { name, days, is_read_only }: NewApiKey,
      form_key: string | null = null,
    ): Promise<{ key: ApiKey; value: string | undefined } | undefined> {
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        const earlier =
          form_key === null ? undefined : await transaction("api_keys").where({ user_id, form_key }).first(columns);
        if (earlier) return { key: earlier, value: undefined };
        const row = await active(transaction).where({ user_id }).count({ total: "*" }).first();
        if (Number(row?.total) >= limits.apiKeys) return undefined;
        const value = newApiKey();
        const [key] = await transaction("api_keys")
          .insert({
            user_id,
            name,
            digest: digest(value),
            last_four: value.slice(-4),
            is_read_only,
            created_at: now(),
            expires_at: days === null ? null : daysFromNow(days),
            form_key,
          })
          .returning(columns);
        return { key, value };
      });
    },

    /** Active keys, newest first: of this person, or of everybody. */
    async list(user_id?: number): Promise<ApiKey[]> {
      const query = active(database).orderBy("id", "desc").select(columns);
      if (user_id !== undefined) query.where({ user_id });
      return query;
    },

    /** An active key by its id. */
    async find(id: number): Promise<ApiKey | undefined> {
      return active(database).where({ id }).first(columns);
    },

    /** Records, at most once a minute, that the key was used. */
    async touch(id: number): Promise<void> {
      await database("api_keys")
        .where({ id })
        .where((query) => {
          query.whereNull("last_used_at").orWhere("last_used_at", "<", aMinuteAgo());
        })
        .update({ last_used_at: now() });
    },

    /** Returns the key that ended; undefined if the user has no such key, or it was revoked before. */
    async revoke(user_id: number, id: number): Promise<ApiKey | undefined> {
      const [key] = await active(database).where({ user_id, id }).update({ revoked_at: now() }).returning(columns);
      return key;
    },

    /** Ends all keys of the user, and returns how many worked until now. */
    async revokeAll(user_id: number): Promise<number> {
      return active(database).where({ user_id }).update({ revoked_at: now() });
    },
  };
}
