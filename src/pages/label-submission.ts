import { stringifyJson } from "../common/raw-json.ts";
import type { Context } from "../context.ts";
import { parseLabelForm } from "../forms/label.ts";
import type { LabelSubmission } from "../forms/label.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import { formToResult } from "../label-config/results/form-to-result.ts";
import type { FormResult } from "../label-config/results/form-to-result.ts";
import type { EditedRegions } from "../label-config/regions/edited-regions.ts";
import { formatEntries, hasPlace } from "../label-config/regions/entries.ts";
import { resultEntries } from "../label-config/results/result-entries.ts";
import { resultSummarizer } from "../label-config/results/result-summary.ts";
import { startedAsPrediction, mergeRawResult } from "../label-config/results/raw-result.ts";
import { objectMembers } from "../label-config/task-values.ts";
import { EditConflictError } from "../repositories/labeling/annotations.ts";
import type { AnnotationChanges } from "../repositories/labeling/annotations.ts";
import { renderLabelForm } from "./label-page.ts";
import { taskPath } from "./task-page.ts";
import { readRegions } from "./label-regions.ts";
import { findLabelingTask, initialResult } from "./labeling-task.ts";
import type { LabelingContext, LabelingTask } from "./labeling-task.ts";

/** What a form says: the answers about the whole task, and the regions where some can be marked. */
interface Answers {
  answers: FormResult;
  edited: EditedRegions | undefined;
}

type SubmissionContext = LabelingContext & Pick<Context, "status" | "flash" | "redirect">;

/** Reads the raw body, because the form parser would take brackets and dots in the names of controls for nesting. */
export function parseSubmission(ctx: { request: { rawBody?: string } }): LabelSubmission {
  return parseLabelForm(ctx.request.rawBody ?? "");
}

export function readAnswers({ form }: LabelingTask, { fields }: LabelSubmission): FormResult {
  return formToResult(form, fields, { is_submitted: true });
}

/** Reads the answers of a draft or a skip: no control is required. */
export function readOptionalAnswers({ form }: LabelingTask, { fields }: LabelSubmission): FormResult {
  const controls = form.controls.map(({ control, ...rest }) => ({ ...rest, control: { ...control, required: false } }));
  return formToResult({ ...form, controls } satisfies LabelForm, fields);
}

/**
 * Saves an annotation and redirects to the next task, or answers 409 with both versions if the annotation was changed
 * or deleted since the page was opened.
 */
export async function saveAnnotation(
  ctx: SubmissionContext,
  labelingTask: LabelingTask,
  submission: LabelSubmission,
  { answers, edited, was_cancelled }: Answers & { was_cancelled: boolean },
): Promise<void> {
  const result = mergedResult(labelingTask, submission, { answers, edited });
  const isSaved = await save(ctx, labelingTask, submission, { result, was_cancelled });
  const current = isSaved ? labelingTask : await findLabelingTask(ctx);
  // The same form sent twice at once is no conflict.
  const isSame = () =>
    current.own?.was_cancelled === was_cancelled &&
    areSameAnswers(
      current.own.result,
      mergedResult(current, submission, { answers, edited: readRegions(current, submission, { is_submitted: false }) }),
    );
  if (isSaved || isSame()) {
    leaveTask(ctx, labelingTask, submission, was_cancelled ? "skipped" : "saved");
  } else {
    ctx.status = 409;
    await renderConflict(ctx, current, submission);
  }
}

/** Whether two results say the same: the form says no ids of answers about the whole task. */
function areSameAnswers(one: string, other: string): boolean {
  const said = (result: string) =>
    resultEntries(result).map((entry) => (hasPlace(objectMembers(entry.value)) ? entry : { ...entry, id: undefined }));
  return one === other || stringifyJson(said(one)) === stringifyJson(said(other));
}

/** Goes on to the next task, which shows what was answered to this one; or back to the task's own page, with a word. */
function leaveTask(
  ctx: SubmissionContext,
  { project, task }: LabelingTask,
  { hidden: { back } }: LabelSubmission,
  outcome: "saved" | "skipped",
): void {
  if (back === undefined) {
    ctx.redirect(`/projects/${project.id}/label?last=${task.id}`);
  } else {
    ctx.flash(outcome === "saved" ? "Saved" : "Skipped");
    ctx.redirect(taskPath(project, task, back));
  }
}

/** The result to save: the regions, the answers, and the parts of the initial result that the form can't show. */
function mergedResult(labelingTask: LabelingTask, { hidden }: LabelSubmission, { answers, edited }: Answers): string {
  const initial = edited ? formatEntries(edited.state.entries) : initialResult(labelingTask, hidden);
  return answers.ok ? mergeRawResult(labelingTask.form, initial, answers.result) : initial;
}

/** Returns false if the annotation was changed, created or deleted since the page was opened. */
async function save(
  { repositories, state: { user } }: SubmissionContext,
  { task, own, draft, prediction }: LabelingTask,
  { hidden }: LabelSubmission,
  { result, was_cancelled }: { result: string; was_cancelled: boolean },
): Promise<boolean> {
  if (own?.id !== hidden.annotation) return false;
  const changes: AnnotationChanges = {
    result,
    was_cancelled,
    lead_time: leadTime(hidden.started, draft?.lead_time ?? own?.lead_time),
  };
  if (own) {
    await repositories.taskAssignments.release(task.id, user.id);
    return updateAnnotation(repositories, own.id, user.id, changes, hidden.seen ?? "");
  }
  const parent_prediction_id = startedAsPrediction(result) ? prediction?.id : undefined;
  const { unique_id } = hidden;
  const created = await repositories.annotations.create(task.id, user.id, {
    ...changes,
    parent_prediction_id,
    unique_id,
  });
  return created !== undefined;
}

async function updateAnnotation(
  { annotations }: LabelingContext["repositories"],
  id: number,
  user_id: number,
  changes: AnnotationChanges,
  seen: string,
): Promise<boolean> {
  try {
    return (await annotations.update(id, user_id, changes, seen)) !== undefined;
  } catch (error) {
    if (error instanceof EditConflictError) return false;
    throw error;
  }
}

/** Shows the saved annotation above the form with what was typed; submitted again, the form replaces it. */
async function renderConflict(
  ctx: LabelingContext,
  labelingTask: LabelingTask,
  { hidden, ...answers }: LabelSubmission,
): Promise<void> {
  const { own } = labelingTask;
  const saver = own?.updated_by_id ? await ctx.repositories.users.find(own.updated_by_id) : undefined;
  await renderLabelForm(ctx, labelingTask, {
    hidden: { ...hidden, annotation: own?.id, seen: own?.updated_at },
    ...answers,
    conflict: { answers: own && resultSummarizer(labelingTask.form)(own.result), annotation: own, saver },
  });
}

export async function saveDraft(
  ctx: SubmissionContext,
  labelingTask: LabelingTask,
  submission: LabelSubmission,
  answers: Answers,
): Promise<void> {
  const { task, own, draft } = labelingTask;
  const changes = {
    result: mergedResult(labelingTask, submission, answers),
    lead_time: leadTime(submission.hidden.started, draft?.lead_time ?? own?.lead_time),
  };
  if (draft) await ctx.repositories.drafts.update(draft.id, changes);
  else await ctx.repositories.drafts.create(task.id, own?.id ?? null, ctx.state.user.id, changes);
}

const dayInSeconds = 24 * 60 * 60;

/**
 * Seconds spent on the annotation, those of earlier edits included. A page that was left open counts for a day at most.
 */
function leadTime(started: string | undefined, earlier: number | null | undefined): number | null {
  if (started === undefined) return earlier ?? null;
  const seconds = (Date.now() - Date.parse(started)) / 1000;
  return Math.round(((earlier ?? 0) + Math.min(Math.max(seconds, 0), dayInSeconds)) * 1000) / 1000;
}
