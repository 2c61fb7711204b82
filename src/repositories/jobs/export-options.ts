import type { TaskChoice } from "../labeling/task-columns.ts";

/** Only the tasks that match, all others, or (null or undefined) both. */
export type FilterMode = "only" | "exclude" | null | undefined;

/** Which tasks are exported. */
export interface TaskFilterOptions {
  /** Matches tasks with a skip. */
  skipped?: FilterMode;
  /** Matches labeled tasks. */
  finished?: FilterMode;
  /** Matches tasks with an annotation that is not a skip. */
  annotated?: FilterMode;
  /** Leaves out tasks without an annotation that passes the annotation filter. */
  only_with_annotations?: boolean | undefined;
}

/** Which kinds of annotations are exported; all if none is chosen. */
export interface AnnotationFilterOptions {
  /** Neither skips nor ground truth. */
  usual?: boolean | null | undefined;
  ground_truth?: boolean | null | undefined;
  skipped?: boolean | null | undefined;
}

/** As an id or as a whole object; null means whole. */
export type Serialization = { only_id?: boolean | null | undefined } | undefined;

/** How related objects are written: as ids by default. */
export interface SerializationOptions {
  drafts?: Serialization;
  predictions?: Serialization;
  annotations__completed_by?: Serialization;
}

/** The options of an export as the API names them, and as `exports.options` stores them. */
export interface ExportOptions {
  /** Task ids; without a list all tasks of the project. */
  ids?: number[] | undefined;
  /** Narrows the tasks further; its order does not count. */
  choice?: TaskChoice | undefined;
  /** The id of the user whose drafts the choice means. */
  chosen_by?: number | undefined;
  task_filter_options?: TaskFilterOptions | null | undefined;
  annotation_filter_options?: AnnotationFilterOptions | null | undefined;
  serialization_options?: SerializationOptions | null | undefined;
  /** The id of the user whose drafts are exported; without it those of all users. */
  drafts_of?: number | undefined;
}
