import type { ParameterizedContext } from "koa";
import type * as z from "zod";

import type { AppContext, SignedIn } from "../context.ts";
import type { TaskChoice } from "../repositories/labeling/task-columns.ts";
import type { actionBody } from "./bodies/actions.ts";
import { removeDuplicates } from "./remove-duplicates.ts";
import { processChosenTasks } from "./task-selection.ts";

type Context = ParameterizedContext<SignedIn, AppContext>;

type ActionOptions = z.output<typeof actionBody>;

/** An action of Label Studio's data manager on many tasks. */
interface TaskAction {
  title: string;
  /** Its position among Label Studio's actions. */
  order: number;
  permission: string | string[];
  text: string;
  /** What Label Studio's data manager needs to know beside it. */
  flags?: { experimental?: false; reload?: true };
  /** Performs the action on the chosen tasks, and returns how many rows it was about. */
  perform: (ctx: Context, project_id: number, options: ActionOptions, choice: TaskChoice) => Promise<number>;
  /** The response for all batches together; `is_empty`: the project has no tasks any more. */
  response: (count: number, is_empty: boolean) => { processed_items?: number; reload?: boolean; detail?: string };
}

/** An action that is performed on a batch of tasks after the other. */
function inBatches(
  perform: (
    repositories: AppContext["repositories"],
    batch: { project_id: number; ids: number[] },
    request: { user_id: number; options: ActionOptions },
  ) => Promise<number>,
): TaskAction["perform"] {
  return async (ctx, project_id, options, choice) =>
    processChosenTasks(ctx, project_id, choice, async (ids) =>
      perform(ctx.repositories, { project_id, ids }, { user_id: ctx.state.user.id, options }),
    );
}

/** Label Studio's other actions, and what to do instead. */
export const absentActions: ReadonlyMap<string, string> = new Map([
  [
    "retrieve_tasks_predictions",
    "Atelier calls no ML backend. Send predictions to /api/projects/{id}/import/predictions.",
  ],
  ["cache_labels", "Atelier doesn't write labels into the data of tasks. Filter by annotations_results instead."],
  ["add_data_field", "Atelier doesn't compute fields of the data. Change the tasks by PATCH /api/tasks/{id}/ instead."],
  [
    "propagate_annotations",
    "Atelier doesn't copy annotations to other tasks. Create them by /api/tasks/{id}/annotations/.",
  ],
  ["rename_labels", "Atelier doesn't rename labels in annotations. Change them by PATCH /api/annotations/{id}/."],
]);

/** The actions by Label Studio's ids. */
export const taskActions: ReadonlyMap<string, TaskAction> = new Map<string, TaskAction>([
  [
    "predictions_to_annotations",
    {
      title: "Create Annotations From Predictions",
      order: 91,
      permission: "tasks.change",
      text: "Predictions of the selected tasks become annotations of yours.",
      perform: inBatches(async ({ bulkActions }, batch, { user_id, options: { model_version } }) =>
        bulkActions.createAnnotationsFromPredictions(batch, {
          user_id,
          model_versions: model_version ?? undefined,
        }),
      ),
      response: (count) => ({ detail: `Created ${count} annotations` }),
    },
  ],
  [
    "remove_duplicates",
    {
      title: "Remove Duplicated Tasks",
      order: 95,
      permission: ["projects.change", "tasks.delete"],
      text: "Of the selected tasks with the same data one stays, and gets the annotations of the others.",
      flags: { experimental: false },
      perform: async (ctx, project_id, _options, choice) => removeDuplicates(ctx, project_id, choice),
      response: () => ({}),
    },
  ],
  [
    "delete_tasks",
    {
      title: "Delete Tasks",
      order: 100,
      permission: "tasks.delete",
      text: "The selected tasks are deleted, with their annotations and predictions.",
      flags: { reload: true },
      perform: inBatches(async ({ bulkActions }, batch) => bulkActions.delete(batch)),
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
      perform: inBatches(async ({ bulkActions }, batch, { user_id, options: { annotator } }) =>
        bulkActions.deleteAnnotations(batch, { user_id, annotator_id: annotator }),
      ),
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
      perform: inBatches(async ({ bulkActions }, batch) => bulkActions.deletePredictions(batch)),
      response: (count) => ({ processed_items: count, detail: `Deleted ${count} predictions` }),
    },
  ],
]);
