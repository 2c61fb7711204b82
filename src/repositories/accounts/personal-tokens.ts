import type { Knex } from "knex";

import { aMinuteAgo, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockUser } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Cipher } from "../../security/crypto.ts";
import type { PersonalTokenRecord } from "../../security/jwt.ts";

export interface PersonalToken extends PersonalTokenRecord {
  id: number;
  last_used_at: Timestamp | null;
}

/** Personal access tokens, any number per user. */
export function personalTokens(database: Knex, cipher: Cipher) {
  const active = (connection: Knex) =>
    connection("personal_tokens").whereNull("revoked_at").where("expires_at", ">", now());

  return {
    /**
     * Stores a token, of a form once for each `form_key`: of a form that is sent again, it returns the token that the first one
     * made, or undefined if that was revoked meanwhile.
     */
    async create(
      user_id: number,
      token: PersonalTokenRecord,
      form_key: string | null = null,
    ): Promise<PersonalTokenRecord | undefined> {
      // By the index and without a transaction: of two forms at the same moment the second inserts nothing.
      const inserted = await database("personal_tokens")
        .insert({ user_id, form_key, ...token })
        .onConflict(["user_id", "form_key"])
        .ignore()
        .returning("id");
      if (inserted.length > 0) return token;
      return active(database)
        .where({ user_id, form_key })
        .whereNull("previous_key_id")
        .first("jti", "name", "token", "created_at", "expires_at");
    },

    /** Returns false, and stores nothing, if the user has an active token. */
    async createUnlessActive(user_id: number, token: PersonalTokenRecord): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        if (await active(transaction).where({ user_id }).first("id")) return false;
        await transaction("personal_tokens").insert({ user_id, ...token });
        return true;
      });
    },

    /** Replaces an active token of the user by a new one of the same name. Returns false if there is no such token. */
    async rotate(user_id: number, jti: string, token: PersonalTokenRecord): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        const [old] = await active(transaction)
          .where({ user_id, jti })
          .update({ revoked_at: now() })
          .returning<{ name: string }[]>("name");
        if (!old) return false;
        await transaction("personal_tokens").insert({ user_id, ...token, name: old.name });
        return true;
      });
    },

    /** Returns the id of the token's user; undefined if there is no such token. */
    async findOwnerId(jti: string): Promise<number | undefined> {
      const row = await database("personal_tokens").where({ jti }).first("user_id");
      return row?.user_id;
    },

    /** Returns the key of a token that was signed before the secret key was replaced, or by Label Studio; undefined for others. */
    async findSigningKey(jti: string): Promise<string | undefined> {
      const row = await database("personal_tokens as tokens")
        .leftJoin("label_studio_sources as sources", "sources.id", "tokens.source_id")
        .leftJoin("previous_secret_keys as previous", "previous.id", "tokens.previous_key_id")
        .where("tokens.jti", jti)
        .first("sources.secret_key_encrypted as imported", "previous.key_encrypted as previous");
      const encrypted = row?.previous ?? row?.imported;
      return encrypted ? cipher.decrypt(encrypted) : undefined;
    },

    /** The user's active tokens, newest first. */
    async list(user_id: number): Promise<PersonalToken[]> {
      return active(database)
        .where({ user_id })
        .orderBy("id", "desc")
        .select("id", "jti", "name", "token", "created_at", "expires_at", "last_used_at");
    },

    /** Records, at most once a minute, that the token was used. */
    async touch(jti: string): Promise<void> {
      await database("personal_tokens")
        .where({ jti })
        .where((query) => {
          query.whereNull("last_used_at").orWhere("last_used_at", "<", aMinuteAgo());
        })
        .update({ last_used_at: now() });
    },

    /** Ends all tokens of the user, and returns how many worked until now. */
    async revokeAll(user_id: number): Promise<number> {
      return active(database).where({ user_id }).update({ revoked_at: now() });
    },

    /** Returns false if the user has no such token, or it was revoked before. */
    async revoke(user_id: number, identifier: { id: number } | { token: string }): Promise<boolean> {
      const changed = await database("personal_tokens")
        .where({ user_id, ...identifier })
        .whereNull("revoked_at")
        .update({ revoked_at: now() });
      return changed > 0;
    },
  };
}
