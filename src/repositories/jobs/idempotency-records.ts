import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";

/** What identifies a request that may be sent again, as two SHA-256 in hexadecimal digits. */
export interface IdempotencyKey {
  id: string;
  user_id: number;
  /** Of what was sent. */
  fingerprint: string;
}

/** A request that was carried out: it came to an import or to a response. */
export interface IdempotencyRecord extends IdempotencyKey {
  import_id: number | null;
  /** JSON. */
  response: string | null;
}

const retentionDays = 1;

/** The outcomes of requests for a day, so that a request that is sent again gets the same instead of being carried out twice. */
export function idempotencyRecords(database: Knex) {
  return {
    /**
     * Call it in the transaction that carries out the request. Waits for a transaction that has claimed the same id; returns its
     * record, or undefined if the id is the caller's now.
     */
    async claim({ id, user_id, fingerprint }: IdempotencyKey): Promise<IdempotencyRecord | undefined> {
      const records = () => database("idempotency_records");
      await records().where({ id }).where("created_at", "<=", daysFromNow(-retentionDays)).delete();
      const claimed = await records()
        .insert({ id, user_id, fingerprint, created_at: now() })
        .onConflict("id")
        .ignore()
        .returning("id");
      if (claimed.length > 0) return undefined;
      return records().where({ id }).first("id", "user_id", "fingerprint", "import_id", "response");
    },

    /** Records what the request came to, in that transaction: its response, or its import. */
    async complete({ id }: IdempotencyKey, outcome: { response: string } | { import_id: number }): Promise<void> {
      await database("idempotency_records").where({ id }).update(outcome);
    },

    /** A request with this id is carried out again from now on. */
    async delete(id: string): Promise<void> {
      await database("idempotency_records").where({ id }).delete();
    },

    async deleteOld(before: Timestamp = daysFromNow(-retentionDays)): Promise<void> {
      await database("idempotency_records").where("created_at", "<=", before).delete();
    },
  };
}
