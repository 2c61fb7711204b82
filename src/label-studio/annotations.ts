import { randomUUID } from "node:crypto";

import { now } from "../common/timestamps.ts";
import { copyRows } from "./move-rows.ts";
import type { MigrationContext } from "./move.ts";
import { countResults, resultFrom, uuidFrom } from "./results.ts";
import type { SourceRow } from "./source.ts";
import * as tables from "./work-tables.ts";
import { ofNoTask } from "./tasks.ts";

type SourceAnnotation = SourceRow<typeof tables.taskCompletion>;

export async function moveAnnotations(move: MigrationContext): Promise<void> {
  const { to, ids, touched } = move;
  /** Those that come from an annotation with a larger id than theirs. */
  const early: { id: number | null; parent: number | null }[] = [];
  await copyRows(move, {
    name: "annotations",
    from: tables.taskCompletion,
    to: "annotations",
    async outcomes(rows) {
      const uniqueId = await uniqueIds(move, rows);
      return rows.map((row) => {
        const task_id = ids.tasks.get(row.task_id);
        const project_id = ids.projects.get(row.project_id);
        if (task_id === undefined || project_id === undefined) return ofNoTask;
        touched.add(project_id);
        const annotation = { ...annotationFrom(row), task_id, project_id, unique_id: uniqueId(row) };
        return {
          row: () => {
            const parent_annotation_id = ids.annotations.get(row.parent_annotation_id) ?? null;
            if (row.parent_annotation_id !== null && parent_annotation_id === null)
              early.push({ id: row.id, parent: row.parent_annotation_id });
            return {
              ...annotation,
              completed_by_id: ids.users.get(row.completed_by_id) ?? null,
              updated_by_id: ids.users.get(row.updated_by_id) ?? null,
              parent_prediction_id: ids.predictions.get(row.parent_prediction_id) ?? null,
              parent_annotation_id,
            };
          },
        };
      });
    },
  });
  const parents = early.flatMap(({ id, parent }) => {
    const own = ids.annotations.get(id);
    const parent_annotation_id = ids.annotations.get(parent);
    return own === undefined || parent_annotation_id === undefined ? [] : [{ id: own, parent_annotation_id }];
  });
  await to.setParents(parents);
}

function annotationFrom(row: SourceAnnotation) {
  const result = resultFrom(row.result);
  const created_at = row.created_at ?? now();
  return {
    result,
    result_count: row.result_count ?? countResults(result),
    was_cancelled: row.was_cancelled ?? false,
    ground_truth: row.ground_truth ?? false,
    lead_time: row.lead_time,
    import_id: row.import_id,
    last_action: row.last_action,
    draft_created_at: row.draft_created_at,
    created_at,
    updated_at: row.updated_at ?? created_at,
  };
}

/** The ids that annotations have everywhere, or new ones where others here have them or there are none. */
async function uniqueIds(
  { to, is_empty }: MigrationContext,
  rows: SourceAnnotation[],
): Promise<(row: SourceAnnotation) => string> {
  const wanted = rows.flatMap(({ unique_id }) => uuidFrom(unique_id) ?? []);
  const taken = is_empty ? new Set<string>() : await to.takenUniqueIds(wanted);
  return ({ unique_id }) => {
    const id = uuidFrom(unique_id);
    return id === undefined || taken.has(id) ? randomUUID() : id;
  };
}

export async function moveDrafts(move: MigrationContext): Promise<void> {
  const { ids } = move;
  await copyRows(move, {
    name: "drafts",
    from: tables.annotationDraft,
    to: "drafts",
    outcomes: (rows) =>
      rows.map((row) => {
        const task_id = ids.tasks.get(row.task_id);
        const user_id = ids.users.get(row.user_id);
        const annotation_id = ids.annotations.get(row.annotation_id) ?? null;
        if (task_id === undefined) return ofNoTask;
        if (user_id === undefined || (row.annotation_id !== null && annotation_id === null))
          return { left_out: "their people or annotations are gone" };
        const created_at = row.created_at ?? now();
        const draft = {
          task_id,
          user_id,
          annotation_id,
          result: resultFrom(row.result),
          lead_time: row.lead_time,
          was_postponed: row.was_postponed ?? false,
          created_at,
          updated_at: row.updated_at ?? created_at,
        };
        return { row: () => draft };
      }),
  });
}
