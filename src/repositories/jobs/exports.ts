import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { inTransaction } from "../../database/transaction.ts";
import { assertNotDeleted, notDeletedSql } from "../deleted-projects.ts";
import type { ExportOptions } from "./export-options.ts";
import { changeLeased, updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";
import { attachFiles, storedFiles } from "./stored-files.ts";

export type ExportStatus = "created" | "in_progress" | "completed" | "failed";

/** A snapshot of a project's tasks in a file. */
export interface Export {
  id: number;
  project_id: number;
  created_by_id: number | null;
  title: string;
  status: ExportStatus;
  options: ExportOptions;
  /** Of the file, in hexadecimal digits; `""` until it is complete. */
  md5: string;
  task_count: number;
  created_at: Timestamp;
  finished_at: Timestamp | null;
}

const columns = [
  "id",
  "project_id",
  "created_by_id",
  "title",
  "status",
  "options",
  "md5",
  "task_count",
  "created_at",
  "finished_at",
] as const;

const maxListed = 100;

export function exports(database: Knex) {
  return {
    async create(values: Pick<Export, "project_id" | "created_by_id" | "title" | "options">): Promise<Export> {
      const options = JSON.stringify(values.options);
      return inTransaction(database, async (transaction) => {
        const [row] = await transaction("exports")
          .insert({ ...values, options, status: "created", created_at: now() })
          .returning(columns as unknown as string[]);
        await assertNotDeleted(transaction, values.project_id);
        return readExport(row);
      });
    },

    async find(id: number): Promise<Export | undefined> {
      const row = await database("exports").where({ id }).whereRaw(notDeletedSql("exports.project_id")).first(columns);
      return row && readExport(row);
    },

    /** The newest first, a hundred at most. */
    async list(project_id: number): Promise<Export[]> {
      const rows = await database("exports")
        .where({ project_id })
        .orderBy("id", "desc")
        .limit(maxListed)
        .select(columns);
      return rows.map(readExport);
    },

    async start(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "in_progress" });
    },

    /** Attaches its stored file. Throws LeaseLostError. */
    async complete(job: LeasedJob, file: { id: string; md5: string }, task_count: number): Promise<void> {
      const changes = { status: "completed", finished_at: now(), md5: file.md5, task_count };
      await changeLeased(database, job, changes, (transaction) =>
        attachFiles(transaction, [file.id], { export_id: job.id }),
      );
    },

    async fail(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "failed", finished_at: now() });
    },

    /** Deletes it with its conversions, and then all their files, bit by bit; the cleanup deletes those that are left. */
    async delete(id: number): Promise<void> {
      const files = await inTransaction(database, async (transaction): Promise<string[]> => {
        const conversions = transaction("export_conversions").where({ export_id: id }).select("id");
        const detached: { id: string }[] = await transaction("stored_files")
          .where({ export_id: id })
          .orWhereIn("conversion_id", conversions)
          .update({ export_id: null, conversion_id: null })
          .returning("id");
        await transaction("exports").where({ id }).delete();
        return detached.map((file) => file.id);
      });
      await storedFiles(database).delete(files);
    },
  };
}

function readExport(row: Record<string, unknown>): Export {
  return { ...(row as unknown as Export), options: JSON.parse(String(row.options)) as ExportOptions };
}
