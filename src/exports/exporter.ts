import { createJobRunner, defaultTimings } from "../background/job-runner.ts";
import type { JobRunnerTimings } from "../background/job-runner.ts";
import type { FailureLog } from "../common/logger.ts";
import type { Repositories } from "../repositories/index.ts";
import type { ExportFormat } from "../repositories/jobs/export-conversions.ts";
import type { Export } from "../repositories/jobs/exports.ts";
import { LeaseLostError } from "../repositories/jobs/leases.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import { makeConversion, makeSnapshot } from "./snapshots.ts";

export type Exporter = ReturnType<typeof createExporter>;

/** A background job; `finished` resolves when it has completed or failed, or another server works on it. */
interface StartedExport {
  id: number;
  finished: Promise<void>;
}

/** Makes snapshots and conversions, one at a time. Another server starts again with what a server did not finish. */
export function createExporter(
  repositories: Repositories,
  log: FailureLog,
  timings: JobRunnerTimings = defaultTimings,
) {
  const { exportConversions, exports, leases } = repositories;

  const run = async (job: LeasedJob, signal: AbortSignal): Promise<void> => {
    const isConversion = job.kind === "export_conversions";
    try {
      await (isConversion ? makeConversion : makeSnapshot)(repositories, job, signal);
    } catch (error) {
      if (signal.aborted || error instanceof LeaseLostError) throw error;
      // This throws a LeaseLostError where the export was deleted meanwhile, which is no failure.
      await (isConversion ? exportConversions : exports).fail(job);
      log.error({ err: error }, `${isConversion ? "export conversion" : "export"} ${job.id} failed`);
    }
  };

  const jobRunner = createJobRunner({ leases, kinds: ["exports", "export_conversions"], run, log, timings });

  return {
    jobRunner,

    async start(input: Pick<Export, "project_id" | "created_by_id" | "title" | "options">): Promise<StartedExport> {
      const { id } = await exports.create(input);
      return { id, finished: jobRunner.enqueue({ kind: "exports", id }) };
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
