import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { replaceNul } from "../../common/text-validation.ts";
import { lockProjectsShared } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { ImportFile } from "./import-file.ts";
import { updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";
import { attachFiles } from "./stored-files.ts";

/** `checking`: nothing is added yet. `adding`: all is right, and tasks are added step by step. The others are its ends. */
type ImportState = "checking" | "adding" | "done" | "refused";

/** Files of tasks on their way into a project. */
export interface Import {
  id: number;
  project_id: number;
  user_id: number | null;
  state: ImportState;
  files: ImportFile[];
  /** Whether it was pasted into the form. */
  is_pasted: boolean;
  /** Fields of the data that become predictions. */
  preannotated: string[];
  bytes: number;
  bytes_checked: number;
  task_count: number;
  annotation_count: number;
  prediction_count: number;
  problem_count: number;
  /** The names of the fields that every task has. */
  fields: string[];
  tasks_added: number;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** What checking found out about all files. */
export type ImportSummary = Pick<
  Import,
  "files" | "task_count" | "annotation_count" | "prediction_count" | "problem_count" | "fields"
>;

const columns = [
  "id",
  "project_id",
  "user_id",
  "state",
  "files",
  "is_pasted",
  "preannotated",
  "bytes",
  "bytes_checked",
  "task_count",
  "annotation_count",
  "prediction_count",
  "problem_count",
  "fields",
  "tasks_added",
  "created_at",
  "updated_at",
] as const;

const retentionDays = 30;

/** The files are stored, and are the import's from now on. */
export type NewImport = Pick<Import, "project_id" | "user_id" | "files" | "is_pasted" | "preannotated">;

/** Whoever works at an import has it by a lease: what changes it throws a LeaseLostError when that is lost. */
export function imports(database: Knex) {
  const update = (job: LeasedJob, changes: object): Promise<void> =>
    updateLeased(database, job, { ...changes, updated_at: now() });

  return {
    /** Its maker is at it until this moment. */
    async create(given: NewImport, leased_until: Timestamp): Promise<LeasedJob> {
      const at = now();
      const lease = randomUUID();
      return inTransaction(database, async (transaction) => {
        const [{ id }] = await transaction("imports")
          .insert({
            ...given,
            files: JSON.stringify(given.files),
            preannotated: JSON.stringify(given.preannotated),
            bytes: given.files.reduce((sum, { bytes }) => sum + bytes, 0),
            state: "checking",
            lease,
            leased_until,
            created_at: at,
            updated_at: at,
          })
          .returning("id");
        const ids = given.files.map(({ stored }) => stored);
        await attachFiles(transaction, ids, { import_id: id });
        return { kind: "imports", id, lease };
      });
    },

    async find(id: number): Promise<Import | undefined> {
      const row = await database("imports").where({ id }).first(columns);
      return row && importIn(row);
    },

    /** The newest of a project, the last one first. */
    async listLatest(project_id: number, limit: number): Promise<Import[]> {
      const rows = await database("imports").where({ project_id }).orderBy("id", "desc").limit(limit).select(columns);
      return rows.map(importIn);
    },

    async recordProgress(job: LeasedJob, bytes_checked: number): Promise<void> {
      await update(job, { bytes_checked });
    },

    async refuse(job: LeasedJob, summary: ImportSummary): Promise<void> {
      await update(job, { state: "refused", ...rowOf(summary) });
    },

    /** From now on tasks are added. What came as a file is listed as one, and its tasks say which. */
    async accept(
      job: LeasedJob,
      { project_id, user_id }: Pick<Import, "project_id" | "user_id">,
      summary: ImportSummary,
    ): Promise<void> {
      await inTransaction(database, async (transaction) => {
        // The project first, as whoever deletes it begins with it, too.
        await lockProjectsShared(transaction, [project_id]);
        await updateLeased(transaction, job, { ...rowOf(summary), state: "adding", updated_at: now() });
        const files: ImportFile[] = [];
        for (const file of summary.files) {
          const row = { project_id, user_id, file: replaceNul(file.name).slice(0, 256), created_at: now() };
          const [upload] = file.name ? await transaction("file_uploads").insert(row).returning("id") : [];
          files.push(upload ? { ...file, upload_id: upload.id } : file);
        }
        await updateLeased(transaction, job, { files: JSON.stringify(files) });
      });
    },

    async finish(job: LeasedJob): Promise<void> {
      await update(job, { state: "done" });
    },

    /** Those that ended long ago, with the list of their problems. */
    async deleteOld(): Promise<void> {
      await database("imports")
        .whereIn("state", ["done", "refused"])
        .where("updated_at", "<", daysFromNow(-retentionDays))
        .delete();
    },
  };
}

function rowOf({ files, fields, ...counts }: ImportSummary) {
  const { task_count, annotation_count, prediction_count, problem_count } = counts;
  return {
    files: JSON.stringify(files),
    fields: JSON.stringify(fields),
    task_count,
    annotation_count,
    prediction_count,
    problem_count,
  };
}

function importIn(row: Record<string, unknown>): Import {
  const lists = ["files", "preannotated", "fields"].map((name) => [name, JSON.parse(String(row[name]))]);
  const sizes = ["bytes", "bytes_checked"].map((name) => [name, Number(row[name])]);
  return { ...(row as unknown as Import), ...Object.fromEntries([...lists, ...sizes]) };
}
