import type { RegionForm } from "../form/parts.ts";
import type { Fields } from "../form/visibility.ts";
import type { Entry } from "./entries.ts";
import { decodedName, pictureAction } from "./actions.ts";
import { kindOf } from "./kinds.ts";
import type { MarkedRegion, RegionMarker } from "./kinds.ts";
import { answerQuestions } from "./region-answers.ts";
import { fieldText, measurePrefix } from "./region-state.ts";
import type { PendingMark, RegionFields, RegionState } from "./region-state.ts";
import { addRegion, labelRegion, moveRegion, regionsOf, removeRegion } from "./regions.ts";
import { changeRelation, directions, relate, relationsOf, removeRelation } from "./relations.ts";
import type { Direction } from "./relations.ts";
import { pictureKey, surroundingsOf } from "./shape-marker.ts";
import { sizedForm } from "./sized-form.ts";
import { findText } from "./spans.ts";
import type { Span } from "./spans.ts";
import { readSegment } from "./segment-kind.ts";
import { extractAt } from "./span-kind.ts";
import { rememberChange, undoChange } from "./undo.ts";

/** The list of regions after a click, and what is to be said about it. */
export interface EditedRegions {
  state: RegionState;
  /** By the names of fields. */
  errors: Record<string, string>;
  /** What was typed and can't be taken, by the names of fields. */
  typed: RegionFields;
  /** What the page puts the focus on: a button by what it sends, or the name of a part of the list. */
  focus: string;
  /** What happened, for those who can't see it. */
  message: string;
  /** Places where a text was found that can be marked. */
  matches: { target: string; spans: Span[] } | undefined;
}

interface Edit {
  form: RegionForm;
  fields: RegionFields;
}

/** More places of a text are not offered. */
const maxMatches = 50;

/** Does what a button of the label page says, after what was changed in the fields of the chosen region. */
export function editRegions(unsized: RegionForm, state: RegionState, fields: RegionFields): EditedRegions {
  const form = sizedForm(unsized, state);
  const edited = changeSelected(form, state, fields);
  const [verb = "", ...rest] = (pictureAction(fields) ?? fieldText(fields, "do")).split(" ");
  const argument = rest.join(" ");
  if (Object.keys(edited.errors).length > 0 && !["delete", "undo"].includes(verb)) return edited;
  const action = Object.hasOwn(actions, verb) ? actions[verb] : undefined;
  const after = action?.({ form, fields }, { ...edited, errors: {}, typed: new Map() }, argument) ?? edited;
  const undo = verb === "undo" ? after.state.undo : rememberChange(edited.state.undo, edited.state.entries, after.state.entries); // prettier-ignore
  return { ...after, state: { ...after.state, undo } };
}

/** Takes what was changed in the fields of the chosen region: its labels, its place, its answers, its relations. */
export function changeSelected(unsized: RegionForm, state: RegionState, fields: RegionFields): EditedRegions {
  const form = sizedForm(unsized, state);
  const unchanged = { state, errors: {}, typed: new Map(), focus: "", message: "", matches: undefined };
  const region = find(form, state.entries, state.selected);
  if (!region) return { ...unchanged, state: { ...state, selected: "" } };
  const errors: Record<string, string> = {};
  let entries: Entry[] = state.entries;
  const current = () => find(form, entries, region.id) ?? region;
  if (fields.has("labels-shown")) {
    const labels = sorted(region.marker, fields.get("labels") ?? [], region.labels);
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

/** Starts the names of the fields of a region that numbers make. */
export function newPlacePrefix(marker: string): string {
  return `new.${marker}.`;
}

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

function find({ markers }: RegionForm, entries: readonly Entry[], id: string): MarkedRegion | undefined {
  return id ? regionsOf(entries, markers).find((region) => region.id === id) : undefined;
}

/** Labels in the order of the label config, then those that it does not have. */
function sorted({ palette }: RegionMarker, labels: string[], earlier: string[]): string[] {
  const offered = palette?.labels.map(({ result }) => result) ?? [];
  const known = offered.filter((label) => labels.includes(label));
  const others = earlier.filter((label) => labels.includes(label) && !offered.includes(label));
  return [...new Set([...known, ...others])];
}

/** Why a region can't have these labels. */
function labelsError(
  form: RegionForm,
  entries: readonly Entry[],
  { palette }: RegionMarker,
  labels: string[],
  region?: MarkedRegion,
): string | undefined {
  if (!palette) return undefined;
  if (labels.length === 0 && (region?.labels.length ?? 1) > 0) return "Choose a label";
  for (const { result, words, max_usages = Infinity } of palette.labels) {
    if (!labels.includes(result) || region?.labels.includes(result)) continue;
    const regions = regionsOf(entries, form.markers).filter(
      (each) => each.marker.palette?.name === palette.name && each.labels.includes(result),
    );
    if (regions.length >= max_usages) return `“${words}” can be used ${max_usages === 1 ? "once" : `${max_usages} times`}`; // prettier-ignore
  }
  return undefined;
}

const actions: Record<string, (edit: Edit, edited: EditedRegions, argument: string) => EditedRegions> = {
  select({ form }, edited, id) {
    const region = find(form, edited.state.entries, id);
    if (!region) return edited;
    const views = viewOf(region, edited.state.views);
    return { ...edited, state: { ...edited.state, selected: id, views }, focus: "region" };
  },

  close(_edit, edited) {
    return { ...edited, state: { ...edited.state, selected: "" }, focus: `select ${edited.state.selected}` };
  },

  delete(_edit, { state, ...edited }, id) {
    const entries = removeRegion(state.entries, { id });
    const selected = state.selected === id ? "" : state.selected;
    return { ...edited, state: { ...state, entries, selected }, focus: "undo", message: "Deleted" };
  },

  undo({ form }, { state, ...edited }) {
    const { entries, steps } = undoChange(state.entries, state.undo);
    const selected = find(form, entries, state.selected)?.id ?? "";
    const focus = steps.length > 0 ? "undo" : "regions";
    return { ...edited, state: { ...state, entries, undo: steps, selected }, focus, message: "Taken back" };
  },

  step({ form }, edited, argument) {
    const { state } = edited;
    const region = find(form, state.entries, state.selected);
    const place = region && kindOf(region.marker).step(region.marker, region.value, argument);
    if (!region || !place) return { ...edited, focus: `step ${argument}` };
    const entries = moveRegion(state.entries, region, place);
    const { text, place: words } = kindOf(region.marker).describe(region.marker, { ...region.value, ...place });
    return { ...edited, state: { ...state, entries }, focus: `step ${argument}`, message: `${text}, ${words}` };
  },

  mark(edit, edited, argument) {
    const [target = "", ...click] = argument.split(" ");
    return mark(edit, edited, decodedName(target), click.join(" "));
  },

  /** Marks one of the places where a text was found. */
  "make-at"(edit, edited, argument) {
    const [target = "", ...click] = argument.split(" ");
    return mark(edit, edited, decodedName(target), click.join(" "), true);
  },

  /** Marks what is clicked so far. */
  make(edit, edited) {
    const { pending } = edited.state;
    return pending ? mark(edit, edited, pending.target, "") : edited;
  },

  cancel(_edit, { state, ...edited }) {
    return { ...edited, state: { ...state, pending: undefined }, focus: "regions" };
  },

  view(_edit, { state, ...edited }, argument) {
    const [target = "", ...view] = argument.split(" ");
    const views = new Map([...state.views, [decodedName(target), view.join(" ")]]);
    return { ...edited, state: { ...state, views }, focus: "view" };
  },

  /** Leads to the fields for numbers: whoever presses Enter on a picture sends no place. */
  numbers(_edit, edited, target) {
    return { ...edited, focus: `numbers ${target}` };
  },

  /** Marks what numbers say. */
  add({ form, fields }, edited, argument) {
    const name = decodedName(argument);
    const marker = form.markers.find((each) => each.name === name);
    if (marker?.kind !== "shape") return edited;
    const written = new Map([...fields].map(([field, values]) => [field, values[0] ?? ""]));
    const prefix = newPlacePrefix(name);
    const numbers = new Map([...written].flatMap(([field, text]) => (field.startsWith(prefix) ? [[field.slice(prefix.length), text]] : []))); // prettier-ignore
    const moved = kindOf(marker).move(marker, {}, numbers);
    const focus = `numbers ${encodeURIComponent(marker.target)}`;
    if ("errors" in moved) {
      const errors = Object.entries(moved.errors).map(([field, error]) => [prefix + field, error]);
      return { ...edited, errors: Object.fromEntries(errors), typed: fields, focus };
    }
    const { state } = edited;
    const labels = chosenLabels(state, marker);
    const error = labelsError(form, state.entries, marker, labels);
    if (error !== undefined) return { ...edited, errors: { label: error }, typed: fields, focus: "labels" };
    const item = Number(numbers.get("item") ?? 0);
    const surroundings = surroundingsOf(marker, marker.pictures[item] ? item : 0);
    const { entries, id } = addRegion(state.entries, marker, { place: moved.place, labels, surroundings });
    return { ...edited, state: { ...state, entries, selected: id }, focus: "region", message: "Marked" };
  },

  /** Shows a picture for clicks, whose size was written. */
  measure({ fields }, edited, argument) {
    const [item = "", target = ""] = argument.split(" ");
    const key = pictureKey(decodedName(target), Number(item));
    if (edited.state.sizes.has(key)) return { ...edited, focus: "view" };
    const error = "Enter its width and height in pixels, such as 600 × 400";
    return { ...edited, errors: { [measurePrefix + key]: error }, typed: fields };
  },

  find({ form, fields }, edited, target) {
    const name = decodedName(target);
    const marker = form.markers.find((each) => each.target === name);
    const field = `find.${name}`;
    const sought = fieldText(fields, field);
    const spans = marker?.kind === "span" ? findText(marker.passages, sought, maxMatches) : [];
    const [first, ...others] = spans;
    if (!first) return { ...edited, errors: { [field]: sought.trim() ? "Not in this text" : "Enter a part of the text" }, typed: fields }; // prettier-ignore
    if (others.length > 0) return { ...edited, matches: { target: name, spans }, typed: fields, focus: "matches" };
    return mark({ form, fields }, edited, name, extractAt(first.from, first), true);
  },

  /** Marks a segment between two times. */
  segment(edit, edited, target) {
    const name = decodedName(target);
    const [from, to] = [fieldText(edit.fields, `from.${name}`), fieldText(edit.fields, `to.${name}`)];
    const read = readSegment(from, to);
    if (!("errors" in read)) return mark(edit, edited, name, `${read.start}-${read.end}`, true);
    const { start, end } = read.errors;
    const errors = { ...(start && { [`from.${name}`]: start }), ...(end && { [`to.${name}`]: end }) };
    return { ...edited, errors, typed: edit.fields };
  },

  relate({ fields }, edited) {
    const { state } = edited;
    const to_id = fieldText(fields, "relate");
    if (!to_id || !state.selected) return { ...edited, errors: { relate: "Choose a region" } };
    const relation = { from_id: state.selected, to_id, direction: "right" as const, labels: [] };
    return { ...edited, state: { ...state, entries: relate(state.entries, relation) }, focus: "relations" };
  },

  unrelate(_edit, edited, index) {
    const { state } = edited;
    const relation = relationsOf(state.entries)[Number(index)];
    if (!relation) return edited;
    return { ...edited, state: { ...state, entries: removeRelation(state.entries, relation) }, focus: "relations" };
  },
};

/** What a click on an object does: it begins a region, or ends it. `is_whole`: nothing more has to be clicked. */
function mark(edit: Edit, edited: EditedRegions, target: string, click: string, is_whole = false): EditedRegions {
  const { form } = edit;
  const { state } = edited;
  const { marker, labels } = chosenMarker(form, state, target);
  if (!marker) return edited;
  const focus = click ? `mark ${encodeURIComponent(target)} ${click}` : "regions";
  const earlier = state.pending?.target === target ? state.pending : undefined;
  const isFirst = earlier === undefined || earlier.is_complete;
  const marked = isFirst && click
    ? kindOf(marker).mark(marker, is_whole ? click : "", click)
    : kindOf(marker).mark(marker, earlier?.mark ?? "", click); // prettier-ignore
  if ("error" in marked) return { ...edited, errors: { mark: marked.error }, focus };
  if ("pending" in marked) {
    const pending: PendingMark = { target, mark: marked.pending, is_complete: marked.is_complete };
    return { ...edited, state: { ...state, pending }, focus, message: `From “${marked.words}”` };
  }
  const error = labelsError(form, state.entries, marker, labels);
  if (error !== undefined) {
    const pending = { target, mark: marked.clicks, is_complete: true };
    return { ...edited, state: { ...state, pending }, errors: { label: error }, focus: "labels" };
  }
  const surroundings = marked.surroundings ?? lengthOf(marker, edit.fields);
  const { entries, id } = addRegion(state.entries, marker, { place: marked.place, labels, surroundings });
  const { text, place } = kindOf(marker).describe(marker, marked.place);
  return {
    ...edited,
    state: { ...state, entries, selected: id, pending: undefined },
    focus,
    message: `Marked ${text ? `“${text}”` : place}${labels.length > 0 ? ` as ${labels.join(", ")}` : ""}`,
  };
}

/** The length of a recording, which a script knows. */
function lengthOf({ kind, target }: RegionMarker, fields: RegionFields): Record<string, unknown> {
  const length = kind === "segment" ? Number(fieldText(fields, `length.${target}`)) : 0;
  return Number.isFinite(length) && length > 0 ? { original_length: length } : {};
}

/** The control that marks regions of an object: the one whose labels are chosen, or whose shape is, and these labels. */
export function chosenMarker(
  { markers }: RegionForm,
  state: RegionState,
  target: string,
): { marker: RegionMarker | undefined; labels: string[] } {
  const ofTarget = markers.filter((marker) => marker.target === target);
  const labeled = ofTarget.filter((marker) => chosenLabels(state, marker).length > 0);
  const fitting = labeled.length > 0 ? labeled : ofTarget;
  const marker = fitting.find(({ name }) => state.shapes.get(target) === name) ?? fitting[0];
  return { marker, labels: marker ? chosenLabels(state, marker) : [] };
}

/** The labels that are chosen for the next region of a control. */
function chosenLabels({ labels }: RegionState, { palette }: RegionMarker): string[] {
  const offered = palette?.labels.map(({ result }) => result) ?? [];
  return offered
    .filter((result) => labels.some(([name, label]) => name === palette?.name && label === result))
    .slice(0, palette?.is_multiple ? undefined : 1);
}

/** Shows the part of a long object that has a region. */
function viewOf({ marker, value }: MarkedRegion, views: RegionState["views"]): RegionState["views"] {
  const view = kindOf(marker).viewOf(marker, value);
  return view === undefined ? views : new Map([...views, [marker.target, view]]);
}
