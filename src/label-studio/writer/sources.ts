import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Cipher } from "../../security/crypto.ts";

/** Rows of a table that follow each other there and here: `first_id` to `last_id` there, from `new_id` on here. */
export interface Run {
  first_id: number;
  last_id: number;
  new_id: number;
}

/** Rows that one statement inserts: databases limit the number of values in one. */
const rowsAtATime = 500;

/** The databases of Label Studio that people moved in from, and which of their rows are here. */
export function movedSources(transaction: Knex, sealer: Cipher) {
  return {
    /** Whether rows of this one were moved before. */
    async isKnown(fingerprint: string): Promise<boolean> {
      return (await transaction("label_studio_sources").where({ fingerprint }).first("id")) !== undefined;
    },

    /** Notes where rows come from, with the key that tokens are signed with there when it is another one than here. */
    async note(fingerprint: string, secret_key: string | undefined): Promise<number> {
      await transaction("label_studio_sources")
        .insert({ fingerprint, created_at: now() })
        .onConflict("fingerprint")
        .ignore();
      const { id, secret_key_sealed: sealed } = await transaction("label_studio_sources")
        .where({ fingerprint })
        .first("id", "secret_key_sealed");
      if (secret_key !== undefined && (sealed === null || sealer.decrypt(sealed) !== secret_key))
        await transaction("label_studio_sources")
          .where({ id })
          .update({ secret_key_sealed: sealer.encrypt(secret_key) });
      return id;
    },

    /** By id. */
    async runs(source_id: number, table_name: string): Promise<Run[]> {
      return transaction("label_studio_ids")
        .where({ source_id, table_name })
        .orderBy("first_id")
        .select("first_id", "last_id", "new_id");
    },

    async keepRuns(source_id: number, table_name: string, runs: Run[]): Promise<void> {
      for (let start = 0; start < runs.length; start += rowsAtATime) {
        const rows = runs.slice(start, start + rowsAtATime).map((run) => ({ source_id, table_name, ...run }));
        await transaction("label_studio_ids")
          .insert(rows)
          .onConflict(["source_id", "table_name", "first_id"])
          .merge(["last_id"]);
      }
    },
  };
}
