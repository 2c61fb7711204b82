import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { ForeignKeyViolationError } from "../../database/errors.ts";
import { inTransaction } from "../../database/transaction.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import type { ExportStatus } from "./exports.ts";
import { changeLeased, updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";
import { attachFiles } from "./stored-files.ts";

/** Export formats, as Label Studio names them. */
export type ExportFormat =
  "JSON" | "JSON_MIN" | "CSV" | "TSV" | "CONLL2003" | "COCO" | "VOC" | "YOLO" | "YOLO_OBB" | "ASR_MANIFEST";

/** A copy of an export in another format. */
export interface ExportConversion {
  id: number;
  export_id: number;
  export_type: ExportFormat;
  status: ExportStatus;
  created_at: Timestamp;
  finished_at: Timestamp | null;
}

const columns = ["id", "export_id", "export_type", "status", "created_at", "finished_at"] as const;

export function exportConversions(database: Knex) {
  return {
    /** Of these exports, sorted by id. */
    async listByExports(export_ids: number[]): Promise<ExportConversion[]> {
      return database("export_conversions").whereIn("export_id", export_ids).orderBy("id").select(columns);
    },

    async find(id: number): Promise<ExportConversion | undefined> {
      return database("export_conversions").where({ id }).first(columns);
    },

    /** Returns undefined if the export has a conversion to this format that did not fail. */
    async create(export_id: number, export_type: ExportFormat): Promise<ExportConversion | undefined> {
      return inTransaction(database, async (transaction) => {
        // An update without a change: it locks the export's row, so that two requests at once wait for each other.
        const locked = await transaction("exports")
          .where({ id: export_id })
          .whereRaw(notDeletedSql("exports.project_id"))
          .update({ status: transaction.ref("status") });
        if (locked === 0) throw new ForeignKeyViolationError(`There is no export ${export_id}`);
        const others = transaction("export_conversions").where({ export_id, export_type });
        if (await others.whereNot({ status: "failed" }).first("id")) return undefined;
        const row = { export_id, export_type, status: "created", created_at: now() };
        const [created] = await transaction("export_conversions")
          .insert(row)
          .returning(columns as never);
        return created as ExportConversion;
      });
    },

    async start(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "in_progress" });
    },

    /** Attaches its stored file. Throws LeaseLostError. */
    async complete(job: LeasedJob, file: { id: string }): Promise<void> {
      await changeLeased(database, job, { status: "completed", finished_at: now() }, (transaction) =>
        attachFiles(transaction, [file.id], { conversion_id: job.id }),
      );
    },

    async fail(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "failed", finished_at: now() });
    },
  };
}
