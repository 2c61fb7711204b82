import { now } from "../common/timestamps.ts";
import { copyRows } from "./copy-rows.ts";
import type { IdMap } from "./id-map.ts";
import type { MigrationContext } from "./migration-context.ts";
import { projectSkipped } from "./projects.ts";
import { normalizeResult } from "./results.ts";
import * as schema from "./source-schema.ts";

/** Tasks keep their `inner_id` in the projects of `numberedProjects`; in the others they are numbered anew. */
export async function migrateTasks(migration: MigrationContext, numberedProjects: Set<number>): Promise<void> {
  const { target, ids, changed_projects } = migration;
  /** The highest numbers so far in the other projects, by their ids in the target. */
  const lastNumbers = new Map<number, number>();
  await copyRows(migration, {
    name: "tasks",
    from: schema.task,
    to: "tasks",
    async convert(rows) {
      const project_ids = rows.flatMap((row) => {
        const id = ids.projects.get(row.project_id);
        return id === undefined || numberedProjects.has(row.project_id ?? 0) || lastNumbers.has(id) ? [] : [id];
      });
      if (project_ids.length > 0)
        for (const [id, number] of await target.lastInnerIds([...new Set(project_ids)])) lastNumbers.set(id, number);

      return rows.map((row) => {
        const project_id = ids.projects.get(row.project_id);
        if (project_id === undefined) return projectSkipped;
        changed_projects.add(project_id);
        const next = (lastNumbers.get(project_id) ?? 0) + 1;
        if (!numberedProjects.has(row.project_id ?? 0)) lastNumbers.set(project_id, next);
        const created_at = row.created_at ?? now();
        const task = {
          project_id,
          inner_id: numberedProjects.has(row.project_id ?? 0) ? row.inner_id : next,
          data: withMovedUploads(row.data ?? "{}", ids.projects),
          meta: row.meta === null || row.meta === "null" ? "{}" : row.meta,
          overlap: row.overlap ?? 1,
          file_upload_id: ids.file_uploads.get(row.file_upload_id) ?? null,
          updated_by_id: ids.users.get(row.updated_by_id) ?? null,
          created_at,
          updated_at: row.updated_at ?? created_at,
        };
        return { row: () => task };
      });
    },
  });
}

/** The address of an upload of a project, in JSON. */
const uploadAddress = /"\/data\/upload\/(\d{1,10})\//g;

/** Data, JSON, with the addresses that uploads have here: those of projects that got new ids are others. */
function withMovedUploads(data: string, projects: IdMap): string {
  return data.replaceAll(uploadAddress, (address, id: string) => {
    const target_id = projects.get(Number(id));
    return target_id === undefined || target_id === Number(id) ? address : `"/data/upload/${target_id}/`;
  });
}

export async function migratePredictions(migration: MigrationContext): Promise<void> {
  const { ids, changed_projects } = migration;
  await copyRows(migration, {
    name: "predictions",
    from: schema.prediction,
    to: "predictions",
    convert: (rows) =>
      rows.map((row) => {
        const task_id = ids.tasks.get(row.task_id);
        const project_id = ids.projects.get(row.project_id);
        if (task_id === undefined || project_id === undefined) return taskSkipped;
        changed_projects.add(project_id);
        const created_at = row.created_at ?? now();
        const prediction = {
          task_id,
          project_id,
          result: normalizeResult(row.result),
          score: row.score,
          model_version: row.model_version ?? "",
          cluster: row.cluster,
          neighbors: row.neighbors,
          mislabeling: row.mislabeling ?? 0,
          created_at,
          updated_at: row.updated_at ?? created_at,
        };
        return { row: () => prediction };
      }),
  });
}

/** The outcome of a row whose task is not migrated. */
export const taskSkipped = { skip_reason: "their tasks were left out" } as const;
