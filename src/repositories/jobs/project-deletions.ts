import type { Knex } from "knex";

import type { BatchSize } from "../../common/batch-size.ts";
import { changeLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";

/** The tables whose rows of a project may be many, by the columns of their keys. */
const keys = {
  contribution_days: ["project_id", "user_id", "day"],
  contributions: ["user_id", "project_id"],
  tasks: ["id"],
  imports: ["id"],
  exports: ["id"],
  file_uploads: ["id"],
};

type ProjectTable = keyof typeof keys;

/** What is deleted in parts before a project itself, in this order. */
export const projectTables = Object.keys(keys) as ProjectTable[];

/** Deletes what belongs to projects that are hidden already. The id of the job is the project's. Throws LeaseLostError. */
export function projectDeletions(database: Knex) {
  return {
    /** The ids of the files that were uploaded to a project, or exported from it. */
    async listFiles({ id }: LeasedJob): Promise<string[]> {
      const of = (table: string) => database(table).where({ project_id: id }).select("id");
      const conversions = database("export_conversions").whereIn("export_id", of("exports")).select("id");
      return database("stored_files")
        .whereIn("import_id", of("imports"))
        .orWhereIn("export_id", of("exports"))
        .orWhereIn("conversion_id", conversions)
        .orWhereIn("upload_id", of("file_uploads"))
        .pluck("id");
    },

    /** Deletes as many rows of a table, with what belongs to them, as the size says. Returns false if there are no more. */
    async deletePart(job: LeasedJob, table: ProjectTable, size: BatchSize): Promise<boolean> {
      return changeLeased(database, job, { lease: job.lease }, async (transaction) => {
        const rows = transaction(table).where({ project_id: job.id }).select(keys[table]).limit(size.current);
        return size.adapt(async () => (await transaction(table).whereIn(keys[table], rows).delete()) > 0);
      });
    },

    /** Deletes the project, and with it the job. */
    async finish(job: LeasedJob): Promise<void> {
      await changeLeased(database, job, { lease: job.lease }, async (transaction) => {
        await transaction("projects").where({ id: job.id }).delete();
      });
    },
  };
}
