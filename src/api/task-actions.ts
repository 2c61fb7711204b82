import type { z } from "zod";

import type { AppContext } from "../context.ts";
import type { actionForm } from "./bodies/actions.ts";

type Wanted = z.output<typeof actionForm>;

/** Something that is done to many tasks. */
export interface TaskAction {
  title: string;
  /** Its place among the others, as upstream counts them. */
  order: number;
  permission: string | string[];
  text: string;
  /** Does it to some tasks of a project; gives how many rows it was about. */
  perform: (
    repositories: AppContext["repositories"],
    set: { project_id: number; ids: number[] },
    asked: { by: number; wanted: Wanted },
  ) => Promise<number>;
  /** What is answered in the end; `is_empty`: the project has no tasks any more. */
  answer: (count: number, is_empty: boolean) => { processed_items?: number; reload?: boolean; detail: string };
}

/** By upstream's names. */
export const taskActions: ReadonlyMap<string, TaskAction> = new Map<string, TaskAction>([
  [
    "predictions_to_annotations",
    {
      title: "Create Annotations From Predictions",
      order: 91,
      permission: "tasks.change",
      text: "Predictions of the selected tasks become annotations of yours.",
      perform: async ({ bulkActions }, set, { by, wanted: { model_version } }) =>
        bulkActions.createAnnotationsFromPredictions(set, { by, model_versions: model_version ?? undefined }),
      answer: (count) => ({ detail: `Created ${count} annotations` }),
    },
  ],
  [
    "delete_tasks",
    {
      title: "Delete Tasks",
      order: 100,
      permission: "tasks.delete",
      text: "The selected tasks are deleted, with their annotations and predictions.",
      perform: async ({ bulkActions }, set) => bulkActions.delete(set),
      answer: (count, is_empty) => ({ processed_items: count, reload: is_empty, detail: `Deleted ${count} tasks` }),
    },
  ],
  [
    "delete_tasks_annotations",
    {
      title: "Delete Annotations",
      order: 101,
      permission: ["tasks.change", "annotations.delete"],
      text: "The annotations of the selected tasks are deleted: all of them, or one person's.",
      perform: async ({ bulkActions }, set, { by, wanted: { annotator } }) =>
        bulkActions.deleteAnnotations(set, { by, of: annotator }),
      answer: (count) => ({ processed_items: count, detail: `Deleted ${count} annotations` }),
    },
  ],
  [
    "delete_tasks_predictions",
    {
      title: "Delete Predictions",
      order: 102,
      permission: "predictions.any",
      text: "The predictions of the selected tasks are deleted.",
      perform: async ({ bulkActions }, set) => bulkActions.deletePredictions(set),
      answer: (count) => ({ processed_items: count, detail: `Deleted ${count} predictions` }),
    },
  ],
]);
