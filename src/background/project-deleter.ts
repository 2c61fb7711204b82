import type { FailureLog } from "../common/logger.ts";
import type { Repositories } from "../repositories/index.ts";
import { projectTables } from "../repositories/jobs/project-deletions.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import { deleteInParts } from "./delete-in-parts.ts";
import { createJobRunner, defaultTimings } from "./job-runner.ts";
import type { JobRunnerTimings } from "./job-runner.ts";

export type ProjectDeleter = ReturnType<typeof createProjectDeleter>;

/**
 * Deletes projects: each disappears at once, and what belongs to it is deleted in the background, in transactions so short that
 * nobody waits long for one. Another server goes on with what a server did not finish.
 */
export function createProjectDeleter(
  repositories: Pick<Repositories, "leases" | "projectDeletions" | "projects" | "storedFiles">,
  log: FailureLog,
  timings: JobRunnerTimings = defaultTimings,
) {
  const { leases, projectDeletions, projects, storedFiles } = repositories;

  const run = async (job: LeasedJob, signal: AbortSignal): Promise<void> => {
    for (const file of await projectDeletions.listFiles(job)) {
      signal.throwIfAborted();
      await storedFiles.delete([file]);
    }
    for (const table of projectTables)
      await deleteInParts(async (size) => projectDeletions.deletePart(job, table, size), signal);
    await projectDeletions.finish(job);
  };

  const jobRunner = createJobRunner({ leases, kinds: ["project_deletions"], run, log, timings });

  return {
    jobRunner,

    /** Hides a project from everybody. `finished` resolves when nothing of it is left, or another server works on it. */
    async start(id: number): Promise<{ finished: Promise<void> }> {
      await projects.delete(id);
      return { finished: jobRunner.enqueue({ kind: "project_deletions", id }) };
    },
  };
}
