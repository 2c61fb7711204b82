import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import { answerPrefix, regionPrefix } from "../forms/label.ts";
import type { HiddenFields, LabelSubmission } from "../forms/label.ts";
import { isHtmxRequest } from "../http/htmx.ts";
import { labelersOmissions, omissionNotes } from "../label-config/form/omissions.ts";
import { embeddedAddresses, hasConditions, pageForm } from "../label-config/form/page-parts.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import type { Fields } from "../label-config/form/visibility.ts";
import { readAnswer } from "../label-config/results/answer-values.ts";
import { startedAsPrediction } from "../label-config/results/raw-result.ts";
import { summarizeInLine } from "../label-config/results/result-summary.ts";
import type { AnswerSummary } from "../label-config/results/result-summary.ts";
import { initialFields, resultToForm } from "../label-config/results/result-to-form.ts";
import type { EditedRegions } from "../label-config/regions/edited-regions.ts";
import { parseEntries } from "../label-config/regions/entries.ts";
import type { Entry } from "../label-config/regions/entries.ts";
import type { UndrawnRegion } from "../label-config/regions/undrawn-regions.ts";
import { undrawnRegions } from "../label-config/regions/undrawn-regions.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { LabelConfig } from "../label-config/parse-label-config.ts";
import { shownFieldTest, unnamedField } from "../label-config/task-data.ts";
import { allowMedia, allowStyles } from "../middleware/security-headers.ts";
import { dataFields } from "../rendering/task-preview.ts";
import type { DataField } from "../rendering/task-preview.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { Annotation, OwnAnnotation } from "../repositories/labeling/annotations.ts";
import type { Draft } from "../repositories/labeling/drafts.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { randomToken } from "../security/crypto.ts";
import { createSanitizer } from "../security/sanitize-html.ts";
import { initialResult, labelFormOf } from "./labeling-task.ts";
import { areTooMany, openRegions } from "./label-regions.ts";
import type { LabelingContext, LabelingTask } from "./labeling-task.ts";
import { regionList } from "./region-list.ts";
import type { RegionList } from "./region-list.ts";

/** The fields of the label page when a user opens it. `unique_id` is the task assignment's. */
export function initialState(
  labelingTask: LabelingTask,
  origin: Pick<HiddenFields, "unique_id" | "back" | "last">,
): LabelSubmission {
  const { form, own, draft, prediction } = labelingTask;
  const usesPrediction = draft ? startedAsPrediction(draft.result) : prediction !== undefined;
  const hidden: HiddenFields = {
    started: now(),
    annotation: own?.id,
    seen: own && seenVersion(draft, own),
    prediction: usesPrediction ? prediction?.id : undefined,
    ...origin,
  };
  const isNew = !own && !draft && !prediction;
  const result: unknown = JSON.parse(initialResult(labelingTask, hidden));
  const fields = isNew ? initialFields(form) : resultToForm(form, Array.isArray(result) ? result : []);
  return { hidden, fields, regions: new Map() };
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
  /** It could not be saved as it is. */
  is_refused?: boolean;
  /** The regions after a click; without one as the form has them. */
  edited?: EditedRegions | undefined;
  /** The annotation as another user or tab saved it since the page was opened; empty if it was deleted. */
  conflict?: { answers: AnswerSummary[] | undefined; annotation: Annotation | undefined; saver: User | undefined };
}

/** What the user did last: the line below the buttons, with a way back. */
interface LastAnswer {
  task_id: number;
  inner_id: number;
  /** The answers in short; empty where there are none, and for a skip. */
  text: string;
  was_cancelled: boolean;
}

export async function renderLabelForm(
  ctx: LabelingContext,
  labelingTask: LabelingTask,
  { edited: clicked, ...pageState }: LabelPageState,
): Promise<void> {
  const { hidden, fields, regions: _, errors = {}, is_refused = false, ...locals } = pageState;
  const { repositories, state } = ctx;
  const clean = await createSanitizer();
  const { last } = hidden;
  const { project, task, config, form } = labelingTask;
  const edited = clicked ?? openRegions(labelingTask, pageState);
  // A script says `whole` where its page lacks something after all.
  const isPartial = isHtmxRequest(ctx) && !pageState.regions.has("whole");
  const regions = edited && regionList(form, edited, clean, isPartial ? edited.before : undefined);
  const page = pageForm(form, {
    fields,
    errors,
    clean,
    ...(regions && { spans: regions.spans, pictures: regions.pictures, series: regions.series }),
  });
  const hasTooMany = areTooMany(labelingTask, pageState);
  const regionErrors = is_refused ? Object.keys(edited?.errors ?? {}) : [];
  const previous = await repositories.annotations.findOwn(project.id, state.user.id, last ? { id: last } : { before: task.id }); // prettier-ignore
  const progress = await repositories.contributions.findProgress(state.user.id, [project.id]);
  const documents = embeddedAddresses(page.data);
  allowMedia(ctx, documents);
  // What draws waves brings its styles along in an element.
  const style_nonce = regions?.segments.some(({ wave }) => wave) ? randomToken() : undefined;
  if (style_nonce !== undefined) allowStyles(ctx, style_nonce);
  ctx.render("label/show", {
    ...labelingTask,
    ...page,
    documents,
    hidden,
    prefix: answerPrefix,
    region_prefix: regionPrefix,
    regions,
    style_nonce,
    has_bands: regions && (regions.series.size > 0 || regions.segments.some(({ picture }) => picture)),
    has_too_many_regions: hasTooMany,
    error_count: Object.keys(errors).length + regionErrors.length,
    is_missing:
      Object.keys(errors).every((name) => isEmpty(form, fields, name)) &&
      regionErrors.every((name) => name.startsWith("answer.")),
    own_task_number: progress.get(project.id)?.tasks ?? 0,
    previous,
    last_answer: last && previous ? lastAnswer(config, previous) : undefined,
    has_conditions: hasConditions(page.questions),
    other_fields: otherFields(config, task),
    has_ranker: form.controls.some(({ control }) => control.tag === "Ranker"),
    has_ready_texts: form.controls.some(({ control }) => control.tag === "TextArea" && control.shortcuts.length > 0),
    undrawn: hasTooMany
      ? []
      : undrawnOf(edited?.state.entries ?? parseEntries(initialResult(labelingTask, hidden)), regions),
    omissions: omissionNotes(labelersOmissions(form.omissions)),
    instruction: project.show_instruction ? withLineBreaks(clean(project.expert_instruction)) : undefined,
    ...locals,
  });
}

function undrawnOf(entries: Entry[], list: RegionList | undefined): UndrawnRegion[] {
  return undrawnRegions(entries, new Set(list?.regions.map(({ id }) => id)));
}

/** Returns what a user answered to a task, in a line; undefined if the user has not. */
export async function findLastAnswer(
  { repositories, state }: LabelingContext,
  project: Project,
  task_id: number,
): Promise<LastAnswer | undefined> {
  const own = await repositories.annotations.findOwn(project.id, state.user.id, { id: task_id });
  return own && lastAnswer(parseLabelConfig(project.label_config), own);
}

function lastAnswer(config: LabelConfig, own: OwnAnnotation): LastAnswer {
  const { task_id, inner_id, result, was_cancelled, data } = own;
  const text = was_cancelled ? "" : summarizeInLine(result, labelFormOf(config, data));
  return { task_id, inner_id, text, was_cancelled };
}

/** The fields of a task's data that its label config doesn't show. */
function otherFields({ root }: LabelConfig, { data }: Task): DataField[] {
  const isShown = shownFieldTest(root);
  return dataFields(data).filter(({ name }) => name !== unnamedField && !isShown(name));
}

/** Whether nothing was entered for a control. */
function isEmpty({ controls }: LabelForm, fields: Fields, name: string): boolean {
  return controls.every(({ control }) => {
    if (control.name !== name) return true;
    const { value, error } = readAnswer({ ...control, required: false }, fields);
    return value === undefined && error === undefined;
  });
}

/** Instructions of plain text keep their line breaks; those of HTML have their own. */
function withLineBreaks(html: string): { html: string; keeps_lines: boolean } | undefined {
  if (html.trim() === "") return undefined;
  return {
    html,
    keeps_lines: !/<(?:address|article|aside|blockquote|br|div|dl|h[1-6]|ol|p|pre|section|table|ul)\b/i.test(html),
  };
}
