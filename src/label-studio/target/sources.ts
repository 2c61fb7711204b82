import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { batchesOf } from "../../database/batches.ts";
import type { Cipher } from "../../security/crypto.ts";

/** Consecutive ids: `first_id` to `last_id` in the source became the ids from `new_id` on in the target. */
export interface IdRange {
  first_id: number;
  last_id: number;
  new_id: number;
}

/** The Label Studio databases that were migrated, and the ids of their rows. */
export function sourceRecords(transaction: Knex, cipher: Cipher) {
  return {
    /** Whether this Label Studio was migrated before. */
    async isKnown(fingerprint: string): Promise<boolean> {
      return (await transaction("label_studio_sources").where({ fingerprint }).first("id")) !== undefined;
    },

    /** Records a Label Studio, with its secret key if that differs from the server's. Returns the record's id. */
    async register(fingerprint: string, secret_key: string | undefined): Promise<number> {
      await transaction("label_studio_sources")
        .insert({ fingerprint, created_at: now() })
        .onConflict("fingerprint")
        .ignore();
      const { id, secret_key_encrypted: encrypted } = await transaction("label_studio_sources")
        .where({ fingerprint })
        .first("id", "secret_key_encrypted");
      if (secret_key !== undefined && (encrypted === null || cipher.decrypt(encrypted) !== secret_key))
        await transaction("label_studio_sources")
          .where({ id })
          .update({ secret_key_encrypted: cipher.encrypt(secret_key) });
      return id;
    },

    /** Sorted by id. */
    async listRanges(source_id: number, table_name: string): Promise<IdRange[]> {
      return transaction("label_studio_ids")
        .where({ source_id, table_name })
        .orderBy("first_id")
        .select("first_id", "last_id", "new_id");
    },

    async saveRanges(source_id: number, table_name: string, ranges: IdRange[]): Promise<void> {
      for (const batch of batchesOf(ranges)) {
        await transaction("label_studio_ids")
          .insert(batch.map((range) => ({ source_id, table_name, ...range })))
          .onConflict(["source_id", "table_name", "first_id"])
          .merge(["last_id"]);
      }
    },
  };
}
