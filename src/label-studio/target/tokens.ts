import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import type { PersonalTokenRecord } from "../../security/jwt.ts";

interface MigratedLegacyToken {
  user_id: number;
  token: string;
  created_at: Timestamp;
}

interface MigratedPersonalToken extends PersonalTokenRecord {
  user_id: number;
  revoked_at: Timestamp | null;
  /** The Label Studio whose key signed it; null for the server's own key. */
  source_id: number | null;
}

export function targetTokens(transaction: Knex, cipher: Cipher) {
  return {
    /** Returns those of these users who have a legacy token. */
    async findLegacyHolders(user_ids: number[]): Promise<Set<number>> {
      return new Set<number>(await transaction("legacy_tokens").whereIn("user_id", user_ids).pluck("user_id"));
    },

    /** Inserts tokens. Returns those that conflict with tokens of other users, which are not inserted. */
    async addLegacy(tokens: MigratedLegacyToken[]): Promise<MigratedLegacyToken[]> {
      const tokensByDigest = new Map(tokens.map((each) => [digest(each.token), each]));
      const conflicts = new Set<string>(
        await transaction("legacy_tokens")
          .whereIn("digest", [...tokensByDigest.keys()])
          .pluck("digest"),
      );
      const rows = [...tokensByDigest].flatMap(([tokenDigest, { user_id, token, created_at }]) =>
        conflicts.has(tokenDigest)
          ? []
          : [{ user_id, digest: tokenDigest, token_encrypted: cipher.encrypt(token), created_at }],
      );
      if (rows.length > 0) await transaction("legacy_tokens").insert(rows);
      return [...tokensByDigest].flatMap(([tokenDigest, token]) => (conflicts.has(tokenDigest) ? [token] : []));
    },

    /** Returns those of these `jti` claims that exist. */
    async findPersonal(jtis: string[]): Promise<Set<string>> {
      return new Set<string>(await transaction("personal_tokens").whereIn("jti", jtis).pluck("jti"));
    },

    async addPersonal(tokens: MigratedPersonalToken[]): Promise<void> {
      if (tokens.length > 0) await transaction("personal_tokens").insert(tokens);
    },
  };
}
