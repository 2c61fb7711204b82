import { randomBytes } from "node:crypto";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockUser } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { digest } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import { rewriteTexts } from "./rewrite-texts.ts";

interface LegacyToken {
  token: string;
  created_at: Timestamp;
}

/** One opaque token per user: found by its digest, and stored encrypted so that it can be displayed again. */
export function legacyTokens(database: Knex, cipher: Cipher) {
  const columns = (token: string) => ({
    digest: digest(token),
    token_encrypted: cipher.encrypt(token),
    created_at: now(),
  });

  const replace = async (transaction: Knex, user_id: number): Promise<string> => {
    const token = newToken();
    await transaction("legacy_tokens")
      .insert({ user_id, ...columns(token) })
      .onConflict("user_id")
      .merge();
    return token;
  };

  return {
    async findByUser(user_id: number): Promise<LegacyToken | undefined> {
      const row = await database("legacy_tokens").where({ user_id }).first("token_encrypted", "created_at");
      return row && { token: cipher.decrypt(row.token_encrypted), created_at: row.created_at };
    },

    /** Returns false, and stores nothing, if another user has this token. */
    async create(user_id: number, token: string = newToken()): Promise<boolean> {
      const inserted = await database("legacy_tokens")
        .insert({ user_id, ...columns(token) })
        .onConflict("digest")
        .ignore()
        .returning("user_id");
      return inserted.length > 0;
    },

    /**
     * Replaces the token; the old one stops working. Of several calls at the same moment the first one replaces it, and the
     * others return that token too, so that each caller has one that works.
     */
    async reset(user_id: number): Promise<string> {
      const asked_at = now();
      return inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        const current = await legacyTokens(transaction, cipher).findByUser(user_id);
        return current && current.created_at > asked_at ? current.token : replace(transaction, user_id);
      });
    },

    /** Ends the token, whenever it was made, by whatever clock; another one takes its place. In the caller's transaction. */
    async end(user_id: number): Promise<void> {
      await replace(database, user_id);
    },

    /** Replaces everybody's token, in the caller's transaction. */
    async resetAll(): Promise<void> {
      const stored = { table: "legacy_tokens", key: "user_id", columns: ["digest", "token_encrypted"] };
      await rewriteTexts(database, stored, () => {
        const token = newToken();
        return [digest(token), cipher.encrypt(token)];
      });
      await database("legacy_tokens").update({ created_at: now() });
    },
  };
}

/** 40 hexadecimal characters, as in Label Studio: 160 random bits. */
export function newToken(): string {
  return randomBytes(20).toString("hex");
}
