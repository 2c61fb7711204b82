import { defaultTimings, createJobRunner } from "../background/job-runner.ts";
import type { JobRunnerTimings } from "../background/job-runner.ts";
import { parseLabelConfig } from "../label-config/setup.ts";
import type { Log } from "../common/logger.ts";
import type { ImportSummary, Import, NewImport } from "../repositories/jobs/imports.ts";
import type { Repositories } from "../repositories/index.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import { addTasks } from "./add-tasks.ts";
import { annotatorsIn } from "./annotators.ts";
import { validateFiles } from "./check-files.ts";
import type { Problem } from "./check-files.ts";
import type { ImportFile } from "../repositories/jobs/import-file.ts";
import { problemList } from "./problem-list.ts";
import { noteProgress } from "./progress.ts";
import type { ProjectSchema } from "./read-tasks.ts";

/** How an import went. */
export interface ImportEnd {
  /** Undefined when it went away with its project; on its way when this server stopped working at it. */
  import: (ImportSummary & Pick<Import, "state">) | undefined;
  /** The first hundred. */
  problems: Problem[];
  /** Of the tasks that were added, in order. */
  task_ids: number[];
}

export type Importer = ReturnType<typeof createImporter>;

/**
 * Brings files of tasks into projects. All files are checked whole first; only then tasks are added, in short transactions,
 * so that everybody else goes on working. Once adding has begun it is brought to its end, by another server if need be.
 */
export function createImporter(repositories: Repositories, log: Log, times: JobRunnerTimings = defaultTimings) {
  const { importErrors, imports, leases, projects, storedFiles } = repositories;
  const read = ({ stored, bytes }: ImportFile, signal?: AbortSignal) => storedFiles.read({ id: stored, bytes }, signal);
  const remove = (files: ImportFile[]) => storedFiles.delete(files.map(({ stored }) => stored));

  const waysOf = async ({ project_id, preannotated }: NewImport): Promise<ProjectSchema | undefined> => {
    const project = await projects.find(project_id);
    return project && { ...parseLabelConfig(project.label_config), preannotated };
  };

  /** Gives the first problems. */
  const check = async (
    held: LeasedJob,
    wanted: Import,
    ways: ProjectSchema,
    signal: AbortSignal,
  ): Promise<Problem[]> => {
    await importErrors.clear(held);
    const problems = problemList((some) => importErrors.add(held, some));
    const counted = noteProgress((bytes) => imports.recordProgress(held, bytes));
    const findings = await validateFiles(wanted.files, {
      ...ways,
      findAnnotator: annotatorsIn(repositories),
      open: (file) => counted(read(file, signal), file),
      onProblem: problems.add,
    });
    await problems.flush();
    if (findings.problem_count === 0) await imports.accept(held, wanted, findings);
    else await imports.refuse(held, findings);
    return problems.first;
  };

  /** Gives the ids of the tasks. */
  const add = async (held: LeasedJob, checked: Import, ways: ProjectSchema, signal: AbortSignal): Promise<number[]> => {
    const task_ids: number[] = [];
    await addTasks(repositories, checked, {
      ...ways,
      held,
      findAnnotator: annotatorsIn(repositories),
      open: (file) => read(file, signal),
      signal,
      onAdded: (ids) => task_ids.push(...ids),
    });
    await imports.finish(held);
    return task_ids;
  };

  const run = async (held: LeasedJob, signal: AbortSignal): Promise<ImportEnd> => {
    const wanted = await imports.find(held.id);
    const ways = wanted && (await waysOf(wanted));
    if (!ways) return { import: undefined, problems: [], task_ids: [] };
    const problems = wanted.state === "checking" ? await check(held, wanted, ways, signal) : [];
    const checked = await imports.find(held.id);
    const task_ids = checked?.state === "adding" ? await add(held, checked, ways, signal) : [];
    const ended = await imports.find(held.id);
    // A pasted text that was refused is shown again.
    if (!(ended?.state === "refused" && ended.is_pasted)) await remove(wanted.files);
    return { import: ended, problems, task_ids };
  };

  const background = createJobRunner({ leases, kinds: ["imports"], run, log, times });

  return {
    background,

    /** Begins an import, whose files are its own from now on; `ended` waits for its end, as far as it is here. */
    async start(wanted: NewImport): Promise<{ id: number; ended: Promise<ImportEnd> }> {
      const held = await imports.create(wanted, background.leasedUntil());
      const { id } = held;
      const left = async (): Promise<ImportEnd> => ({ import: await imports.find(id), problems: [], task_ids: [] });
      const ended = background.start(held).then(async (end) => end ?? left());
      // Not everybody waits for it; what went wrong is logged.
      ended.catch(() => undefined);
      return { id, ended };
    },

    /** Only checks files: nothing is added, and nothing is left of them. */
    async check(wanted: NewImport): Promise<ImportEnd> {
      try {
        const ways = await waysOf(wanted);
        const problems = problemList(async () => undefined);
        const around = { findAnnotator: annotatorsIn(repositories), open: read, onProblem: problems.add };
        const findings = ways && (await validateFiles(wanted.files, { ...ways, ...around }));
        return { import: findings && { ...findings, state: "checking" }, problems: problems.first, task_ids: [] };
      } finally {
        await remove(wanted.files);
      }
    },
  };
}
