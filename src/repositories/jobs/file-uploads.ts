import type { Knex } from "knex";

import type { BatchSize } from "../../common/batch-size.ts";
import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { batchesOf } from "../../database/batches.ts";
import { lockProjectsShared, lockUsersShared } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { LockedTask } from "../counters/update-counters.ts";
import { assertNotDeleted, notDeletedSql } from "../deleted-projects.ts";
import { deleteTasks } from "../labeling/bulk-actions.ts";
import { updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";
import { attachFiles } from "./stored-files.ts";
import type { StoredFile } from "./stored-files.ts";

/** A file that somebody sent to a project. */
export interface FileUpload {
  id: number;
  project_id: number;
  user_id: number | null;
  /** The name that it is stored and served under. */
  file: string;
  /** Null for one that came from elsewhere without its file. */
  bytes: number | null;
  /** Its id among the stored files; null where the file itself is not here, as its tasks hold what was in it. */
  stored: string | null;
}

/** A file that is stored already, and is to become an upload. */
export interface NewUpload {
  file: string;
  stored: string;
  bytes: number;
}

/** Tasks that one statement detaches from an upload. */
const detachedAtOnce = 500;

export function fileUploads(database: Knex) {
  const select = () =>
    database("file_uploads")
      .leftJoin("stored_files", "stored_files.upload_id", "file_uploads.id")
      .whereRaw(notDeletedSql("file_uploads.project_id"))
      .select("file_uploads.*", "stored_files.id as stored");

  return {
    async find(id: number): Promise<FileUpload | undefined> {
      const row = await select().where("file_uploads.id", id).first();
      return row && readUpload(row);
    },

    /** The stored file of an upload, by the project and the name in its address. */
    async findFile(project_id: number, file: string): Promise<StoredFile | undefined> {
      const row = await database("file_uploads")
        .join("stored_files", "stored_files.upload_id", "file_uploads.id")
        .where({ project_id, file })
        .whereRaw(notDeletedSql("file_uploads.project_id"))
        .first("stored_files.id", "stored_files.bytes");
      return row && { id: row.id, bytes: Number(row.bytes) };
    },

    /** Uploads of a project, oldest first, from behind this one on. */
    async listAfter(project_id: number, after: number, limit: number): Promise<FileUpload[]> {
      const rows = await select()
        .where("file_uploads.project_id", project_id)
        .where("file_uploads.id", ">", after)
        .orderBy("file_uploads.id")
        .limit(limit);
      return rows.map(readUpload);
    },

    /** Uploads of a person, oldest first, from behind this one on. */
    async listOfUser(
      user_id: number,
      after: number,
      limit: number,
    ): Promise<(FileUpload & { created_at: Timestamp })[]> {
      const rows = await select()
        .where("file_uploads.user_id", user_id)
        .where("file_uploads.id", ">", after)
        .orderBy("file_uploads.id")
        .limit(limit);
      return rows.map((row) => ({ ...readUpload(row), created_at: row.created_at }));
    },

    /** Those uploads of a project that have one of these ids, oldest first. */
    async listByIds(project_id: number, ids: number[]): Promise<FileUpload[]> {
      const rows: FileUpload[] = [];
      for (const batch of batchesOf([...new Set(ids)]))
        rows.push(
          ...(await select().where({ "file_uploads.project_id": project_id }).whereIn("file_uploads.id", batch)),
        );
      return rows.map(readUpload).sort((one, other) => one.id - other.id);
    },

    /** The stored names of uploads, by their ids. */
    async names(ids: (number | null)[]): Promise<Map<number, string>> {
      const known = [...new Set(ids.flatMap((id) => id ?? []))];
      const rows: FileUpload[] = [];
      for (const batch of batchesOf(known))
        rows.push(...(await database("file_uploads").whereIn("id", batch).select("id", "file")));
      return new Map(rows.map(({ id, file }) => [id, file]));
    },

    /** Bytes of the files of all uploads. */
    async totalBytes(): Promise<number> {
      const row = await database("stored_files").whereNotNull("upload_id").sum({ bytes: "bytes" }).first();
      return Number(row?.bytes ?? 0);
    },

    /** Makes stored files uploads of a project, in this order. */
    async create(project_id: number, user_id: number | null, files: NewUpload[]): Promise<number[]> {
      return inTransaction(database, async (transaction) => {
        await lockUsersShared(transaction, [user_id]);
        await lockProjectsShared(transaction, [project_id]);
        const ids: number[] = [];
        for (const file of files) ids.push(await insertUpload(transaction, { project_id, user_id }, file));
        for (const [index, { stored }] of files.entries())
          await attachFiles(transaction, [stored], { upload_id: ids[index] ?? 0 });
        await assertNotDeleted(transaction, project_id);
        return ids;
      });
    },

    /** Puts another stored file in the place of the upload's one. Returns the ids of the stored files that are not needed any more. */
    async replace(id: number, { file, stored, bytes }: NewUpload): Promise<string[]> {
      return inTransaction(database, async (transaction) => {
        const old: string[] = await transaction("stored_files").where({ upload_id: id }).pluck("id");
        await transaction("stored_files").where({ upload_id: id }).update({ upload_id: null });
        await transaction("file_uploads").where({ id }).update({ file, bytes });
        await attachFiles(transaction, [stored], { upload_id: id });
        return old;
      });
    },

    /**
     * Deletes an upload whose stored file is deleted already. Its tasks stay, and are detached from it in statements so short that
     * nobody waits long. Returns false if there is none.
     */
    async delete(id: number): Promise<boolean> {
      for (;;) {
        const tasks = database("tasks").where({ file_upload_id: id }).limit(detachedAtOnce).select("id");
        const detached = await database("tasks").whereIn("id", tasks).update({ file_upload_id: null });
        if (detached < detachedAtOnce) break;
      }
      return (await database("file_uploads").where({ id }).delete()) > 0;
    },

    /** Deletes as many of the tasks of uploads as the size says, for an import that makes them anew. Returns false if there are no more. */
    async deleteTasksPart(job: LeasedJob, project_id: number, uploads: number[], size: BatchSize): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        await lockProjectsShared(transaction, [project_id]);
        await updateLeased(transaction, job, { updated_at: now() });
        const tasks: LockedTask[] = await transaction("tasks")
          .whereIn("file_upload_id", uploads)
          .where({ project_id })
          .orderBy("id")
          .limit(size.current)
          .forNoKeyUpdate()
          .select("id", "project_id");
        if (tasks.length === 0) return false;
        await size.adapt(async () => deleteTasks(transaction, project_id, tasks));
        return true;
      });
    },
  };
}

/** Inserts the row of an upload, whose stored file is attached to it afterwards. Returns its id. */
export async function insertUpload(
  transaction: Knex,
  { project_id, user_id }: Pick<FileUpload, "project_id" | "user_id">,
  { file, bytes }: Pick<NewUpload, "file" | "bytes">,
): Promise<number> {
  const [{ id }] = await transaction("file_uploads")
    .insert({ project_id, user_id, file, bytes, created_at: now() })
    .returning("id");
  return id;
}

function readUpload({ id, project_id, user_id, file, bytes, stored }: FileUpload): FileUpload {
  return { id, project_id, user_id, file, bytes: bytes === null ? null : Number(bytes), stored };
}
