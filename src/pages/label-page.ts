import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import { answerPrefix } from "../forms/labeling.ts";
import type { LabelPage } from "../forms/labeling.ts";
import { createSanitizer } from "../security/sanitize-html.ts";
import { resultToForm, initialFields } from "../label-config/results/result-to-form.ts";
import { hasConditions, pageParts } from "../label-config/form/page-parts.ts";
import type { AnswerSummary } from "../label-config/results/result-summary.ts";
import { beganAsPrediction } from "../label-config/results/result-text.ts";
import type { Fields } from "../label-config/form/visibility.ts";
import { allowMedia } from "../middleware/security-headers.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import type { Draft } from "../repositories/labeling/drafts.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import { initialResult } from "./labeling-task.ts";
import type { LabelingContext, LabelingTask } from "./labeling-task.ts";

/** What the page says of itself, and its fields, when a person opens it. */
export function initialState(work: LabelingTask, unique_id: string | undefined): { page: LabelPage; fields: Fields } {
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
  const earlier: unknown = JSON.parse(initialResult(work, page));
  return { page, fields: isNew ? initialFields(form) : resultToForm(form, Array.isArray(earlier) ? earlier : []) };
}

/** A draft is about the annotation as it was then. */
function seenBy(draft: Draft | undefined, own: Annotation): Timestamp {
  return draft && draft.updated_at < own.updated_at ? draft.updated_at : own.updated_at;
}

export interface LabelPageState {
  page: LabelPage;
  fields: Fields;
  errors?: Record<string, string> | undefined;
  /** What is wrong with the whole. */
  problem?: string | undefined;
  /** What is saved, where that is not what the page was made from; nothing when it is gone. */
  crossed?: { answers: AnswerSummary[] | undefined; annotation: Annotation | undefined; saver: User | undefined };
  /** The task that was saved before this one. */
  last?: number;
}

export async function renderLabelForm(
  ctx: LabelingContext,
  work: LabelingTask,
  { page, fields, errors = {}, ...more }: LabelPageState,
): Promise<void> {
  const clean = await createSanitizer();
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
