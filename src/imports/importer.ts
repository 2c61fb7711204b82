import { setupOf } from "../label-config/setup.ts";
import type { Log } from "../log.ts";
import type { Import } from "../repositories/imports.ts";
import type { Repositories } from "../repositories/index.ts";
import { addTasks } from "./add-tasks.ts";
import { annotatorsIn } from "./annotators.ts";
import { checkFiles } from "./check-files.ts";
import type { Problem } from "./check-files.ts";
import type { ImportFile } from "./import-file.ts";
import type { ImportFolder } from "./import-folder.ts";
import { problemList } from "./problem-list.ts";
import { noteProgress } from "./progress.ts";
import type { Ways } from "./read-tasks.ts";

/** How an import went. */
export interface ImportEnd {
  /** Undefined when it went away with its project. */
  import: Import | undefined;
  /** The first hundred. */
  problems: Problem[];
  /** Of the tasks that were added, in order. */
  task_ids: number[];
}

/** Its files lie in the folder, and are taken over. */
export type NewImport = Pick<Import, "project_id" | "user_id" | "files" | "is_pasted" | "preannotated">;

export type Importer = ReturnType<typeof createImporter>;

/**
 * Brings files of tasks into projects. All files are checked whole first; only then tasks are added, in short transactions,
 * so that everybody else goes on working. Once adding has begun it is brought to its end, also after a crash.
 */
export function createImporter(repositories: Repositories, folder: ImportFolder, log: Log) {
  const { imports, projects, taskBatches } = repositories;
  const running = new Map<number, Promise<ImportEnd>>();
  const stopping = new AbortController();

  const waysOf = async ({ project_id, preannotated }: Import): Promise<Ways | undefined> => {
    const project = await projects.find(project_id);
    return project && { ...setupOf(project.label_config), preannotated };
  };

  const check = async (wanted: Import, ways: Ways): Promise<{ checked: Import; problems: Problem[] }> => {
    await imports.forgetProblems(wanted.id);
    const problems = problemList(imports, wanted.id);
    const counted = noteProgress((bytes) => imports.noteChecked(wanted.id, bytes), stopping.signal);
    const findings = await checkFiles(wanted.files, {
      ...ways,
      findAnnotator: annotatorsIn(repositories),
      open: (file) => counted(folder.open(file), file),
      onProblem: problems.add,
    });
    await problems.flush();
    return { checked: { ...wanted, ...findings }, problems: problems.first };
  };

  /** Gives the first problems. */
  const endChecking = async (wanted: Import, ways: Ways): Promise<Problem[]> => {
    const { checked, problems } = await check(wanted, ways);
    const isRight = checked.problem_count === 0;
    const files = isRight ? await withUploads(checked) : checked.files;
    await imports.endChecking(wanted.id, isRight ? "adding" : "refused", { ...checked, files });
    return problems;
  };

  /** What came as a file is listed as one, and its tasks say which. */
  const withUploads = async ({ project_id, user_id, files }: Import): Promise<ImportFile[]> => {
    const noted: ImportFile[] = [];
    for (const file of files) {
      if (file.name) noted.push({ ...file, upload_id: await taskBatches.addUpload(project_id, user_id, file.name) });
      else noted.push(file);
    }
    return noted;
  };

  /** Gives the ids of the tasks. */
  const add = async (wanted: Import, ways: Ways): Promise<number[]> => {
    const task_ids: number[] = [];
    const isWhole = await addTasks(repositories, wanted, {
      ...ways,
      findAnnotator: annotatorsIn(repositories),
      open: folder.open,
      signal: stopping.signal,
      onAdded: (ids) => task_ids.push(...ids),
    });
    if (isWhole) await imports.finish(wanted.id);
    return task_ids;
  };

  const run = async (wanted: Import): Promise<ImportEnd> => {
    const ways = await waysOf(wanted);
    const problems = ways && wanted.state === "checking" ? await endChecking(wanted, ways) : [];
    const checked = await imports.find(wanted.id);
    const task_ids = ways && checked?.state === "adding" ? await add(checked, ways) : [];
    const ended = await imports.find(wanted.id);
    // A pasted text that was refused is shown again.
    const isWaiting = ended?.state === "adding" || (ended?.state === "refused" && ended.is_pasted);
    if (!isWaiting) await folder.remove(wanted.files);
    return { import: ended, problems, task_ids };
  };

  const begin = (wanted: Import): Promise<ImportEnd> => {
    const ended = run(wanted)
      .catch(async (error: unknown) => {
        if (!stopping.signal.aborted) throw error;
        return { import: await imports.find(wanted.id), problems: [], task_ids: [] };
      })
      .finally(() => running.delete(wanted.id));
    running.set(wanted.id, ended);
    ended.catch((error: unknown) => log.error({ err: error, import: wanted.id }, "import stopped"));
    return ended;
  };

  return {
    folder,

    /** Begins an import; `ended` waits for its end. */
    async start(wanted: NewImport): Promise<{ id: number; ended: Promise<ImportEnd> }> {
      const made = await imports.create(wanted);
      return { id: made.id, ended: begin(made) };
    },

    /** Only checks files: nothing is added, and nothing is left of it. */
    async check(wanted: NewImport): Promise<ImportEnd> {
      const made = await imports.create(wanted);
      try {
        const ways = await waysOf(made);
        const found = ways && (await check(made, ways));
        return { import: found?.checked, problems: found?.problems ?? [], task_ids: [] };
      } finally {
        await imports.delete(made.id);
        await folder.remove(made.files);
      }
    },

    /** Goes on with what was under way when this server was stopped. */
    async resume(): Promise<void> {
      for (const wanted of await imports.unfinished()) {
        // The files of others are on another server.
        if (!running.has(wanted.id) && (await folder.has(wanted.files))) void begin(wanted);
      }
    },

    /** Deletes files that nobody waits for. */
    async tidy(): Promise<void> {
      await folder.tidy((await imports.unfinished()).flatMap(({ files }) => files));
    },

    /** Stops between two batches; what is left is done after the next start. */
    async close(): Promise<void> {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
}
