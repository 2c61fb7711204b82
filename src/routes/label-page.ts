import { now } from "../clock.ts";
import type { Moment } from "../clock.ts";
import type { Context, SignedIn } from "../context.ts";
import { answerPrefix } from "../forms/labeling.ts";
import type { LabelPage } from "../forms/labeling.ts";
import { found } from "../found.ts";
import { htmlCleaner } from "../html.ts";
import { idIn } from "../ids.ts";
import { fieldsFrom, initialFields } from "../label-config/answered-fields.ts";
import { withNames } from "../label-config/data.ts";
import { formOf } from "../label-config/form.ts";
import type { Form } from "../label-config/form-parts.ts";
import { hasConditions, pageParts } from "../label-config/page-parts.ts";
import type { ReadableAnswer } from "../label-config/readable.ts";
import { beganAsPrediction, fromPrediction } from "../label-config/result-text.ts";
import { setupOf } from "../label-config/setup.ts";
import { membersOf } from "../label-config/task-values.ts";
import type { Fields } from "../label-config/visibility.ts";
import { allowMedia } from "../middleware/security-headers.ts";
import type { Annotation } from "../repositories/annotations.ts";
import type { Draft } from "../repositories/drafts.ts";
import type { Prediction } from "../repositories/predictions.ts";
import type { Project } from "../repositories/projects.ts";
import type { Task } from "../repositories/tasks.ts";
import type { User } from "../repositories/users.ts";

export type Labeling = Pick<Context, "repositories" | "render" | "response"> & {
  state: SignedIn;
  params: Record<string, string>;
};

/** A task as one person labels it: what they said, began, and what a program says. */
export interface Work {
  project: Project;
  task: Task;
  form: Form;
  own: Annotation | undefined;
  draft: Draft | undefined;
  prediction: Prediction | undefined;
}

export async function projectAsked({ repositories, params }: Labeling): Promise<Project> {
  return found(await repositories.projects.find(idIn(params.id)));
}

export async function workAsked(ctx: Labeling): Promise<Work> {
  return workAt(ctx, await projectAsked(ctx), idIn(ctx.params.task_id));
}

export async function workAt({ repositories, state: { user } }: Labeling, project: Project, id: number): Promise<Work> {
  const task = await repositories.tasks.find(id);
  if (task?.project_id !== project.id) return found<Work>(undefined);
  const own = (await repositories.annotations.ofTasks([id])).findLast((each) => each.completed_by_id === user.id);
  const drafts = await repositories.drafts.ofTasks([id], user.id);
  const draft = drafts.findLast(({ annotation_id }) => annotation_id === (own?.id ?? null));
  const { root, data_types } = setupOf(project.label_config);
  return {
    project,
    task,
    form: formOf(root, withNames(membersOf(JSON.parse(task.data)), data_types)),
    own,
    draft,
    prediction: project.show_collab_predictions && !own ? await predictionOf(repositories, project, id) : undefined,
  };
}

/** The latest one, of the model that the project names. */
async function predictionOf(
  { predictions }: Labeling["repositories"],
  { model_version }: Project,
  task_id: number,
): Promise<Prediction | undefined> {
  const all = await predictions.ofTasks([task_id]);
  return all.findLast((each) => !model_version || each.model_version === model_version);
}

/** The result that the page began with, given what it said of itself. */
export function earlierResult({ own, draft, prediction }: Work, page: Pick<LabelPage, "prediction">): string {
  if (draft) return draft.result;
  if (own) return own.result;
  return prediction && prediction.id === page.prediction ? fromPrediction(prediction.result) : "[]";
}

/** What the page says of itself, and its fields, when a person opens it. */
export function begun(work: Work, unique_id: string | undefined): { page: LabelPage; fields: Fields } {
  const { form, own, draft, prediction } = work;
  const takesPrediction = draft ? beganAsPrediction(draft.result) : prediction !== undefined;
  const page: LabelPage = {
    started: now(),
    annotation: own?.id,
    seen: own && seenBy(draft, own),
    prediction: takesPrediction ? prediction?.id : undefined,
    unique_id,
  };
  const isNew = !own && !draft && !prediction;
  const earlier: unknown = JSON.parse(earlierResult(work, page));
  return { page, fields: isNew ? initialFields(form) : fieldsFrom(form, Array.isArray(earlier) ? earlier : []) };
}

/** A draft is about the annotation as it was then. */
function seenBy(draft: Draft | undefined, own: Annotation): Moment {
  return draft && draft.updated_at < own.updated_at ? draft.updated_at : own.updated_at;
}

export interface Shown {
  page: LabelPage;
  fields: Fields;
  errors?: Record<string, string> | undefined;
  /** What is wrong with the whole. */
  problem?: string | undefined;
  /** What is saved, where that is not what the page was made from; nothing when it is gone. */
  crossed?: { answers: ReadableAnswer[] | undefined; annotation: Annotation | undefined; saver: User | undefined };
  /** The task that was saved before this one. */
  last?: number;
}

export async function showForm(
  ctx: Labeling,
  work: Work,
  { page, fields, errors = {}, ...more }: Shown,
): Promise<void> {
  const clean = await htmlCleaner();
  const { project, form } = work;
  const parts = pageParts(form.parts, { fields, errors, clean });
  allowMedia(ctx);
  ctx.render("label/show", {
    ...work,
    parts,
    page,
    prefix: answerPrefix,
    error_count: Object.keys(errors).length,
    has_conditions: hasConditions(parts),
    left_out: [...new Set(form.unsupported.map(({ tag }) => tag))],
    instruction: project.show_instruction ? clean(project.expert_instruction) : "",
    ...more,
  });
}
