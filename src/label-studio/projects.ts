import path from "node:path";

import { now } from "../common/timestamps.ts";
import { maxId } from "../common/ids.ts";
import type { ProjectSettings } from "../repositories/labeling/projects.ts";
import { copyRows } from "./move-rows.ts";
import type { MigrationContext } from "./move.ts";
import { listed } from "./report.ts";
import type { SourceRow } from "./source.ts";
import * as tables from "./work-tables.ts";

type SourceProject = SourceRow<typeof tables.project>;

const samplings = ["Sequential sampling", "Uniform sampling", "Uncertainty sampling"] as const;
const skipQueues = ["REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"] as const;

/** Moves the organization's projects, but for deleted ones. Gives the ids there of those whose tasks keep their numbers. */
export async function moveProjects(move: MigrationContext): Promise<Set<number>> {
  const { ids, organization, touched, report } = move;
  const keptNumbers = new Set<number>();
  const renumbered: string[] = [];
  await copyRows(move, {
    name: "projects",
    from: tables.project,
    to: "projects",
    async outcomes(rows) {
      const countable = await countedWell(move, rows);
      return rows.map((row) => {
        if (row.deleted_at !== null) return { left_out: "they are deleted there" };
        if (row.organization_id !== null && row.organization_id !== organization.there)
          return { left_out: "they belong to another organization" };
        if (countable.has(row.id)) keptNumbers.add(row.id ?? 0);
        else renumbered.push(`${row.title ?? ""} (${row.id})`);
        const owner = ids.users.get(row.created_by_id) ?? null;
        return { row: () => ({ ...projectFrom(row), organization_id: organization.here, created_by_id: owner }) };
      });
    },
    async insert(rows) {
      await move.to.insert("projects", rows);
      for (const { id } of rows) touched.add(id);
    },
  });
  if (renumbered.length > 0)
    report.notes.push(`The tasks' numbers were missing or doubled, and count anew in: ${listed(renumbered)}.`);
  return keptNumbers;
}

/** The projects in which each task has a number of its own. */
async function countedWell({ source }: MigrationContext, projects: SourceProject[]): Promise<Set<number | null>> {
  if (!source.has("task", "inner_id")) return new Set();
  const ofTasks = (what: string) => `(select ${what} from task where task.project_id = project.id)`;
  const numbers = {
    name: "project",
    columns: { id: "number", tasks: "number", different: "number", least: "number", most: "number" },
    computed: {
      tasks: ofTasks("count(*)"),
      different: ofTasks("count(distinct task.inner_id)"),
      least: ofTasks("min(task.inner_id)"),
      most: ofTasks("max(task.inner_id)"),
    },
  } as const;
  const well = new Set<number | null>();
  for (const { id } of projects) {
    const row = await source.first(numbers, ["project.id = ?", id ?? 0]);
    if (row && row.tasks === row.different && (row.least ?? 1) >= 1 && (row.most ?? 1) <= maxId) well.add(id);
  }
  return well;
}

function projectFrom(row: SourceProject): ProjectSettings & Record<string, unknown> {
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

/** Moves what tasks say of the files they came from; the files themselves stay where they are. */
export async function moveFileUploads(move: MigrationContext): Promise<void> {
  const { ids } = move;
  const created_at = now();
  await copyRows(move, {
    name: "names of imported files",
    from: tables.fileUpload,
    to: "file_uploads",
    outcomes: (rows) =>
      rows.map(({ user_id, project_id, file }) => {
        const project = ids.projects.get(project_id);
        if (project === undefined) return ofNoProject;
        const row = {
          project_id: project,
          user_id: ids.users.get(user_id) ?? null,
          file: path.posix.basename(file ?? ""),
          created_at,
        };
        return { row: () => row };
      }),
  });
}

/** Of a project that is not moved. */
export const ofNoProject = { left_out: "their projects were left out" } as const;
