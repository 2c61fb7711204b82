import type { Knex } from "knex";

import { now } from "../clock.ts";
import type { Moment } from "../clock.ts";
import { inTransaction } from "../database/transaction.ts";
import type { ExportFormat } from "../exports/formats.ts";
import type { ExportOptions } from "../exports/options.ts";

export type ExportStatus = "created" | "in_progress" | "completed" | "failed";

/** A file with a project's tasks as they were at a moment. */
export interface Export {
  id: number;
  project_id: number;
  created_by_id: number | null;
  title: string;
  status: ExportStatus;
  options: ExportOptions;
  /** Of the file; `""` until it is there. */
  md5: string;
  task_count: number;
  created_at: Moment;
  finished_at: Moment | null;
}

/** The same in another format. */
export interface ExportConversion {
  id: number;
  export_id: number;
  export_type: ExportFormat;
  status: ExportStatus;
  created_at: Moment;
  finished_at: Moment | null;
}

const columns = [
  "id",
  "project_id",
  "created_by_id",
  "title",
  "status",
  "options",
  "md5",
  "task_count",
  "created_at",
  "finished_at",
] as const;

const conversionColumns = ["id", "export_id", "export_type", "status", "created_at", "finished_at"] as const;

/** How many a list holds. */
const listed = 100;

const underWay: ExportStatus[] = ["created", "in_progress"];

export function exports(database: Knex) {
  return {
    async create(given: Pick<Export, "project_id" | "created_by_id" | "title" | "options">): Promise<Export> {
      const options = JSON.stringify(given.options);
      const [row] = await database("exports")
        .insert({ ...given, options, status: "created", created_at: now() })
        .returning(columns as unknown as string[]);
      return exportIn(row);
    },

    async find(id: number): Promise<Export | undefined> {
      const row = await database("exports").where({ id }).first(columns);
      return row && exportIn(row);
    },

    /** The newest first, of which the last hundred are listed. */
    async list(project_id: number): Promise<Export[]> {
      const rows = await database("exports").where({ project_id }).orderBy("id", "desc").limit(listed).select(columns);
      return rows.map(exportIn);
    },

    async begin(id: number): Promise<void> {
      await database("exports").where({ id }).update({ status: "in_progress" });
    },

    /** Gives false when it was deleted meanwhile. */
    async complete(id: number, file: Pick<Export, "md5" | "task_count">): Promise<boolean> {
      const ended = { status: "completed", finished_at: now(), ...file };
      return (await database("exports").where({ id }).update(ended)) > 0;
    },

    /** Gives false when it was deleted meanwhile. */
    async fail(id: number): Promise<boolean> {
      return (await database("exports").where({ id }).update({ status: "failed", finished_at: now() })) > 0;
    },

    /** With its conversions. */
    async delete(id: number): Promise<void> {
      await database("exports").where({ id }).delete();
    },

    /** Ids of those that are under way, the oldest first. */
    async unfinished(): Promise<number[]> {
      return database("exports").whereIn("status", underWay).orderBy("id").pluck("id");
    },

    /** Of these exports, by id. */
    async conversions(export_ids: number[]): Promise<ExportConversion[]> {
      return database("export_conversions").whereIn("export_id", export_ids).orderBy("id").select(conversionColumns);
    },

    async findConversion(id: number): Promise<ExportConversion | undefined> {
      return database("export_conversions").where({ id }).first(conversionColumns);
    },

    /** Undefined when there is one already, unless that one failed. */
    async addConversion(export_id: number, export_type: ExportFormat): Promise<ExportConversion | undefined> {
      return inTransaction(database, async (transaction) => {
        // The snapshot's row is written to first: two at once wait for each other there.
        await transaction("exports")
          .where({ id: export_id })
          .update({ title: transaction.ref("title") });
        const row = { export_id, export_type, status: "created", created_at: now() };
        const [made] = await transaction("export_conversions")
          .insert(row)
          .returning(conversionColumns as never);
        const others = transaction("export_conversions").where({ export_id, export_type }).whereNot({ id: made.id });
        if (!(await others.whereNot({ status: "failed" }).first("id"))) return made as ExportConversion;
        await transaction("export_conversions").where({ id: made.id }).delete();
        return undefined;
      });
    },

    /** Gives false when it was deleted meanwhile. */
    async setConversion(id: number, status: ExportStatus): Promise<boolean> {
      const finished_at = underWay.includes(status) ? null : now();
      return (await database("export_conversions").where({ id }).update({ status, finished_at })) > 0;
    },

    /** Ids of those that are under way, the oldest first. */
    async unfinishedConversions(): Promise<number[]> {
      return database("export_conversions").whereIn("status", underWay).orderBy("id").pluck("id");
    },
  };
}

function exportIn(row: Record<string, unknown>): Export {
  return { ...(row as unknown as Export), options: JSON.parse(String(row.options)) as ExportOptions };
}
