import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { replaceNul } from "../../common/text-validation.ts";
import { daysFromNow, now } from "../../common/timestamps.ts";
import type { IdRange } from "../../common/id-ranges.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockProjectsShared, lockUsersShared } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { assertNotDeleted, notDeletedSql } from "../deleted-projects.ts";
import { insertUpload } from "./file-uploads.ts";
import { idempotencyRecords } from "./idempotency-records.ts";
import type { IdempotencyKey, IdempotencyRecord } from "./idempotency-records.ts";
import { changeLeased, updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";
import { attachFiles } from "./stored-files.ts";

/**
 * The formats of import files; all tasks of a file have one format. `media` and `document` are files that become one task each: of
 * their address, as images and recordings, or of their text, as HTML. `storage` is what a storage of local files has written: lines with a path,
 * a place in that file and a task.
 */
export type ImportFormat = "json" | "jsonl" | "csv" | "tsv" | "txt" | "media" | "document" | "storage";

/** A file of an import, as the column `files` stores it. */
export interface ImportFile {
  /** The name it was uploaded with; empty for data without a name. */
  name: string;
  /** Its id in `stored_files`. */
  stored: string;
  format: ImportFormat;
  /** Its size. */
  bytes: number;
  /** Columns of a table that contain numbers only; known after validation. */
  number_columns?: string[];
  /** How it was read where it could be read in more than one way, in sentences for people; known after validation. */
  assumptions?: string[];
  /** The name that it is stored under as an upload; data without a name has none. */
  upload_name?: string;
  /** Its row in `file_uploads`; known after the import was accepted, or before, of an upload that is imported again. */
  upload_id?: number;
  /** The storage of local files that its tasks are linked to. */
  storage_id?: number;
  /** It is an upload that is imported again: the tasks that were made of it are deleted. */
  replaces_tasks?: boolean;
}

/**
 * `checking`: files are validated, no task is added yet. `adding`: tasks are added in batches. `undoing`: they are deleted again.
 * The others are final.
 */
type ImportState = "checking" | "adding" | "done" | "refused" | "undoing" | "undone";

/** A job that adds the tasks of some files to a project. */
export interface Import {
  id: number;
  project_id: number;
  user_id: number | null;
  state: ImportState;
  files: ImportFile[];
  /** Text that was pasted into the form, not uploaded. */
  is_pasted: boolean;
  /** Names of data fields that become predictions. */
  preannotated_from_fields: string[];
  bytes: number;
  bytes_checked: number;
  task_count: number;
  annotation_count: number;
  prediction_count: number;
  error_count: number;
  /** The names of the data fields that all tasks have. */
  fields: string[];
  /** Those that are not undone. */
  tasks_added: number;
  /** The ids of those tasks, in order. */
  task_id_ranges: IdRange[];
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** The result of validating all files. */
export type ImportSummary = Pick<
  Import,
  "files" | "task_count" | "annotation_count" | "prediction_count" | "error_count" | "fields"
>;

const columns = [
  "id",
  "project_id",
  "user_id",
  "state",
  "files",
  "is_pasted",
  "preannotated_from_fields",
  "bytes",
  "bytes_checked",
  "task_count",
  "annotation_count",
  "prediction_count",
  "error_count",
  "fields",
  "tasks_added",
  "task_id_ranges",
  "created_at",
  "updated_at",
] as const;

const retentionDays = 30;

/** The files must be stored already; they then belong to the import. */
export type NewImport = Pick<Import, "project_id" | "user_id" | "files" | "is_pasted" | "preannotated_from_fields">;

/** Changes need the lease of the import, and throw LeaseLostError if it was lost. */
export function imports(database: Knex) {
  const update = (job: LeasedJob, changes: object): Promise<void> =>
    updateLeased(database, job, { ...changes, updated_at: now() });

  return {
    /** Creates an import that is leased to the caller. */
    create: (values: NewImport, leased_until: Timestamp): Promise<LeasedJob> =>
      inTransaction(database, (transaction) => insertImport(transaction, values, leased_until)),

    /**
     * As `create`, with a record of the key, which joins the same request to this import. If an earlier request has the key,
     * returns its record instead, and creates nothing.
     */
    async createOnce(
      values: NewImport,
      leased_until: Timestamp,
      key: IdempotencyKey,
    ): Promise<{ job: LeasedJob } | { earlier: IdempotencyRecord }> {
      return inTransaction(database, async (transaction) => {
        const records = idempotencyRecords(transaction);
        const earlier = await records.claim(key);
        if (earlier) return { earlier };
        const job = await insertImport(transaction, values, leased_until);
        await records.complete(key, { import_id: job.id });
        return { job };
      });
    },

    async find(id: number): Promise<Import | undefined> {
      const row = await database("imports").where({ id }).whereRaw(notDeletedSql("imports.project_id")).first(columns);
      return row && readImport(row);
    },

    /** The newest imports of a project, newest first. */
    async listLatest(project_id: number, limit: number): Promise<Import[]> {
      const rows = await database("imports").where({ project_id }).orderBy("id", "desc").limit(limit).select(columns);
      return rows.map(readImport);
    },

    async recordProgress(job: LeasedJob, bytes_checked: number): Promise<void> {
      await update(job, { bytes_checked });
    },

    /** The same files sent again are validated again, to say what is wrong. */
    async refuse(job: LeasedJob, summary: ImportSummary): Promise<void> {
      const changes = { state: "refused", ...summaryColumns(summary), updated_at: now() };
      await changeLeased(database, job, changes, async (transaction) => {
        await transaction("idempotency_records").where({ import_id: job.id }).delete();
      });
    },

    /** Ends the validation: tasks may be added now. Files with a name get a row in `file_uploads`, which their tasks refer to. */
    async accept(
      job: LeasedJob,
      { project_id, user_id }: Pick<Import, "project_id" | "user_id">,
      summary: ImportSummary,
    ): Promise<void> {
      await inTransaction(database, async (transaction) => {
        await lockUsersShared(transaction, [user_id]);
        // The lock of the project comes before its import, in the same order as when it is deleted: the other order could deadlock.
        await lockProjectsShared(transaction, [project_id]);
        await updateLeased(transaction, job, { ...summaryColumns(summary), state: "adding", updated_at: now() });
        // Null if the user was deleted since the import was read.
        const sender = await transaction("imports").where({ id: job.id }).first("user_id");
        const files: ImportFile[] = [];
        for (const file of summary.files) {
          if (!file.upload_name || file.upload_id !== undefined) files.push(file);
          else {
            const sent = { project_id, user_id: sender.user_id };
            const upload_id = await insertUpload(transaction, sent, { file: file.upload_name, bytes: file.bytes });
            // Of other files the tasks hold everything.
            if (file.format === "media") await attachFiles(transaction, [file.stored], { upload_id });
            files.push({ ...file, upload_id });
          }
        }
        await updateLeased(transaction, job, { files: JSON.stringify(files) });
      });
    },

    async finish(job: LeasedJob): Promise<void> {
      await update(job, { state: "done" });
    },

    /** Deletes imports that finished before the retention period, with their errors and files. */
    async deleteOld(): Promise<void> {
      await database("imports")
        .whereIn("state", ["done", "refused", "undone"])
        .where("updated_at", "<=", daysFromNow(-retentionDays))
        .delete();
    },
  };
}

/** As much of a file's name as is stored for people to read. */
export function storedFileName(name: string): string {
  return replaceNul(name).slice(0, 256);
}

async function insertImport(transaction: Knex, values: NewImport, leased_until: Timestamp): Promise<LeasedJob> {
  const at = now();
  const lease = randomUUID();
  const [{ id }] = await transaction("imports")
    .insert({
      ...values,
      files: JSON.stringify(values.files),
      preannotated_from_fields: JSON.stringify(values.preannotated_from_fields),
      bytes: values.files.reduce((sum, { bytes }) => sum + bytes, 0),
      state: "checking",
      lease,
      leased_until,
      created_at: at,
      updated_at: at,
    })
    .returning("id");
  await assertNotDeleted(transaction, values.project_id);
  const ids = values.files.map(({ stored }) => stored);
  await attachFiles(transaction, ids, { import_id: id });
  return { kind: "imports", id, lease };
}

function summaryColumns({ files, fields, ...counts }: ImportSummary) {
  const { task_count, annotation_count, prediction_count, error_count } = counts;
  return {
    files: JSON.stringify(files),
    fields: JSON.stringify(fields),
    task_count,
    annotation_count,
    prediction_count,
    error_count,
  };
}

function readImport(row: Record<string, unknown>): Import {
  const lists = ["files", "preannotated_from_fields", "fields", "task_id_ranges"].map((name) => [
    name,
    JSON.parse(String(row[name])),
  ]);
  const sizes = ["bytes", "bytes_checked"].map((name) => [name, Number(row[name])]);
  return { ...(row as unknown as Import), ...Object.fromEntries([...lists, ...sizes]) };
}
