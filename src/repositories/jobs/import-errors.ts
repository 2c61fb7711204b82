import type { Knex } from "knex";

import { replaceNul } from "../../common/text-validation.ts";
import { now } from "../../common/timestamps.ts";
import { storedFileName } from "./imports.ts";
import { changeLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";

/** Why a record of a file can't be imported. */
export interface ImportError {
  id: number;
  file: string;
  /** From 1. */
  line: number;
  /** The number of the record in its file, from 1; null if it is not known. */
  item: number | null;
  message: string;
}

/** The validation errors of imports. Writing needs the lease of the import, and throws LeaseLostError without it. */
export function importErrors(database: Knex) {
  const change = (job: LeasedJob, work: (transaction: Knex) => Promise<void>): Promise<void> =>
    changeLeased(database, job, { updated_at: now() }, work);

  return {
    async add(job: LeasedJob, errors: Omit<ImportError, "id">[]): Promise<void> {
      const rows = errors.map(({ file, line, item, message }) => ({
        import_id: job.id,
        file: storedFileName(file),
        line,
        item,
        message: replaceNul(message),
      }));
      if (rows.length > 0) await change(job, async (transaction) => transaction("import_errors").insert(rows));
    },

    /** Deletes the errors before the files are validated again. */
    async clear(job: LeasedJob): Promise<void> {
      await change(job, async (transaction) => transaction("import_errors").where({ import_id: job.id }).delete());
    },

    /** The next errors by id, which is the order of the files. */
    async listAfter(import_id: number, id: number, limit: number): Promise<ImportError[]> {
      return database("import_errors")
        .where({ import_id })
        .where("id", ">", id)
        .orderBy("id")
        .limit(limit)
        .select("id", "file", "line", "item", "message");
    },
  };
}
