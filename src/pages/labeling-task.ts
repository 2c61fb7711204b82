import type { Context, SignedIn } from "../context.ts";
import type { LabelPage } from "../forms/labeling.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { parseId } from "../common/ids.ts";
import { withNames } from "../label-config/data.ts";
import { buildLabelForm } from "../label-config/form/form.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import { fromPrediction } from "../label-config/results/result-text.ts";
import { parseLabelConfig } from "../label-config/setup.ts";
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

/** A task as one person labels it: what they said, began, and what a program says. */
export interface LabelingTask {
  project: Project;
  task: Task;
  form: LabelForm;
  own: Annotation | undefined;
  draft: Draft | undefined;
  prediction: Prediction | undefined;
}

export async function findProject({ repositories, params }: LabelingContext): Promise<Project> {
  return orNotFound(await repositories.projects.find(parseId(params.id)));
}

export async function findLabelingTask(ctx: LabelingContext): Promise<LabelingTask> {
  return loadLabelingTask(ctx, await findProject(ctx), parseId(ctx.params.task_id));
}

export async function loadLabelingTask(
  { repositories, state: { user } }: LabelingContext,
  project: Project,
  id: number,
): Promise<LabelingTask> {
  const task = await repositories.tasks.find(id);
  if (task?.project_id !== project.id) return orNotFound<LabelingTask>(undefined);
  const own = (await repositories.annotations.listByTasks([id])).findLast((each) => each.completed_by_id === user.id);
  const drafts = await repositories.drafts.listByTasks([id], user.id);
  const draft = drafts.findLast(({ annotation_id }) => annotation_id === (own?.id ?? null));
  const { root, data_types } = parseLabelConfig(project.label_config);
  return {
    project,
    task,
    form: buildLabelForm(root, withNames(objectMembers(JSON.parse(task.data)), data_types)),
    own,
    draft,
    prediction: project.show_collab_predictions && !own ? await predictionOf(repositories, project, id) : undefined,
  };
}

/** The latest one, of the model that the project names. */
async function predictionOf(
  { predictions }: LabelingContext["repositories"],
  { model_version }: Project,
  task_id: number,
): Promise<Prediction | undefined> {
  const all = await predictions.listByTasks([task_id]);
  return all.findLast((each) => !model_version || each.model_version === model_version);
}

/** The result that the page began with, given what it said of itself. */
export function initialResult({ own, draft, prediction }: LabelingTask, page: Pick<LabelPage, "prediction">): string {
  if (draft) return draft.result;
  if (own) return own.result;
  return prediction && prediction.id === page.prediction ? fromPrediction(prediction.result) : "[]";
}
