import type { SourceTable } from "./source.ts";

/*
 * What is read of Label Studio's tables of projects, as 1.23 has them. Columns that an older version lacks are null there, and whoever
 * reads them knows what that version meant by it.
 */

export const project = {
  name: "project",
  columns: {
    id: "number",
    organization_id: "number",
    title: "text",
    description: "text",
    label_config: "text",
    expert_instruction: "text",
    show_instruction: "flag",
    show_skip_button: "flag",
    enable_empty_annotation: "flag",
    show_annotation_history: "flag",
    show_collab_predictions: "flag",
    show_ground_truth_first: "flag",
    show_overlap_first: "flag",
    evaluate_predictions_automatically: "flag",
    reveal_preannotations_interactively: "flag",
    is_published: "flag",
    is_draft: "flag",
    color: "text",
    maximum_annotations: "number",
    overlap_cohort_percentage: "number",
    min_annotations_to_start_training: "number",
    model_version: "text",
    sampling: "text",
    skip_queue: "text",
    pinned_at: "moment",
    created_by_id: "number",
    created_at: "moment",
    updated_at: "moment",
    deleted_at: "moment",
  },
} as const satisfies SourceTable;

export const fileUpload = {
  name: "data_import_fileupload",
  columns: { id: "number", user_id: "number", project_id: "number", file: "text" },
} as const satisfies SourceTable;

export const task = {
  name: "task",
  columns: {
    id: "number",
    data: "json",
    meta: "json",
    project_id: "number",
    inner_id: "number",
    overlap: "number",
    file_upload_id: "number",
    updated_by_id: "number",
    created_at: "moment",
    updated_at: "moment",
  },
} as const satisfies SourceTable;

export const prediction = {
  name: "prediction",
  columns: {
    id: "number",
    task_id: "number",
    project_id: "number",
    result: "json",
    score: "number",
    model_version: "text",
    cluster: "number",
    neighbors: "json",
    mislabeling: "number",
    created_at: "moment",
    updated_at: "moment",
  },
  // The column of this name is younger than some predictions, and not filled for them everywhere.
  computed: { project_id: "(select task.project_id from task where task.id = prediction.task_id)" },
} as const satisfies SourceTable;

export const taskCompletion = {
  name: "task_completion",
  columns: {
    id: "number",
    task_id: "number",
    project_id: "number",
    result: "json",
    result_count: "number",
    completed_by_id: "number",
    updated_by_id: "number",
    was_cancelled: "flag",
    ground_truth: "flag",
    lead_time: "number",
    unique_id: "text",
    import_id: "number",
    last_action: "text",
    parent_prediction_id: "number",
    parent_annotation_id: "number",
    draft_created_at: "moment",
    created_at: "moment",
    updated_at: "moment",
  },
  computed: { project_id: "(select task.project_id from task where task.id = task_completion.task_id)" },
} as const satisfies SourceTable;

export const annotationDraft = {
  name: "tasks_annotationdraft",
  columns: {
    id: "number",
    task_id: "number",
    annotation_id: "number",
    user_id: "number",
    result: "json",
    lead_time: "number",
    was_postponed: "flag",
    created_at: "moment",
    updated_at: "moment",
  },
} as const satisfies SourceTable;
