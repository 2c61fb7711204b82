import { randomBytes } from "node:crypto";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";

export interface LegacyToken {
  token: string;
  created_at: Timestamp;
}

/** One opaque token a person: found by its digest, and kept sealed so that it can be shown again. */
export function legacyTokens(database: Knex, cipher: Cipher) {
  const columns = (token: string) => ({ digest: digest(token), sealed: cipher.encrypt(token), created_at: now() });

  return {
    async findByUser(user_id: number): Promise<LegacyToken | undefined> {
      const row = await database("legacy_tokens").where({ user_id }).first("sealed", "created_at");
      return row && { token: cipher.decrypt(row.sealed), created_at: row.created_at };
    },

    /** Gives false, and makes nothing, when somebody has this very token. */
    async create(user_id: number, token: string = newToken()): Promise<boolean> {
      const made = await database("legacy_tokens")
        .insert({ user_id, ...columns(token) })
        .onConflict("digest")
        .ignore()
        .returning("user_id");
      return made.length > 0;
    },

    /** Puts a new token in place of the old one, which is refused from now on. */
    async reset(user_id: number): Promise<string> {
      const token = newToken();
      await database("legacy_tokens")
        .insert({ user_id, ...columns(token) })
        .onConflict("user_id")
        .merge();
      return token;
    },
  };
}

/** 40 hexadecimal characters, as upstream's: 160 random bits. */
function newToken(): string {
  return randomBytes(20).toString("hex");
}
