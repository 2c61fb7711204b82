import createError from "http-errors";

import type { LabelSubmission } from "../forms/label.ts";
import {
  canTravel,
  fieldText,
  initialRegionState,
  measurePrefix,
  newPlacePrefix,
  readRegionState,
} from "../label-config/regions/region-state.ts";
import type { RegionState } from "../label-config/regions/region-state.ts";
import { editRegions } from "../label-config/regions/edit-regions.ts";
import type { EditedRegions } from "../label-config/regions/edited-regions.ts";
import { changeSelected } from "../label-config/regions/selected-region.ts";
import { formatEntries } from "../label-config/regions/entries.ts";
import { kindOf } from "../label-config/regions/kinds.ts";
import { completePredictedSpans } from "../label-config/regions/predicted-spans.ts";
import { missingAnswers } from "../label-config/regions/region-answers.ts";
import { regionsOf } from "../label-config/regions/regions.ts";
import { fieldsOf } from "../label-config/regions/shape-fields.ts";
import { pictureKey } from "../label-config/regions/shape-marker.ts";
import { initialResult } from "./labeling-task.ts";
import type { LabelingTask } from "./labeling-task.ts";

/** Whether regions of the task can be marked on the label page. */
export function marksRegions({ form }: LabelingTask): boolean {
  return form.regions.markers.length > 0;
}

/** Why marked regions are only shown: there are more than a form can bring back. */
export function areTooMany(labelingTask: LabelingTask, { hidden }: Pick<LabelSubmission, "hidden">): boolean {
  return marksRegions(labelingTask) && !canTravel(initialResult(labelingTask, hidden));
}

/** The regions as the form has them; undefined where none can be changed. Throws 400 for a form that no page has sent. */
function regionState(labelingTask: LabelingTask, submission: LabelSubmission): RegionState | undefined {
  if (!marksRegions(labelingTask) || areTooMany(labelingTask, submission)) return undefined;
  const opened = () => openedState(labelingTask, submission);
  if (submission.regions.size === 0) return opened();
  const read = readRegionState(submission.regions, () => opened().entries);
  if ("state" in read) return read.state;
  const title = "The regions of this form can’t be read";
  const text = `${read.error} Nothing was changed. Go back, reload the page and mark them again.`;
  throw createError(400, title, { explanation: { title, text } });
}

function openedState(labelingTask: LabelingTask, { hidden }: LabelSubmission): RegionState {
  const opened = initialRegionState(initialResult(labelingTask, hidden), initialLabels(labelingTask));
  return { ...opened, entries: completePredictedSpans(opened.entries, labelingTask.form.regions.markers) };
}

/** The labels that are chosen from the start: those that the label config says, or the only one. */
function initialLabels({ form: { regions } }: LabelingTask): RegionState["labels"] {
  const named = regions.markers.flatMap(({ palette }) => (palette ? [[palette.name, palette] as const] : []));
  const palettes = [...new Map(named).values()];
  const all = palettes.flatMap(({ name, labels }) => labels.map((label) => ({ name, label })));
  const chosen = all.length === 1 ? all : all.filter(({ label }) => label.is_selected);
  return chosen.map(({ name, label }) => [name, label.result]);
}

/** The regions when a page is shown that nothing was clicked on. */
export function openRegions(labelingTask: LabelingTask, submission: LabelSubmission): EditedRegions | undefined {
  const state = regionState(labelingTask, submission);
  return state && { state, errors: {}, typed: new Map(), focus: "", message: "", matches: undefined };
}

/** What a button of the list of regions, or a click on what is labeled, makes of the regions. */
export function clickRegions(labelingTask: LabelingTask, submission: LabelSubmission): EditedRegions | undefined {
  const before = regionState(labelingTask, submission);
  return before && { ...editRegions(labelingTask.form.regions, before, submission.regions), before };
}

/**
 * What the Enter key in a field of the list of regions does, which browsers send as the form's first button: it finds a text, or
 * moves a region. Undefined where it submits the form.
 */
export function enterInRegions(labelingTask: LabelingTask, submission: LabelSubmission): EditedRegions | undefined {
  const { regions } = submission;
  if (fieldText(regions, "do") !== "enter") return undefined;
  const sought = [...regions.keys()].find((name) => name.startsWith("find.") && fieldText(regions, name).trim() !== "");
  const target = encodeURIComponent(sought?.slice("find.".length) ?? "");
  if (sought) return clickRegions(labelingTask, withAction(submission, `find ${target}`));
  const timed = [...regions.keys()].find((name) => /^(from|to)\./.test(name) && fieldText(regions, name).trim() !== "");
  if (timed)
    return clickRegions(
      labelingTask,
      withAction(submission, `segment ${encodeURIComponent(timed.slice(timed.indexOf(".") + 1))}`),
    );
  const written = writtenAction(labelingTask, regions);
  if (written) return clickRegions(labelingTask, withAction(submission, written));
  const state = regionState(labelingTask, submission);
  const edited = state && changeSelected(labelingTask.form.regions, state, regions);
  const isMoved = edited && formatEntries(edited.state.entries) !== formatEntries(state.entries);
  return isMoved && [...regions.keys()].some((name) => name.startsWith("place.")) ? edited : undefined;
}

/** The button beside a field of a picture that something was written into: numbers of a new region, or the picture's size. */
function writtenAction({ form }: LabelingTask, fields: LabelSubmission["regions"]): string | undefined {
  for (const marker of form.regions.markers) {
    if (marker.kind !== "shape") continue;
    const prefix = newPlacePrefix(marker.name);
    if (
      fieldsOf(marker.shape, {}).some(
        ({ name, value }) => ![value, ""].includes(fieldText(fields, prefix + name).trim()),
      )
    )
      return `add ${encodeURIComponent(marker.name)}`;
    for (const item of marker.pictures.keys())
      if (fieldText(fields, measurePrefix + pictureKey(marker.target, item)).trim() !== "")
        return `measure ${item} ${encodeURIComponent(marker.target)}`;
  }
  return undefined;
}

function withAction(submission: LabelSubmission, action: string): LabelSubmission {
  return { ...submission, regions: new Map([...submission.regions, ["do", [action]]]) };
}

/**
 * The regions to save. `is_submitted`: all that has to be answered about a region has to be there, or the first one that lacks
 * something is chosen.
 */
export function readRegions(
  labelingTask: LabelingTask,
  submission: LabelSubmission,
  { is_submitted }: { is_submitted: boolean },
): EditedRegions | undefined {
  const state = regionState(labelingTask, submission);
  if (!state) return undefined;
  const { regions: form } = labelingTask.form;
  const edited = changeSelected(form, state, submission.regions);
  if (!is_submitted || form.questions.length === 0 || Object.keys(edited.errors).length > 0) return edited;
  for (const region of regionsOf(edited.state.entries, form.markers)) {
    const missing = Object.entries(missingAnswers(form, region));
    if (missing.length === 0) continue;
    const errors = Object.fromEntries(missing.map(([name, error]) => [`answer.${name}`, error]));
    const view = kindOf(region.marker).viewOf(region.marker, region.value);
    const views =
      view === undefined ? edited.state.views : new Map([...edited.state.views, [region.marker.target, view]]);
    return { ...edited, state: { ...edited.state, selected: region.id, views }, errors };
  }
  return edited;
}

/** How many regions are marked. */
export function countRegions({ form }: LabelingTask, edited: EditedRegions | undefined): number {
  return edited ? regionsOf(edited.state.entries, form.regions.markers).length : 0;
}
