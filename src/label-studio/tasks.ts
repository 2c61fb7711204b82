import { now } from "../common/timestamps.ts";
import { copyRows } from "./move-rows.ts";
import type { MigrationContext } from "./move.ts";
import { ofNoProject } from "./projects.ts";
import { resultFrom } from "./results.ts";
import * as tables from "./work-tables.ts";

/** Moves tasks; their numbers in their projects stay, or count on. */
export async function moveTasks(move: MigrationContext, keptNumbers: Set<number>): Promise<void> {
  const { to, ids, touched } = move;
  /** The last numbers in projects whose tasks are numbered here. */
  const last = new Map<number, number>();
  await copyRows(move, {
    name: "tasks",
    from: tables.task,
    to: "tasks",
    async outcomes(rows) {
      const numbered = rows.flatMap((row) => {
        const id = ids.projects.get(row.project_id);
        return id === undefined || keptNumbers.has(row.project_id ?? 0) || last.has(id) ? [] : [id];
      });
      if (numbered.length > 0)
        for (const [id, number] of await to.lastInnerIds([...new Set(numbered)])) last.set(id, number);

      return rows.map((row) => {
        const project_id = ids.projects.get(row.project_id);
        if (project_id === undefined) return ofNoProject;
        touched.add(project_id);
        const next = (last.get(project_id) ?? 0) + 1;
        if (!keptNumbers.has(row.project_id ?? 0)) last.set(project_id, next);
        const created_at = row.created_at ?? now();
        const task = {
          project_id,
          inner_id: keptNumbers.has(row.project_id ?? 0) ? row.inner_id : next,
          data: row.data ?? "{}",
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

export async function movePredictions(move: MigrationContext): Promise<void> {
  const { ids, touched } = move;
  await copyRows(move, {
    name: "predictions",
    from: tables.prediction,
    to: "predictions",
    outcomes: (rows) =>
      rows.map((row) => {
        const task_id = ids.tasks.get(row.task_id);
        const project_id = ids.projects.get(row.project_id);
        if (task_id === undefined || project_id === undefined) return ofNoTask;
        touched.add(project_id);
        const created_at = row.created_at ?? now();
        const prediction = {
          task_id,
          project_id,
          result: resultFrom(row.result),
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

/** Of a task that is not moved. */
export const ofNoTask = { left_out: "their tasks were left out" } as const;
