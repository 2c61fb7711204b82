import type { Knex } from "knex";

import { digest } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import type { PersonalTokenRecord } from "../../security/jwt.ts";

export interface MovedLegacyToken {
  user_id: number;
  token: string;
  created_at: Timestamp;
}

export interface MovedPersonalToken extends PersonalTokenRecord {
  user_id: number;
  revoked_at: Timestamp | null;
  /** Where it was signed with a key that is not the server's. */
  source_id: number | null;
}

export function movedTokens(transaction: Knex, sealer: Cipher) {
  return {
    /** Those of these people who have a legacy token. */
    async legacyHolders(user_ids: number[]): Promise<Set<number>> {
      return new Set<number>(await transaction("legacy_tokens").whereIn("user_id", user_ids).pluck("user_id"));
    },

    /** Gives the tokens that others have, and makes nothing of these. */
    async addLegacy(tokens: MovedLegacyToken[]): Promise<MovedLegacyToken[]> {
      const digests = new Map(tokens.map((each) => [digest(each.token), each]));
      const taken = new Set<string>(
        await transaction("legacy_tokens")
          .whereIn("digest", [...digests.keys()])
          .pluck("digest"),
      );
      const rows = [...digests].flatMap(([key, { user_id, token, created_at }]) =>
        taken.has(key) ? [] : [{ user_id, digest: key, sealed: sealer.encrypt(token), created_at }],
      );
      if (rows.length > 0) await transaction("legacy_tokens").insert(rows);
      return [...digests].flatMap(([key, token]) => (taken.has(key) ? [token] : []));
    },

    /** Those of these ids of tokens that are here. */
    async knownPersonal(jtis: string[]): Promise<Set<string>> {
      return new Set<string>(await transaction("personal_tokens").whereIn("jti", jtis).pluck("jti"));
    },

    async addPersonal(tokens: MovedPersonalToken[]): Promise<void> {
      if (tokens.length > 0) await transaction("personal_tokens").insert(tokens);
    },
  };
}
