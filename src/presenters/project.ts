import * as z from "zod";

import { controlWeights } from "../label-config/parsed-label-config.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { Progress } from "../repositories/labeling/contributions.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { shortUserRecord } from "./short-user.ts";
import type { ShortUser } from "./short-user.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";

const count = z.int().nullable();

export const projectCounts = z.object({
  task_number: count,
  finished_task_number: count.describe("tasks that are labeled"),
  total_predictions_number: count,
  total_annotations_number: count.describe("without skips"),
  num_tasks_with_annotations: count,
  useful_annotation_number: count.describe("neither skips nor ground truth"),
  ground_truth_number: count,
  skipped_annotations_number: count,
});

export const projectRecord = z
  .object({
    id: z.int(),
    title: z.string().nullable(),
    description: z.string(),
    label_config: z.string().describe("XML, as it was sent"),
    expert_instruction: z.string(),
    show_instruction: z.boolean(),
    show_skip_button: z.boolean(),
    enable_empty_annotation: z.boolean(),
    show_annotation_history: z.boolean(),
    organization: z.int(),
    color: z.string(),
    maximum_annotations: z.int(),
    is_published: z.boolean(),
    model_version: z.string(),
    is_draft: z.boolean(),
    created_by: shortUserRecord.nullable(),
    created_at: timestamp,
    min_annotations_to_start_training: z.int(),
    start_training_on_annotation_update: z.boolean(),
    show_collab_predictions: z.boolean(),
    ...projectCounts.shape,
    sampling: z.string(),
    show_ground_truth_first: z.boolean(),
    annotator_evaluation_enabled: z.boolean(),
    show_overlap_first: z.boolean(),
    overlap_cohort_percentage: z.int(),
    task_data_login: z.null(),
    task_data_password: z.null(),
    control_weights: z.record(z.string(), z.unknown()),
    parsed_label_config: z.record(z.string(), z.unknown()),
    evaluate_predictions_automatically: z.boolean(),
    config_has_control_tags: z.boolean(),
    skip_queue: z.string(),
    reveal_preannotations_interactively: z.boolean(),
    pinned_at: timestamp.nullable(),
    queue_total: z.int().describe("tasks for the caller"),
    queue_done: z.int().describe("tasks the caller has finished"),
    config_suitable_for_bulk_annotation: z.boolean(),
    state: z.null(),
  })
  .meta({ id: "Project" });

export type ProjectRecord = z.output<typeof projectRecord>;

export function presentCounts(project: Project): z.output<typeof projectCounts> {
  return {
    task_number: project.task_number,
    finished_task_number: project.finished_task_number,
    total_predictions_number: project.total_predictions_number,
    total_annotations_number: project.total_annotations_number,
    num_tasks_with_annotations: project.num_tasks_with_annotations,
    useful_annotation_number: project.useful_annotation_number,
    ground_truth_number: project.ground_truth_number,
    skipped_annotations_number: project.skipped_annotations_number,
  };
}

/** `progress`: the caller's; undefined if the caller has labeled nothing yet. */
export function presentProject(
  project: Project,
  { created_by, progress }: { created_by: ShortUser | null; progress: Progress | undefined },
): ProjectRecord {
  const setup = parseLabelConfig(project.label_config);
  return {
    id: project.id,
    title: project.title,
    description: project.description,
    label_config: project.label_config,
    expert_instruction: project.expert_instruction,
    show_instruction: project.show_instruction,
    show_skip_button: project.show_skip_button,
    enable_empty_annotation: project.enable_empty_annotation,
    show_annotation_history: project.show_annotation_history,
    organization: project.organization_id,
    color: project.color,
    maximum_annotations: project.maximum_annotations,
    is_published: project.is_published,
    model_version: project.model_version,
    is_draft: project.is_draft,
    created_by,
    created_at: formatTimestamp(project.created_at),
    min_annotations_to_start_training: project.min_annotations_to_start_training,
    start_training_on_annotation_update: false,
    show_collab_predictions: project.show_collab_predictions,
    ...presentCounts(project),
    sampling: project.sampling,
    show_ground_truth_first: project.show_ground_truth_first,
    annotator_evaluation_enabled: false,
    show_overlap_first: project.show_overlap_first,
    overlap_cohort_percentage: project.overlap_cohort_percentage,
    task_data_login: null,
    task_data_password: null,
    control_weights: controlWeights(setup.parsed_label_config),
    parsed_label_config: setup.parsed_label_config,
    evaluate_predictions_automatically: project.evaluate_predictions_automatically,
    config_has_control_tags: setup.config_has_control_tags,
    skip_queue: project.skip_queue,
    reveal_preannotations_interactively: project.reveal_preannotations_interactively,
    pinned_at: project.pinned_at && formatTimestamp(project.pinned_at),
    ...presentQueue(project, progress),
    config_suitable_for_bulk_annotation: setup.config_suitable_for_bulk_annotation,
    state: null,
  };
}

/** The tasks of the caller's queue, and how many of them the caller is done with. */
function presentQueue(
  { task_number, finished_task_number, skip_queue }: Project,
  { tasks, skipped_tasks, labeled_tasks }: Progress = { tasks: 0, skipped_tasks: 0, labeled_tasks: 0 },
) {
  return {
    queue_total: task_number - finished_task_number + labeled_tasks,
    queue_done: skip_queue === "REQUEUE_FOR_ME" ? tasks : tasks + skipped_tasks,
  };
}
