import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { dataKey } from "../label-config/task-data.ts";
import { objectMembers } from "../label-config/task-values.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** A column of the task list, as Label Studio describes it. */
export interface TaskColumnRecord {
  id: string;
  title: string;
  type: string;
  target: "tasks";
  project_defined: boolean;
  [more: string]: unknown;
}

/** Tags that show a field as what it leads to. */
const mediaTypes = ["Image", "Audio", "AudioPlus", "Video"];

/** The columns of the fields of the data: those that the labeling setup shows, and the others of some tasks. */
export function fieldColumns({ label_config }: Pick<Project, "label_config">, datas: string[]): TaskColumnRecord[] {
  const types = new Map<string, string>();
  for (const [variable, tag] of parseLabelConfig(label_config).data_types)
    types.set(dataKey(variable), mediaTypes.includes(tag) ? tag : "String");
  const isShown = new Set(types.keys());
  const keys = datas.flatMap((data) => Object.keys(objectMembers(JSON.parse(data))));
  for (const key of keys) if (!types.has(key)) types.set(key, "Unknown");
  return [...types].map(([id, type]) => ({
    id,
    title: id,
    type,
    target: "tasks",
    parent: "data",
    visibility_defaults: { explore: true, labeling: isShown.has(id) },
    project_defined: true,
  }));
}

type Visibility = [explore: boolean, labeling: boolean];

const descriptions: [id: string, title: string, type: string, help: string, shown: Visibility][] = [
  ["id", "ID", "Number", "Task ID", [true, false]],
  ["inner_id", "Inner ID", "Number", "Internal task ID starting from 1 for the current project", [false, false]],
  ["completed_at", "Completed", "Datetime", "Last annotation date", [true, false]],
  ["total_annotations", "Annotations", "Number", "Total annotations per task", [true, true]],
  ["cancelled_annotations", "Cancelled", "Number", "Total cancelled (skipped) annotations", [true, false]],
  ["total_predictions", "Predictions", "Number", "Total predictions per task", [true, false]],
  ["annotators", "Annotated by", "List", "All users who completed the task", [true, false]],
  [
    "annotations_results",
    "Annotation results",
    "String",
    "Annotation results stacked over all annotations",
    [false, false],
  ],
  ["annotations_ids", "Annotation IDs", "String", "Annotation IDs stacked over all annotations", [false, false]],
  [
    "predictions_score",
    "Prediction score",
    "Number",
    "Average prediction score over all task predictions",
    [false, false],
  ],
  [
    "predictions_model_versions",
    "Prediction model versions",
    "List",
    "Model versions aggregated over all predictions",
    [false, false],
  ],
  [
    "predictions_results",
    "Prediction results",
    "String",
    "Prediction results stacked over all predictions",
    [false, false],
  ],
  ["file_upload", "Upload filename", "String", "Filename of uploaded file", [false, false]],
  ["storage_filename", "Storage filename", "String", "Filename from import storage", [false, false]],
  ["created_at", "Created at", "Datetime", "Task creation time", [false, false]],
  ["updated_at", "Updated at", "Datetime", "Task update time", [false, false]],
  ["updated_by", "Updated by", "List", "User who did the last task update", [false, false]],
  ["avg_lead_time", "Lead Time", "Time", "Average lead time over all annotations", [false, false]],
  ["draft_exists", "Drafts", "Boolean", "True if at least one draft exists for the task", [false, false]],
];

/** The columns of what is known of each task, with the people and the versions that can be chosen. */
export function taskColumnRecords({
  annotators,
  versions,
  fields,
}: {
  annotators: number[];
  versions: string[];
  fields: TaskColumnRecord[];
}): TaskColumnRecord[] {
  const schemas: Record<string, object> = {
    annotators: { schema: { items: annotators } },
    predictions_model_versions: { schema: { items: versions, multiple: true } },
  };
  const columns = descriptions.map(([id, title, type, help, [explore, labeling]]): TaskColumnRecord => ({
    id,
    title,
    type,
    help,
    target: "tasks",
    ...schemas[id],
    visibility_defaults: { explore, labeling },
    project_defined: false,
  }));
  const children = fields.map(({ id }) => id);
  return [...columns, { id: "data", title: "data", type: "List", target: "tasks", children, project_defined: false }];
}
