import * as z from "zod";

import type { LocalStorage } from "../repositories/labeling/local-storages.ts";
import { formatTimestamp, timestamp } from "./timestamp.ts";

export const localStorageRecord = z
  .object({
    id: z.int(),
    type: z.literal("localfiles"),
    synchronizable: z.literal(true),
    path: z.string(),
    regex_filter: z.string().nullable(),
    use_blob_urls: z.boolean(),
    last_sync: timestamp.nullable(),
    last_sync_count: z.int().nullable(),
    last_sync_job: z.null(),
    status: z.enum(["initialized", "in_progress", "completed", "failed"]),
    traceback: z.string().nullable(),
    meta: z.object({ tasks_existed: z.int().optional(), duration: z.number().optional() }),
    title: z.string().nullable(),
    description: z.string().nullable(),
    created_at: timestamp,
    recursive_scan: z.boolean(),
    project: z.int(),
  })
  .meta({ id: "LocalFilesStorage" });

export function presentLocalStorage(storage: LocalStorage): z.output<typeof localStorageRecord> {
  const { last_sync, sync_started_at } = storage;
  const milliseconds = last_sync && sync_started_at ? Date.parse(last_sync) - Date.parse(sync_started_at) : undefined;
  const isSynced = storage.status === "completed" && milliseconds !== undefined;
  return {
    id: storage.id,
    type: "localfiles",
    synchronizable: true,
    path: storage.path,
    regex_filter: storage.regex_filter,
    use_blob_urls: storage.use_blob_urls,
    last_sync: last_sync === null ? null : formatTimestamp(last_sync),
    last_sync_count: storage.last_sync_count,
    last_sync_job: null,
    status: storage.status,
    traceback: storage.traceback,
    meta: isSynced ? { tasks_existed: storage.tasks_existed, duration: milliseconds / 1000 } : {},
    title: storage.title,
    description: storage.description,
    created_at: formatTimestamp(storage.created_at),
    recursive_scan: storage.recursive_scan,
    project: storage.project_id,
  };
}
