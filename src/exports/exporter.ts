import { createJobRunner, defaultTimings } from "../background/job-runner.ts";
import type { JobRunnerTimings } from "../background/job-runner.ts";
import type { FailureLog } from "../common/logger.ts";
import type { Repositories } from "../repositories/index.ts";
import type { ExportFormat } from "../repositories/jobs/export-conversions.ts";
import type { Export } from "../repositories/jobs/exports.ts";
import { LeaseLostError } from "../repositories/jobs/leases.ts";
import type { JobKind, LeasedJob } from "../repositories/jobs/leases.ts";
import { makeConversion, makeSnapshot, makeTakeOut } from "./snapshots.ts";

export type Exporter = ReturnType<typeof createExporter>;

/** A background job; `finished` resolves when it has completed or failed, or another server works on it. */
interface StartedExport {
  id: number;
  finished: Promise<void>;
}

/** Makes snapshots, conversions and take-outs, one at a time. Another server starts again with what a server did not finish. */
export function createExporter(
  repositories: Repositories,
  log: FailureLog,
  timings: JobRunnerTimings = defaultTimings,
) {
  const { exportConversions, exports, leases, takeOuts } = repositories;
  const kinds = {
    exports: { name: "export", repository: exports, make: makeSnapshot },
    export_conversions: { name: "export conversion", repository: exportConversions, make: makeConversion },
    take_outs: { name: "take-out", repository: takeOuts, make: makeTakeOut },
  };

  const run = async (job: LeasedJob, signal: AbortSignal): Promise<void> => {
    const kind = kinds[job.kind as keyof typeof kinds];
    try {
      await kind.make(repositories, job, signal);
    } catch (error) {
      if (signal.aborted || error instanceof LeaseLostError) throw error;
      // This throws a LeaseLostError where the export was deleted meanwhile, which is no failure.
      await kind.repository.fail(job);
      log.error({ err: error }, `${kind.name} ${job.id} failed`);
    }
  };

  const jobRunner = createJobRunner({ leases, kinds: Object.keys(kinds) as JobKind[], run, log, timings });

  return {
    jobRunner,

    async start(input: Pick<Export, "project_id" | "created_by_id" | "title" | "options">): Promise<StartedExport> {
      const { id } = await exports.create(input);
      return { id, finished: jobRunner.enqueue({ kind: "exports", id }) };
    },

    /** Starts a zip of what is known of a user, unless one is being made. */
    async startTakeOut(user_id: number): Promise<StartedExport> {
      const { id } = await takeOuts.create(user_id);
      return { id, finished: jobRunner.enqueue({ kind: "take_outs", id }) };
    },

    /** Returns undefined when a conversion to this format is completed or running. */
    async convert({ id }: Export, format: ExportFormat): Promise<StartedExport | undefined> {
      const conversion = await exportConversions.create(id, format);
      return (
        conversion && {
          id: conversion.id,
          finished: jobRunner.enqueue({ kind: "export_conversions", id: conversion.id }),
        }
      );
    },
  };
}
