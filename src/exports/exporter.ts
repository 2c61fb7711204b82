import { defaultTimings, createJobRunner } from "../background/job-runner.ts";
import type { JobRunnerTimings } from "../background/job-runner.ts";
import type { Log } from "../common/logger.ts";
import type { Export } from "../repositories/jobs/exports.ts";
import type { Repositories } from "../repositories/index.ts";
import { LeaseLostError } from "../repositories/jobs/leases.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import type { ExportFormat } from "../repositories/jobs/conversions.ts";
import { makeConversion, makeSnapshot } from "./snapshots.ts";

export type Exporter = ReturnType<typeof createExporter>;

/** Work that goes on in the background; `ended` resolves when it is done, well or not, or another server does it. */
export interface StartedExport {
  id: number;
  ended: Promise<void>;
}

/** Makes the files of snapshots, one at a time. What a server has not brought to its end, another one makes anew. */
export function createExporter(repositories: Repositories, log: Log, times: JobRunnerTimings = defaultTimings) {
  const { conversions, exports, leases } = repositories;

  const run = async (held: LeasedJob, signal: AbortSignal): Promise<void> => {
    const isConversion = held.kind === "export_conversions";
    try {
      await (isConversion ? makeConversion : makeSnapshot)(repositories, held, signal);
    } catch (error) {
      if (signal.aborted || error instanceof LeaseLostError) throw error;
      // What was deleted meanwhile did not fail: its lease is lost.
      await (isConversion ? conversions : exports).fail(held);
      log.error({ err: error }, `${isConversion ? "export conversion" : "export"} ${held.id} failed`);
    }
  };

  const background = createJobRunner({ leases, kinds: ["exports", "export_conversions"], run, log, times });

  return {
    background,

    async start(wanted: Pick<Export, "project_id" | "created_by_id" | "title" | "options">): Promise<StartedExport> {
      const { id } = await exports.create(wanted);
      return { id, ended: background.begin({ kind: "exports", id }) };
    },

    /** Undefined when it was converted to this format before, and that did not fail. */
    async convert({ id }: Export, format: ExportFormat): Promise<StartedExport | undefined> {
      const made = await conversions.create(id, format);
      return made && { id: made.id, ended: background.begin({ kind: "export_conversions", id: made.id }) };
    },
  };
}
