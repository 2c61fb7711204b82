import type { Repositories } from "../repositories/index.ts";
import type { LocalStorage } from "../repositories/labeling/local-storages.ts";
import type { Importer } from "./importer.ts";
import { listFiles, storageLines, SyncError } from "./local-files.ts";

type Server = {
  repositories: Pick<Repositories, "imports" | "importErrors" | "localStorages" | "storedFiles">;
  importer: Importer;
};

/** Errors of an import that a storage tells of. */
const maxErrors = 20;

/**
 * Makes tasks of the files of a storage that have become none yet, as an import: all or nothing, and it goes on after a crash. Returns when
 * it has ended, or this server stops; at once where somebody else is at it.
 */
export async function syncStorage(
  { repositories, importer }: Server,
  storage: LocalStorage,
  { root, user_id }: { root: string; user_id: number },
): Promise<void> {
  const { localStorages, storedFiles } = repositories;
  if (!(await localStorages.startSync(storage.id))) return;
  try {
    const files = await listFiles(storage, root);
    const linked = await localStorages.findLinked(storage.id, files);
    const fresh = files.filter((file) => !linked.has(file));
    if (fresh.length === 0) {
      await localStorages.finishSync(storage.id, { last_sync_count: 0, tasks_existed: linked.size });
      return;
    }
    const { id: stored, bytes } = await storedFiles.write(storageLines(fresh, root, storage.use_blob_urls));
    const { id, finished } = await importer.start({
      project_id: storage.project_id,
      user_id,
      files: [{ name: `Files of ${storage.path}`, stored, bytes, format: "storage", storage_id: storage.id }],
      is_pasted: false,
      preannotated_from_fields: [],
    });
    await localStorages.attachImport(storage.id, id, linked.size);
    await finished;
  } catch (error) {
    const traceback = error instanceof SyncError ? error.message : "The server could not read or import the files.";
    await localStorages.finishSync(storage.id, { traceback });
    if (!(error instanceof SyncError)) throw error;
  }
}

/** Records how the import of a synchronization has ended, if it has, and returns the storage as it is then. */
export async function refreshStorage(
  { repositories }: Pick<Server, "repositories">,
  storage: LocalStorage,
): Promise<LocalStorage> {
  const { id, import_id, status, tasks_existed } = storage;
  if (status !== "in_progress" || import_id === null) return storage;
  const { imports, importErrors, localStorages } = repositories;
  const job = await imports.find(import_id);
  if (job && ["checking", "adding", "undoing"].includes(job.state)) return storage;
  if (job?.state === "refused") {
    const errors = await importErrors.listAfter(import_id, 0, maxErrors);
    await localStorages.finishSync(id, {
      traceback: errors.map(({ line, message }) => `Task ${line}: ${message}`).join("\n"),
    });
  } else await localStorages.finishSync(id, { last_sync_count: job?.tasks_added ?? 0, tasks_existed });
  return (await localStorages.find(id)) ?? storage;
}
