import { randomUUID } from "node:crypto";

import { now } from "../common/timestamps.ts";
import { countResults } from "../label-config/results/result-count.ts";
import { copyRows } from "./copy-rows.ts";
import type { MigrationContext } from "./migration-context.ts";
import { normalizeResult } from "./results.ts";
import type { SourceRow } from "./source.ts";
import * as schema from "./source-schema.ts";
import { taskSkipped } from "./tasks.ts";

type SourceAnnotation = SourceRow<typeof schema.annotation>;

export async function migrateAnnotations(migration: MigrationContext): Promise<void> {
  const { target, ids, changed_projects } = migration;
  /** Annotations whose parent has a higher id, and is not migrated yet. */
  const pendingParents: { id: number | null; parent_id: number | null }[] = [];
  await copyRows(migration, {
    name: "annotations",
    from: schema.annotation,
    to: "annotations",
    async convert(rows) {
      const uniqueIdOf = await chooseUniqueIds(migration, rows);
      return rows.map((row) => {
        const task_id = ids.tasks.get(row.task_id);
        const project_id = ids.projects.get(row.project_id);
        if (task_id === undefined || project_id === undefined) return taskSkipped;
        changed_projects.add(project_id);
        const annotation = { ...convertAnnotation(row), task_id, project_id, unique_id: uniqueIdOf(row) };
        return {
          row: () => {
            const parent_annotation_id = ids.annotations.get(row.parent_annotation_id) ?? null;
            if (row.parent_annotation_id !== null && parent_annotation_id === null)
              pendingParents.push({ id: row.id, parent_id: row.parent_annotation_id });
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
  const parents = pendingParents.flatMap(({ id, parent_id }) => {
    const target_id = ids.annotations.get(id);
    const parent_annotation_id = ids.annotations.get(parent_id);
    return target_id === undefined || parent_annotation_id === undefined
      ? []
      : [{ id: target_id, parent_annotation_id }];
  });
  await target.setParents(parents);
}

function convertAnnotation(row: SourceAnnotation) {
  const result = normalizeResult(row.result);
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

/** Annotations keep their UUIDs; those without one, or whose UUID the target has already, get a new one. */
async function chooseUniqueIds(
  { target, is_empty }: MigrationContext,
  rows: SourceAnnotation[],
): Promise<(row: SourceAnnotation) => string> {
  const uuids = rows.flatMap(({ unique_id }) => formatUuid(unique_id) ?? []);
  const used = is_empty ? new Set<string>() : await target.findUsedUniqueIds(uuids);
  return ({ unique_id }) => {
    const uuid = formatUuid(unique_id);
    return uuid === undefined || used.has(uuid) ? randomUUID() : uuid;
  };
}

export async function migrateDrafts(migration: MigrationContext): Promise<void> {
  const { ids } = migration;
  await copyRows(migration, {
    name: "drafts",
    from: schema.draft,
    to: "drafts",
    convert: (rows) =>
      rows.map((row) => {
        const task_id = ids.tasks.get(row.task_id);
        const user_id = ids.users.get(row.user_id);
        const annotation_id = ids.annotations.get(row.annotation_id) ?? null;
        if (task_id === undefined) return taskSkipped;
        if (user_id === undefined || (row.annotation_id !== null && annotation_id === null))
          return { skip_reason: "their people or annotations are gone" };
        const created_at = row.created_at ?? now();
        const draft = {
          task_id,
          user_id,
          annotation_id,
          result: normalizeResult(row.result),
          lead_time: row.lead_time,
          was_postponed: row.was_postponed ?? false,
          created_at,
          updated_at: row.updated_at ?? created_at,
        };
        return { row: () => draft };
      }),
  });
}

/** Returns a UUID with its hyphens, which Label Studio leaves out in SQLite; undefined if it is none. */
function formatUuid(text: string | null): string | undefined {
  const digits = text?.replaceAll("-", "").toLowerCase() ?? "";
  if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
