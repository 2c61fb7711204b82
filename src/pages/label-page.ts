import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import { answerPrefix } from "../forms/label.ts";
import type { HiddenFields, LabelSubmission } from "../forms/label.ts";
import { hasConditions, pageParts } from "../label-config/form/page-parts.ts";
import type { AnswerSummary } from "../label-config/results/result-summary.ts";
import { startedAsPrediction } from "../label-config/results/raw-result.ts";
import { initialFields, resultToForm } from "../label-config/results/result-to-form.ts";
import { allowMedia } from "../middleware/security-headers.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import type { Draft } from "../repositories/labeling/drafts.ts";
import { createSanitizer } from "../security/sanitize-html.ts";
import { initialResult } from "./labeling-task.ts";
import type { LabelingContext, LabelingTask } from "./labeling-task.ts";

/** The fields of the label page when a user opens it. `unique_id` is the task assignment's. */
export function initialState(labelingTask: LabelingTask, unique_id: string | undefined): LabelSubmission {
  const { form, own, draft, prediction } = labelingTask;
  const usesPrediction = draft ? startedAsPrediction(draft.result) : prediction !== undefined;
  const hidden: HiddenFields = {
    started: now(),
    annotation: own?.id,
    seen: own && seenVersion(draft, own),
    prediction: usesPrediction ? prediction?.id : undefined,
    unique_id,
  };
  const isNew = !own && !draft && !prediction;
  const result: unknown = JSON.parse(initialResult(labelingTask, hidden));
  return { hidden, fields: isNew ? initialFields(form) : resultToForm(form, Array.isArray(result) ? result : []) };
}

/** The version of the annotation that is edited; a draft edits the version it was made from. */
function seenVersion(draft: Draft | undefined, own: Annotation): Timestamp {
  return draft && draft.updated_at < own.updated_at ? draft.updated_at : own.updated_at;
}

interface LabelPageState extends LabelSubmission {
  /** By the controls' names. */
  errors?: Record<string, string> | undefined;
  /** The error of the whole form. */
  form_error?: string | undefined;
  /** The annotation as another user or tab saved it since the page was opened; empty if it was deleted. */
  conflict?: { answers: AnswerSummary[] | undefined; annotation: Annotation | undefined; saver: User | undefined };
  /** The id of the task that was saved before this one. */
  last?: number;
}

export async function renderLabelForm(
  ctx: LabelingContext,
  labelingTask: LabelingTask,
  { hidden, fields, errors = {}, ...locals }: LabelPageState,
): Promise<void> {
  const clean = await createSanitizer();
  const { project, form } = labelingTask;
  const parts = pageParts(form.parts, { fields, errors, clean });
  allowMedia(ctx);
  ctx.render("label/show", {
    ...labelingTask,
    parts,
    hidden,
    prefix: answerPrefix,
    error_count: Object.keys(errors).length,
    has_conditions: hasConditions(parts),
    unsupported_tags: [...new Set(form.unsupported.map(({ tag }) => tag))],
    instruction: project.show_instruction ? clean(project.expert_instruction) : "",
    ...locals,
  });
}
