import type { Context } from "../context.ts";
import { labelingSent, leadTime } from "../forms/labeling.ts";
import { formToResult } from "../label-config/results/form-to-result.ts";
import type { Answers } from "../label-config/results/form-to-result.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import { summarizeResult } from "../label-config/results/result-summary.ts";
import { beganAsPrediction, countResults, mergedText } from "../label-config/results/result-text.ts";
import { EditConflictError } from "../repositories/labeling/annotations.ts";
import type { AnnotationChanges } from "../repositories/labeling/annotations.ts";
import { renderLabelForm } from "./label-page.ts";
import { initialResult, findLabelingTask } from "./labeling-task.ts";
import type { LabelingContext, LabelingTask } from "./labeling-task.ts";

export type Submission = ReturnType<typeof labelingSent>;
type Answering = LabelingContext & Pick<Context, "status" | "flash" | "redirect">;

/** The text, because a parser of forms would take brackets and dots in the names of controls for structure. */
export function parseSubmission(ctx: { request: { rawBody?: string } }): Submission {
  return labelingSent(ctx.request.rawBody ?? "");
}

export function readAnswers({ form }: LabelingTask, { fields }: Submission): Answers {
  return formToResult(form, fields);
}

/** The same for those who don't submit: nothing is required. */
export function readOptionalAnswers({ form }: LabelingTask, { fields }: Submission): Answers {
  const controls = form.controls.map(({ control, ...rest }) => ({ ...rest, control: { ...control, required: false } }));
  return formToResult({ ...form, controls } satisfies LabelForm, fields);
}

/** Saves an annotation and goes on to the next task, or shows both versions when it was saved elsewhere meanwhile. */
export async function saveAnnotation(
  ctx: Answering,
  work: LabelingTask,
  sent: Submission,
  { answers, was_cancelled }: { answers: Answers; was_cancelled: boolean },
): Promise<void> {
  const isSaved = await save(ctx, work, sent, { result: merged(work, sent, answers), was_cancelled });
  const after = isSaved ? work : await findLabelingTask(ctx);
  const isThere = after.own?.result === merged(after, sent, answers) && after.own.was_cancelled === was_cancelled;
  if (isSaved || isThere) {
    ctx.flash(was_cancelled ? "Skipped." : work.own ? "Updated." : "Submitted.");
    ctx.redirect(`/projects/${work.project.id}/label?last=${work.task.id}`);
  } else {
    ctx.status = 409;
    await showCrossed(ctx, after, sent);
  }
}

/** What cannot be read in it is left as it was. */
function merged(work: LabelingTask, { page }: Submission, answers: Answers): string {
  const earlier = initialResult(work, page);
  return answers.ok ? mergedText(work.form, earlier, answers.result) : earlier;
}

/** Gives false when somebody else was faster, or the same person elsewhere. */
async function save(
  { repositories, state: { user } }: Answering,
  { task, own, draft, prediction }: LabelingTask,
  { page }: Submission,
  { result, was_cancelled }: { result: string; was_cancelled: boolean },
): Promise<boolean> {
  if (own?.id !== page.annotation) return false;
  const changes: AnnotationChanges = {
    result,
    result_count: countResults(result),
    was_cancelled,
    lead_time: leadTime(page.started, draft?.lead_time ?? own?.lead_time),
  };
  if (own) {
    await repositories.taskAssignments.release(task.id, user.id);
    return updateAnnotation(repositories, own.id, user.id, changes, page.seen ?? "");
  }
  const parent_prediction_id = beganAsPrediction(result) ? prediction?.id : undefined;
  const { unique_id } = page;
  const made = await repositories.annotations.create(task.id, user.id, { ...changes, parent_prediction_id, unique_id });
  return made !== undefined;
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

/** What was typed, beside what is saved; submitted again, it replaces that. */
async function showCrossed(ctx: LabelingContext, work: LabelingTask, { page, fields }: Submission): Promise<void> {
  const { own } = work;
  const saver = own?.updated_by_id ? await ctx.repositories.users.find(own.updated_by_id) : undefined;
  await renderLabelForm(ctx, work, {
    page: { ...page, annotation: own?.id, seen: own?.updated_at },
    fields,
    crossed: { answers: own && summarizeResult(own.result), annotation: own, saver },
  });
}

/** Keeps what a person has begun. */
export async function saveDraft(ctx: Answering, work: LabelingTask, sent: Submission, answers: Answers): Promise<void> {
  const { task, own, draft } = work;
  const changes = {
    result: merged(work, sent, answers),
    lead_time: leadTime(sent.page.started, draft?.lead_time ?? own?.lead_time),
  };
  if (draft) await ctx.repositories.drafts.update(draft.id, changes);
  else await ctx.repositories.drafts.create(task.id, own?.id ?? null, ctx.state.user.id, changes);
}
