import type { z } from "zod";

import type { AppContext } from "../context.ts";
import type { actionBody } from "./bodies/actions.ts";

type ActionOptions = z.output<typeof actionBody>;

/** An action of Label Studio's data manager on many tasks. */
interface TaskAction {
  title: string;
  /** Its position among Label Studio's actions. */
  order: number;
  permission: string | string[];
  text: string;
  /** Performs the action on a batch of tasks, and returns how many rows it was about. */
  perform: (
    repositories: AppContext["repositories"],
    batch: { project_id: number; ids: number[] },
    request: { user_id: number; options: ActionOptions },
  ) => Promise<number>;
  /** The response for all batches together; `is_empty`: the project has no tasks any more. */
  response: (count: number, is_empty: boolean) => { processed_items?: number; reload?: boolean; detail: string };
}

/** The actions by Label Studio's ids. */
export const taskActions: ReadonlyMap<string, TaskAction> = new Map<string, TaskAction>([
  [
    "predictions_to_annotations",
    {
      title: "Create Annotations From Predictions",
      order: 91,
      permission: "tasks.change",
      text: "Predictions of the selected tasks become annotations of yours.",
      perform: async ({ bulkActions }, batch, { user_id, options: { model_version } }) =>
        bulkActions.createAnnotationsFromPredictions(batch, {
          user_id,
          model_versions: model_version ?? undefined,
        }),
      response: (count) => ({ detail: `Created ${count} annotations` }),
    },
  ],
  [
    "delete_tasks",
    {
      title: "Delete Tasks",
      order: 100,
      permission: "tasks.delete",
      text: "The selected tasks are deleted, with their annotations and predictions.",
      perform: async ({ bulkActions }, batch) => bulkActions.delete(batch),
      response: (count, is_empty) => ({ processed_items: count, reload: is_empty, detail: `Deleted ${count} tasks` }),
    },
  ],
  [
    "delete_tasks_annotations",
    {
      title: "Delete Annotations",
      order: 101,
      permission: ["tasks.change", "annotations.delete"],
      text: "The annotations of the selected tasks are deleted: all of them, or one person's.",
      perform: async ({ bulkActions }, batch, { user_id, options: { annotator } }) =>
        bulkActions.deleteAnnotations(batch, { user_id, annotator_id: annotator }),
      response: (count) => ({ processed_items: count, detail: `Deleted ${count} annotations` }),
    },
  ],
  [
    "delete_tasks_predictions",
    {
      title: "Delete Predictions",
      order: 102,
      permission: "predictions.any",
      text: "The predictions of the selected tasks are deleted.",
      perform: async ({ bulkActions }, batch) => bulkActions.deletePredictions(batch),
      response: (count) => ({ processed_items: count, detail: `Deleted ${count} predictions` }),
    },
  ],
]);
