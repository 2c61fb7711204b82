import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import type { BatchSize } from "../../common/batch-size.ts";
import type { IdRange } from "../../common/id-ranges.ts";
import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { insertInBatches } from "../../database/batches.ts";
import { lockProjectExclusive, lockProjectsShared } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { LockedTask } from "../counters/update-counters.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { deleteTasks } from "../labeling/bulk-actions.ts";
import type { Import } from "./imports.ts";
import { changeLeased, updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";

/** Why an import can't be undone: somebody labeled its tasks, or it has none (any more), or is not finished. */
export type UndoRefusal = "labeled" | "no-tasks" | "unfinished";

/** The most ranges of ids of an import that a page looks at; one with more is only checked when it is undone. */
const listedRanges = 20;

/**
 * Takes back imports: their tasks are locked against labeling at once, by rows in `import_undos`, and deleted in the background.
 * The import is the job of that, too.
 */
export function importUndos(database: Knex) {
  return {
    /** Returns which of these imports have tasks that somebody labeled, as far as their ranges of ids are few. */
    async findLabeled(imports: Pick<Import, "id" | "task_id_ranges">[]): Promise<Set<number>> {
      const selects = imports
        .filter(({ task_id_ranges }) => task_id_ranges.length > 0 && task_id_ranges.length <= listedRanges)
        .map(({ id, task_id_ranges }) =>
          database
            .from(database.raw("(select 1) as one"))
            .select(database.raw("? as id", [id]))
            .where((any) => {
              for (const range of task_id_ranges)
                for (const work of workOn(database, range)) any.orWhereExists(work.select(database.raw("1")));
            }),
        );
      const [first, ...others] = selects;
      if (!first) return new Set();
      const rows: { id: number | string }[] = await others.reduce((all, each) => all.unionAll(each), first);
      return new Set(rows.map(({ id }) => Number(id)));
    },

    /**
     * Locks the tasks of a finished import, and makes it a job that is leased to the caller. Nobody can label one of them at the
     * same moment: either they are refused, or this is.
     */
    async start(id: number, leased_until: Timestamp): Promise<{ job: LeasedJob } | { refusal: UndoRefusal }> {
      return inTransaction(database, async (transaction) => {
        const existing = () => transaction("imports").where({ id }).whereRaw(notDeletedSql("imports.project_id"));
        const [project_id] = await existing().pluck("project_id");
        // Waits for those who label in the project. The lock of the project comes before its import, as when it is deleted.
        await lockProjectExclusive(transaction, project_id ?? 0);
        const row = await existing().forUpdate().first("state", "task_id_ranges");
        const ranges: IdRange[] = row ? JSON.parse(row.task_id_ranges) : [];
        if (ranges.length === 0) return { refusal: "no-tasks" as const };
        if (row.state !== "done" && row.state !== "refused") return { refusal: "unfinished" as const };
        for (const range of ranges)
          for (const work of workOn(transaction, range))
            if (await work.first(transaction.raw("1 as one"))) return { refusal: "labeled" as const };
        const job: LeasedJob = { kind: "imports", id, lease: randomUUID() };
        const changes = { state: "undoing", lease: job.lease, leased_until, updated_at: now() };
        await transaction("imports").where({ id }).update(changes);
        const locks = ranges.map(([first_task_id, last_task_id]) => ({ import_id: id, first_task_id, last_task_id }));
        await insertInBatches(transaction, "import_undos", locks);
        // The same request is a new import from now on.
        await transaction("idempotency_records").where({ import_id: id }).delete();
        return { job };
      });
    },

    /** Deletes as many of the tasks as the size says. Returns false if there are no more. Throws LeaseLostError. */
    async deletePart(job: LeasedJob, project_id: number, size: BatchSize): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        await lockProjectsShared(transaction, [project_id]);
        const ids = transaction("import_undos")
          .join("tasks", (join) => {
            join.on("tasks.id", ">=", "import_undos.first_task_id").on("tasks.id", "<=", "import_undos.last_task_id");
          })
          .where({ import_id: job.id })
          .limit(size.current)
          .pluck("tasks.id");
        const tasks: LockedTask[] = await transaction("tasks")
          .whereIn("id", await ids)
          .orderBy("id")
          .forNoKeyUpdate()
          .select("id", "project_id");
        const tasks_added = transaction.raw("tasks_added - ?", [tasks.length]);
        await updateLeased(transaction, job, { tasks_added, updated_at: now() });
        if (tasks.length === 0) return false;
        await size.adapt(async () => deleteTasks(transaction, project_id, tasks));
        return true;
      });
    },

    /** The ids of the stored files of its uploads, when no task is left. */
    async listFiles({ files }: Pick<Import, "files">): Promise<string[]> {
      return database("stored_files").whereIn("upload_id", unusedUploads(database, files)).pluck("id");
    },

    /** Ends the job when no task and no stored file is left. */
    async finish(job: LeasedJob, { files }: Pick<Import, "files">): Promise<void> {
      const changes = { state: "undone", tasks_added: 0, task_id_ranges: "[]", updated_at: now() };
      await changeLeased(database, job, changes, async (transaction) => {
        await transaction("import_undos").where({ import_id: job.id }).delete();
        const ids: number[] = await unusedUploads(transaction, files).pluck("id");
        await transaction("file_uploads").whereIn("id", ids).delete();
      });
    },
  };
}

/** The ids of the uploads that an import made, but those that were imported once more. */
function unusedUploads(database: Knex, files: Import["files"]): Knex.QueryBuilder {
  const ids = files.flatMap(({ upload_id, replaces_tasks }) => (replaces_tasks ? [] : (upload_id ?? [])));
  return database("file_uploads")
    .whereIn("id", ids)
    .whereNotExists(database("tasks").whereRaw("tasks.file_upload_id = file_uploads.id").select(database.raw("1")))
    .select("id");
}

/**
 * What people did with the tasks of a range: annotations that did not come with the import, or were changed since, and drafts.
 * An import gives its tasks and their annotations the same time.
 */
function workOn(database: Knex, [first, last]: IdRange): Knex.QueryBuilder[] {
  const annotations = database("annotations")
    .join("tasks", "tasks.id", "annotations.task_id")
    .whereBetween("annotations.task_id", [first, last])
    .whereRaw("(annotations.created_at <> tasks.created_at or annotations.updated_at <> annotations.created_at)");
  return [annotations, database("drafts").whereBetween("drafts.task_id", [first, last])];
}
