import path from "node:path";

import { maxId } from "../common/ids.ts";
import { now } from "../common/timestamps.ts";
import type { ProjectSettings } from "../repositories/labeling/projects.ts";
import { copyRows } from "./copy-rows.ts";
import type { MigrationContext } from "./migration-context.ts";
import { joinNames } from "./report.ts";
import type { SourceRow } from "./source.ts";
import * as schema from "./source-schema.ts";
import type { UploadSource } from "./upload-files.ts";

type SourceProject = SourceRow<typeof schema.project>;

const samplings = ["Sequential sampling", "Uniform sampling", "Uncertainty sampling"] as const;
const skipQueues = ["REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"] as const;

/**
 * Migrates the projects of the organization that are not deleted. Returns the source ids of those whose tasks keep their
 * numbers.
 */
export async function migrateProjects(migration: MigrationContext): Promise<Set<number>> {
  const { ids, organization, changed_projects, report } = migration;
  const numberedProjects = new Set<number>();
  const renumbered: string[] = [];
  await copyRows(migration, {
    name: "projects",
    from: schema.project,
    to: "projects",
    async convert(rows) {
      const withUniqueNumbers = await findUniquelyNumbered(migration, rows);
      return rows.map((row) => {
        if (row.deleted_at !== null) return { skip_reason: "they are deleted there" };
        if (row.organization_id !== null && row.organization_id !== organization.source_id)
          return { skip_reason: "they belong to another organization" };
        if (withUniqueNumbers.has(row.id)) numberedProjects.add(row.id ?? 0);
        else renumbered.push(`${row.title ?? ""} (${row.id})`);
        const owner_id = ids.users.get(row.created_by_id) ?? null;
        return {
          row: () => ({ ...convertProject(row), organization_id: organization.target_id, created_by_id: owner_id }),
        };
      });
    },
    async insert(rows) {
      await migration.target.insert("projects", rows);
      for (const { id } of rows) changed_projects.add(id);
    },
  });
  if (renumbered.length > 0)
    report.notes.push(`The tasks' numbers were missing or doubled, and count anew in: ${joinNames(renumbered)}.`);
  return numberedProjects;
}

/** Returns the ids of projects in which no two tasks have the same number, and none is missing or invalid. */
async function findUniquelyNumbered(
  { source }: MigrationContext,
  projects: SourceProject[],
): Promise<Set<number | null>> {
  if (!source.has("task", "inner_id")) return new Set();
  const aggregate = (sql: string) => `(select ${sql} from task where task.project_id = project.id)`;
  const statistics = {
    name: "project",
    columns: { id: "number", tasks: "number", distinct_numbers: "number", min_number: "number", max_number: "number" },
    computed: {
      tasks: aggregate("count(*)"),
      distinct_numbers: aggregate("count(distinct task.inner_id)"),
      min_number: aggregate("min(task.inner_id)"),
      max_number: aggregate("max(task.inner_id)"),
    },
  } as const;
  const unique = new Set<number | null>();
  for (const { id } of projects) {
    const row = await source.first(statistics, ["project.id = ?", id ?? 0]);
    if (row && row.tasks === row.distinct_numbers && (row.min_number ?? 1) >= 1 && (row.max_number ?? 1) <= maxId)
      unique.add(id);
  }
  return unique;
}

function convertProject(row: SourceProject): ProjectSettings & Record<string, unknown> {
  const created_at = row.created_at ?? now();
  return {
    title: row.title,
    search_title: (row.title ?? "").toLowerCase(),
    description: row.description ?? "",
    label_config: row.label_config ?? "<View></View>",
    expert_instruction: row.expert_instruction ?? "",
    show_instruction: row.show_instruction ?? false,
    show_skip_button: row.show_skip_button ?? true,
    enable_empty_annotation: row.enable_empty_annotation ?? true,
    show_annotation_history: row.show_annotation_history ?? false,
    show_collab_predictions: row.show_collab_predictions ?? true,
    show_ground_truth_first: row.show_ground_truth_first ?? false,
    show_overlap_first: row.show_overlap_first ?? false,
    evaluate_predictions_automatically: row.evaluate_predictions_automatically ?? false,
    reveal_preannotations_interactively: row.reveal_preannotations_interactively ?? false,
    is_published: row.is_published ?? false,
    is_draft: row.is_draft ?? false,
    color: row.color || "#FFFFFF",
    maximum_annotations: row.maximum_annotations ?? 1,
    overlap_cohort_percentage: row.overlap_cohort_percentage ?? 100,
    min_annotations_to_start_training: row.min_annotations_to_start_training ?? 0,
    model_version: row.model_version ?? "",
    sampling: samplings.find((each) => each === row.sampling) ?? "Sequential sampling",
    skip_queue: skipQueues.find((each) => each === row.skip_queue) ?? "REQUEUE_FOR_OTHERS",
    pinned_at: row.pinned_at,
    created_at,
    updated_at: row.updated_at ?? created_at,
    last_activity: created_at,
  };
}

/** Migrates the names of uploaded files, and returns where these are and which rows they belong to. */
export async function migrateFileUploads(migration: MigrationContext): Promise<UploadSource[]> {
  const { ids, source } = migration;
  const created_at = now();
  await copyRows(migration, {
    name: "names of imported files",
    from: schema.fileUpload,
    to: "file_uploads",
    convert: (rows) =>
      rows.map(({ user_id, project_id, file }) => {
        const target_id = ids.projects.get(project_id);
        if (target_id === undefined) return projectSkipped;
        const row = {
          project_id: target_id,
          user_id: ids.users.get(user_id) ?? null,
          file: path.posix.basename(file ?? ""),
          created_at,
        };
        return { row: () => row };
      }),
  });
  const uploads: UploadSource[] = [];
  for await (const rows of source.batches(schema.fileUpload))
    for (const { id, file } of rows) {
      const target_id = ids.file_uploads.get(id);
      if (target_id !== undefined) uploads.push({ id: target_id, file: file ?? "" });
    }
  return uploads;
}

/** The outcome of a row whose project is not migrated. */
export const projectSkipped = { skip_reason: "their projects were left out" } as const;
