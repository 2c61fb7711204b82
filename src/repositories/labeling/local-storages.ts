import type { Knex } from "knex";

import { minutesFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { batchesOf, insertInBatches } from "../../database/batches.ts";
import { inTransaction } from "../../database/transaction.ts";
import { digest } from "../../security/crypto.ts";
import { assertNotDeleted, notDeletedSql } from "../deleted-projects.ts";

/** A folder on the server's disk whose files become tasks of a project. */
export interface LocalStorage {
  id: number;
  project_id: number;
  title: string | null;
  description: string | null;
  /** Absolute. */
  path: string;
  /** A regular expression for the names of files. */
  regex_filter: string | null;
  /** Each file is a task of its address; else files hold tasks. */
  use_blob_urls: boolean;
  recursive_scan: boolean;
  status: "initialized" | "in_progress" | "completed" | "failed";
  import_id: number | null;
  sync_started_at: Timestamp | null;
  last_sync: Timestamp | null;
  last_sync_count: number | null;
  tasks_existed: number;
  traceback: string | null;
  created_at: Timestamp;
}

export type LocalStorageChanges = Partial<
  Pick<LocalStorage, "title" | "description" | "path" | "regex_filter" | "use_blob_urls" | "recursive_scan">
>;

/** The file and the place in it that a task came from. */
export interface StorageLink {
  storage_id: number;
  path: string;
  row_index: number;
}

/** Minutes after which a synchronization that has started no import counts as broken off. */
const scanMinutes = 60;

export function localStorages(database: Knex) {
  const existing = () => database("local_storages").whereRaw(notDeletedSql("local_storages.project_id"));

  return {
    async create(project_id: number, values: LocalStorageChanges & { path: string }): Promise<LocalStorage> {
      return inTransaction(database, async (transaction) => {
        const [row] = await transaction("local_storages")
          .insert({ ...values, project_id, created_at: now() })
          .returning("*");
        await assertNotDeleted(transaction, project_id);
        return row;
      });
    },

    async find(id: number): Promise<LocalStorage | undefined> {
      return existing().where({ id }).first();
    },

    async list(project_id?: number): Promise<LocalStorage[]> {
      return existing()
        .modify((query) => {
          if (project_id !== undefined) query.where({ project_id });
        })
        .orderBy("id");
    },

    async update(id: number, changes: LocalStorageChanges): Promise<void> {
      if (Object.keys(changes).length > 0) await database("local_storages").where({ id }).update(changes);
    },

    async delete(id: number): Promise<void> {
      await database("local_storages").where({ id }).delete();
    },

    /** The paths of all storages, each once. */
    async listPaths(): Promise<string[]> {
      return existing().distinct().pluck("path");
    },

    /** Returns false if the storage is being synchronized already. */
    async startSync(id: number): Promise<boolean> {
      const started = await database("local_storages")
        .where({ id })
        .where((free) => {
          free.whereNot({ status: "in_progress" });
          free.orWhere((broken) => {
            broken.whereNull("import_id").where("sync_started_at", "<", minutesFromNow(-scanMinutes));
          });
        })
        .update({ status: "in_progress", import_id: null, sync_started_at: now(), traceback: null });
      return started > 0;
    },

    async attachImport(id: number, import_id: number, tasks_existed: number): Promise<void> {
      await database("local_storages").where({ id }).update({ import_id, tasks_existed });
    },

    /** Ends a synchronization: with the number of new tasks, or why there are none. */
    async finishSync(
      id: number,
      result: { last_sync_count: number; tasks_existed: number } | { traceback: string },
    ): Promise<void> {
      const status = "traceback" in result ? "failed" : "completed";
      const changes = { ...result, status, last_sync: now() };
      await database("local_storages").where({ id, status: "in_progress" }).update(changes);
    },

    /** Returns those of these paths that have become tasks already. */
    async findLinked(storage_id: number, paths: string[]): Promise<Set<string>> {
      const linked = new Set<string>();
      for (const batch of batchesOf(paths)) {
        const digests = batch.map(digest);
        const rows: string[] = await database("local_storage_links")
          .where({ storage_id })
          .whereIn("path_digest", digests)
          .pluck("path");
        for (const path of rows) linked.add(path);
      }
      return linked;
    },

    /** The files that tasks came from, by the ids of the tasks. */
    async pathsOfTasks(task_ids: number[]): Promise<Map<number, string>> {
      const paths = new Map<number, string>();
      for (const batch of batchesOf(task_ids)) {
        const rows: { task_id: number; path: string }[] = await database("local_storage_links")
          .whereIn("task_id", batch)
          .select("task_id", "path");
        for (const { task_id, path } of rows) paths.set(task_id, path);
      }
      return paths;
    },
  };
}

/** Records the files that new tasks came from. */
export async function insertStorageLinks(
  transaction: Knex,
  links: (StorageLink & { task_id: number })[],
): Promise<void> {
  const ids = [...new Set(links.map(({ storage_id }) => storage_id))];
  // Its storage may have been deleted meanwhile; the tasks stay.
  const storages = new Set<number>(
    ids.length > 0 ? await transaction("local_storages").whereIn("id", ids).forKeyShare().pluck("id") : [],
  );
  const rows = links.filter(({ storage_id }) => storages.has(storage_id));
  await insertInBatches(
    transaction,
    "local_storage_links",
    rows.map((link) => ({ ...link, path_digest: digest(link.path) })),
  );
}
