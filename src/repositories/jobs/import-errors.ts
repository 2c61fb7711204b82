import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { replaceNul } from "../../common/text-validation.ts";
import { inTransaction } from "../../database/transaction.ts";
import { updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";

/** A record that can't be taken. */
interface ImportError {
  id: number;
  file: string;
  /** Counted from 1. */
  line: number;
  message: string;
}

/** What is wrong in files of imports. Only whoever holds an import writes of it. */
export function importErrors(database: Knex) {
  const changeLeased = (job: LeasedJob, change: (transaction: Knex) => Promise<void>): Promise<void> =>
    inTransaction(database, async (transaction) => {
      await updateLeased(transaction, job, { updated_at: now() });
      await change(transaction);
    });

  return {
    async add(job: LeasedJob, errors: Omit<ImportError, "id">[]): Promise<void> {
      const rows = errors.map(({ file, line, message }) => ({
        import_id: job.id,
        file: replaceNul(file).slice(0, 256),
        line,
        message: replaceNul(message),
      }));
      if (rows.length > 0) await changeLeased(job, async (transaction) => transaction("import_problems").insert(rows));
    },

    /** Before the files are checked once more. */
    async clear(job: LeasedJob): Promise<void> {
      await changeLeased(job, async (transaction) =>
        transaction("import_problems").where({ import_id: job.id }).delete(),
      );
    },

    /** The next problems after this one, in the order of the files. */
    async listAfter(import_id: number, id: number, limit: number): Promise<ImportError[]> {
      return database("import_problems")
        .where({ import_id })
        .where("id", ">", id)
        .orderBy("id")
        .limit(limit)
        .select("id", "file", "line", "message");
    },
  };
}
