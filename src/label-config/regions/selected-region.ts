import type { RegionForm } from "../form/parts.ts";
import type { Fields } from "../form/visibility.ts";
import type { EditedRegions } from "./edited-regions.ts";
import type { Entry } from "./entries.ts";
import { kindOf } from "./kinds.ts";
import type { MarkedRegion } from "./kinds.ts";
import { labelsError, sortedLabels } from "./label-choice.ts";
import { answerQuestions } from "./region-answers.ts";
import { fieldText } from "./region-state.ts";
import type { RegionFields, RegionState } from "./region-state.ts";
import { findRegion, labelRegion, moveRegion } from "./regions.ts";
import { changeRelation, directions, relationsOf } from "./relations.ts";
import type { Direction } from "./relations.ts";
import { sizedForm } from "./sized-form.ts";
import { rememberChange } from "./undo.ts";

/** Takes what was changed in the fields of the chosen region: its labels, its place, its answers, its relations. */
export function changeSelected(unsized: RegionForm, state: RegionState, fields: RegionFields): EditedRegions {
  const form = sizedForm(unsized, state);
  const unchanged = { state, errors: {}, typed: new Map(), focus: "", message: "", matches: undefined };
  const region = findRegion(state.entries, form.markers, state.selected);
  if (!region) return { ...unchanged, state: { ...state, selected: "" } };
  const errors: Record<string, string> = {};
  let entries: Entry[] = state.entries;
  const current = () => findRegion(entries, form.markers, region.id) ?? region;
  if (fields.has("labels-shown")) {
    const labels = sortedLabels(region.marker, fields.get("labels") ?? [], region.labels);
    const error = labelsError(form, entries, region.marker, labels, region);
    if (error !== undefined) errors.labels = error;
    else if (labels.join("\n") !== region.labels.join("\n")) entries = labelRegion(entries, current(), labels);
  }
  const moved = movedPlace(current(), fields);
  if ("place" in moved) entries = moveRegion(entries, current(), moved.place);
  for (const [name, error] of Object.entries(moved.errors ?? {})) errors[`place.${name}`] = error;
  if (fields.has("answers-shown")) {
    const answered = answerQuestions(form, entries, current(), answerFields(fields), { is_submitted: false });
    entries = answered.entries;
    for (const [name, error] of Object.entries(answered.errors)) errors[`answer.${name}`] = error;
  }
  entries = changedRelations(entries, fields);
  const undo = rememberChange(state.undo, state.entries, entries);
  const hasErrors = Object.keys(errors).length > 0;
  return { ...unchanged, state: { ...state, entries, undo }, errors, typed: hasErrors ? fields : new Map() };
}

const answerPrefix = "answer.";

/** The values of the questions about the chosen region. */
export function answerFields(fields: RegionFields): Fields {
  const answers = [...fields].filter(([name]) => name.startsWith(answerPrefix));
  return Object.fromEntries(answers.map(([name, values]) => [name.slice(answerPrefix.length), values]));
}

const placePrefix = "place.";

/** The place for numbers that differ from those that were shown. */
function movedPlace(
  { marker, value }: MarkedRegion,
  fields: RegionFields,
): { place: Record<string, unknown>; errors?: undefined } | { errors: Record<string, string> } {
  const shown = kindOf(marker).fields(marker, value);
  const numbers = new Map(shown.map(({ name, value }) => [name, fields.get(placePrefix + name)?.[0] ?? value]));
  if (shown.every(({ name, value }) => numbers.get(name)?.trim() === value)) return { errors: {} };
  return kindOf(marker).move(marker, value, numbers);
}

/** The direction and the labels of relations that are shown. */
function changedRelations(entries: Entry[], fields: RegionFields): Entry[] {
  let changed = entries;
  for (const relation of relationsOf(entries)) {
    const direction = readDirection(fieldText(fields, `direction.${relation.index}`));
    if (!direction) continue;
    const chosen = fields.get(`relation.${relation.index}`)?.filter(Boolean) ?? [];
    // Labels that no Relations names are kept.
    const labels = fields.has(`relation-shown.${relation.index}`) ? chosen : relation.labels;
    changed = changeRelation(changed, relation, { direction, labels });
  }
  return changed;
}

function readDirection(text: string): Direction | undefined {
  return directions.find((direction) => direction === text);
}
