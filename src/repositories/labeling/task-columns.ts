/**
 * What a column of the task list holds, which decides how it is compared: `list` are the ids of people, `ids` those of
 * annotations, `results` and `versions` texts of which a task has several.
 */
export type ColumnKind =
  "number" | "count" | "moment" | "flag" | "list" | "ids" | "results" | "versions" | "text" | "json";

/** The columns of the task list, by Label Studio's names. Beside them there are the fields of the data. */
export const taskColumnKinds = {
  id: "number",
  inner_id: "number",
  project: "number",
  overlap: "number",
  comment_count: "number",
  unresolved_comment_count: "number",
  total_annotations: "count",
  cancelled_annotations: "count",
  total_predictions: "count",
  predictions_score: "number",
  avg_lead_time: "number",
  completed_at: "moment",
  created_at: "moment",
  updated_at: "moment",
  is_labeled: "flag",
  draft_exists: "flag",
  annotators: "list",
  updated_by: "list",
  annotations_ids: "ids",
  annotations_results: "results",
  predictions_results: "results",
  predictions_model_versions: "versions",
  file_upload: "text",
  storage_filename: "text",
  data: "json",
  meta: "json",
} as const satisfies Record<string, ColumnKind>;

export type TaskColumn = keyof typeof taskColumnKinds;

/** A column, or a field of the data by the names that lead to it. */
export type TaskPlace = { column: TaskColumn } | { field: string[] };

export type FilterTest =
  | "equal"
  | "less"
  | "greater"
  | "less_or_equal"
  | "greater_or_equal"
  | "in"
  | "in_list"
  | "contains"
  | "regex"
  | "empty";

export type FilterValue = string | number | boolean;

/**
 * What must hold of a task. `values` are one for most tests, the lower and the upper bound for `in`, any number of them for
 * `in_list` and for columns of which a task has several; of the kind that the column holds.
 */
export interface TaskFilter {
  place: TaskPlace;
  test: FilterTest;
  is_negated: boolean;
  values: FilterValue[];
  /** The values of a field count as numbers, and texts that are none as 0. */
  as_number: boolean;
  /** A field that is an empty text counts as empty. */
  blank_is_empty: boolean;
}

/** Filters that all have to hold, in alternatives of which all (`and`) or one (`or`) have to. */
export interface TaskFilters {
  conjunction: "and" | "or";
  items: TaskFilter[][];
}

export interface TaskOrder {
  place: TaskPlace;
  is_descending: boolean;
  /** As of a filter. */
  as_number: boolean;
}

/** Which tasks of a project are meant, and in which order; by id without one. It can be stored as JSON. */
export interface TaskChoice {
  filters?: TaskFilters | undefined;
  order?: TaskOrder | undefined;
  /** Ids of the tasks that it is limited to. */
  included?: number[] | undefined;
  excluded: number[];
}

/** The ids of the tasks that were chosen, in their order, with the sums of what the tasks count. */
export interface ChosenTasks {
  ids: number[];
  total_annotations: number;
  total_predictions: number;
}
