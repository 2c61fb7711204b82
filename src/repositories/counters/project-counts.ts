/** The counters of a row of `projects`; update-counters.ts keeps them right in each transaction that changes what they count. */
export interface ProjectCounts {
  task_number: number;
  /** Tasks that are labeled. */
  finished_task_number: number;
  /** Tasks that somebody skipped and nobody annotated. */
  skipped_task_number: number;
  num_tasks_with_annotations: number;
  /** Annotations that are not skips. */
  total_annotations_number: number;
  skipped_annotations_number: number;
  ground_truth_number: number;
  /** Neither skips nor ground truth. */
  useful_annotation_number: number;
  total_predictions_number: number;
}

export const projectCountColumns = [
  "task_number",
  "finished_task_number",
  "skipped_task_number",
  "num_tasks_with_annotations",
  "total_annotations_number",
  "skipped_annotations_number",
  "ground_truth_number",
  "useful_annotation_number",
  "total_predictions_number",
] as const;
