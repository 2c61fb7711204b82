import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { ExportOptions } from "./export-options.ts";
import { updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";
import { attachFiles } from "./stored-files.ts";

export type ExportStatus = "created" | "in_progress" | "completed" | "failed";

/** A file with a project's tasks as they were at a moment. */
export interface Export {
  id: number;
  project_id: number;
  created_by_id: number | null;
  title: string;
  status: ExportStatus;
  options: ExportOptions;
  /** Of the file; `""` until it is there. */
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

/** How many a list holds. */
const maxListed = 100;

export function exports(database: Knex) {
  return {
    async create(given: Pick<Export, "project_id" | "created_by_id" | "title" | "options">): Promise<Export> {
      const options = JSON.stringify(given.options);
      const [row] = await database("exports")
        .insert({ ...given, options, status: "created", created_at: now() })
        .returning(columns as unknown as string[]);
      return exportIn(row);
    },

    async find(id: number): Promise<Export | undefined> {
      const row = await database("exports").where({ id }).first(columns);
      return row && exportIn(row);
    },

    /** The newest first, of which the last hundred are listed. */
    async list(project_id: number): Promise<Export[]> {
      const rows = await database("exports")
        .where({ project_id })
        .orderBy("id", "desc")
        .limit(maxListed)
        .select(columns);
      return rows.map(exportIn);
    },

    async start(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "in_progress" });
    },

    /** With its file, which is stored. Throws a LeaseLostError when it is somebody else's, or was deleted meanwhile. */
    async complete(job: LeasedJob, file: { id: string; md5: string }, task_count: number): Promise<void> {
      await inTransaction(database, async (transaction) => {
        const ended = { status: "completed", finished_at: now(), md5: file.md5, task_count };
        await updateLeased(transaction, job, ended);
        await attachFiles(transaction, [file.id], { export_id: job.id });
      });
    },

    async fail(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "failed", finished_at: now() });
    },

    /** With its conversions, and the files of all. */
    async delete(id: number): Promise<void> {
      await database("exports").where({ id }).delete();
    },
  };
}

function exportIn(row: Record<string, unknown>): Export {
  return { ...(row as unknown as Export), options: JSON.parse(String(row.options)) as ExportOptions };
}
