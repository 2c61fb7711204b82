import { parseId } from "../common/ids.ts";
import type { Context, SignedIn } from "../context.ts";
import type { HiddenFields } from "../forms/label.ts";
import { findProjectFromUrl, findProjectTask } from "../http/project-from-url.ts";
import { withFieldName } from "../label-config/task-data.ts";
import { buildLabelForm } from "../label-config/form/label-form.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import { resultFromPrediction } from "../label-config/results/raw-result.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { LabelConfig } from "../label-config/parse-label-config.ts";
import { objectMembers } from "../label-config/task-values.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import type { Draft } from "../repositories/labeling/drafts.ts";
import type { Prediction } from "../repositories/labeling/predictions.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { Task } from "../repositories/labeling/tasks.ts";

export type LabelingContext = Pick<Context, "repositories" | "render" | "response"> & {
  state: SignedIn;
  params: Record<string, string>;
};

/** A task as one user labels it: the user's own annotation and draft, and the prediction to start from. */
export interface LabelingTask {
  project: Project;
  task: Task;
  config: LabelConfig;
  form: LabelForm;
  own: Annotation | undefined;
  draft: Draft | undefined;
  prediction: Prediction | undefined;
}

/** Loads the task of the address (`/projects/:id/tasks/:task_id/…`). Throws 404 if there is none. */
export async function findLabelingTask(ctx: LabelingContext): Promise<LabelingTask> {
  const project = await findProjectFromUrl(ctx);
  return loadLabelingTask(ctx, project, await findProjectTask(ctx, project, parseId(ctx.params.task_id)));
}

/** Loads what belongs to a task of the project for the user of the request. */
export async function loadLabelingTask(
  { repositories, state: { user } }: Pick<LabelingContext, "repositories" | "state">,
  project: Project,
  task: Task,
): Promise<LabelingTask> {
  const task_id = task.id;
  const annotations = await repositories.annotations.listByTasks([task_id]);
  const own = annotations.findLast((annotation) => annotation.completed_by_id === user.id);
  const drafts = await repositories.drafts.listByTasks([task_id], user.id);
  const draft = drafts.findLast(({ annotation_id }) => annotation_id === (own?.id ?? null));
  const config = parseLabelConfig(project.label_config);
  return {
    project,
    task,
    config,
    form: labelFormOf(config, task.data),
    own,
    draft,
    prediction:
      project.show_collab_predictions && task.total_predictions > 0 && !own
        ? await latestPrediction(repositories, project, task_id)
        : undefined,
  };
}

/** Builds the form of a label config for the data of a task, JSON. */
export function labelFormOf({ root, data_types }: LabelConfig, data: string): LabelForm {
  return buildLabelForm(root, withFieldName(objectMembers(JSON.parse(data)), data_types));
}

/** The latest prediction, of the project's model version if it has one. */
async function latestPrediction(
  { predictions }: LabelingContext["repositories"],
  { model_version }: Project,
  task_id: number,
): Promise<Prediction | undefined> {
  const all = await predictions.listByTasks([task_id]);
  return all.findLast((each) => !model_version || each.model_version === model_version);
}

/** The result that the form was filled in from (JSON): of the draft, else the annotation, else the prediction. */
export function initialResult(
  { own, draft, prediction }: LabelingTask,
  hidden: Pick<HiddenFields, "prediction">,
): string {
  if (draft) return draft.result;
  if (own) return own.result;
  return prediction && prediction.id === hidden.prediction ? resultFromPrediction(prediction.result) : "[]";
}
