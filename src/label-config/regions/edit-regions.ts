import type { RegionForm } from "../form/parts.ts";
import { decodedName, pictureAction } from "./actions.ts";
import { addLabeled } from "./add-labeled.ts";
import { addDrawn, keepDrawn, moveDrawn } from "./edit-drawn.ts";
import { placeOfEnds } from "./dragged-ends.ts";
import type { EditedRegions } from "./edited-regions.ts";
import { kindOf } from "./kinds.ts";
import type { MarkedRegion } from "./kinds.ts";
import { chosenMarker } from "./label-choice.ts";
import { questionsOf } from "./region-answers.ts";
import { fieldText, measurePrefix, newPlacePrefix } from "./region-state.ts";
import type { PendingMark, RegionFields, RegionState } from "./region-state.ts";
import { findRegion, moveRegion, removeRegion } from "./regions.ts";
import { relate, relationsOf, removeRelation } from "./relations.ts";
import { changeSelected } from "./selected-region.ts";
import { lengthOf } from "./recording-length.ts";
import { membersOfShape, pictureKey } from "./shape-marker.ts";
import { sizedForm } from "./sized-form.ts";
import { extractAt } from "./span-kind.ts";
import type { SpanMarker } from "./span-marker.ts";
import { findText } from "./spans.ts";
import { parseSelection, placeOfDrag, placeOfSelection } from "./text-selection.ts";
import { rememberChange, undoChange } from "./undo.ts";

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
  if (hasErrors(edited) && !["delete", "undo"].includes(verb))
    return verb === "draw" ? keepDrawn({ form, fields }, edited, decodedName(argument)) : edited;
  const action = Object.hasOwn(actions, verb) ? actions[verb] : undefined;
  const after = action?.({ form, fields }, { ...edited, errors: {}, typed: new Map() }, argument) ?? edited;
  const undo =
    verb === "undo" ? after.state.undo : rememberChange(edited.state.undo, edited.state.entries, after.state.entries);
  // A script that lets people draw leaves the focus where they draw.
  const focus = fields.has("keeps-focus") ? "" : after.focus;
  return { ...after, state: { ...after.state, undo }, focus };
}

const actions: Record<string, (edit: Edit, edited: EditedRegions, argument: string) => EditedRegions> = {
  select({ form }, edited, id) {
    const region = findRegion(edited.state.entries, form.markers, id);
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
    const selected = findRegion(entries, form.markers, state.selected)?.id ?? "";
    const focus = steps.length > 0 ? "undo" : "regions";
    return { ...edited, state: { ...state, entries, undo: steps, selected }, focus, message: "Taken back" };
  },

  step({ form }, edited, argument) {
    const region = findRegion(edited.state.entries, form.markers, edited.state.selected);
    const place = region && kindOf(region.marker).step(region.marker, region.value, argument);
    return { ...moveTo(edited, region, place), focus: `step ${argument}` };
  },

  mark(edit, edited, argument) {
    const [target = "", ...click] = argument.split(" ");
    return mark(edit, edited, decodedName(target), click.join(" "));
  },

  /** Marks one of the places where a text was found. */
  "make-at"(edit, edited, argument) {
    const [target = "", ...click] = argument.split(" ");
    return markFound(edit, edited, decodedName(target), click.join(" "));
  },

  /** Marks what is selected in a text. */
  "mark-text"(edit, edited, argument) {
    const [target = "", ...selection] = argument.split(" ");
    const marker = spanMarkerOf(edit.form, decodedName(target));
    const extract = marker && parseSelection(marker, selection.join(" "));
    if (!extract) return { ...edited, errors: { mark: "Select a part of the text." }, focus: "regions" };
    const state = { ...edited.state, pending: undefined };
    return mark(edit, { ...edited, state }, marker.target, extractAt(extract.passage, extract), true);
  },

  /** Moves the chosen region to what is selected in its text. */
  "move-text"({ form }, edited, argument) {
    const [target = "", ...selection] = argument.split(" ");
    const region = findRegion(edited.state.entries, form.markers, edited.state.selected);
    const isThere = region?.marker.kind === "span" && region.marker.target === decodedName(target);
    const place = isThere ? placeOfSelection(region.marker as SpanMarker, selection.join(" ")) : undefined;
    if (!place) return { ...edited, errors: { mark: "Select a part of the text of this region." }, focus: "regions" };
    return moveTo(edited, region, place);
  },

  /** Moves one end of the chosen region to where it was dragged. */
  "drag-end"({ form }, edited, argument) {
    const region = findRegion(edited.state.entries, form.markers, edited.state.selected);
    const place = region?.marker.kind === "span" ? placeOfDrag(region.marker, region.value, argument) : undefined;
    return moveTo(edited, region, place);
  },

  /** Moves a segment to where its ends were dragged, and chooses it. */
  "move-ends"({ form }, edited, argument) {
    const [ends = "", ...id] = argument.split(" ");
    const region = findRegion(edited.state.entries, form.markers, id.join(" "));
    if (!region) return edited;
    const { state, ...rest } = moveTo(edited, region, placeOfEnds(region, ends));
    return { ...rest, state: { ...state, selected: region.id } };
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

  draw(edit, edited, argument) {
    return addDrawn(edit, edited, decodedName(argument));
  },

  reshape(edit, edited, id) {
    return moveDrawn(edit, edited, id);
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
    const numbers = new Map(
      [...written].flatMap(([field, text]) => (field.startsWith(prefix) ? [[field.slice(prefix.length), text]] : [])),
    );
    const moved = kindOf(marker).move(marker, {}, numbers);
    const focus = `numbers ${encodeURIComponent(marker.target)}`;
    if ("errors" in moved) {
      const errors = Object.entries(moved.errors).map(([field, error]) => [prefix + field, error]);
      return { ...edited, errors: Object.fromEntries(errors), typed: fields, focus };
    }
    const item = Number(numbers.get("item") ?? 0);
    const members = membersOfShape(marker, marker.pictures[item] ? item : 0);
    const added = addLabeled(form, edited, marker, { place: moved.place, members });
    if (hasErrors(added)) return { ...added, typed: fields };
    // The next one is added where this one was, unless something is asked about it.
    const region = findRegion(added.state.entries, form.markers, added.state.selected);
    const isAsked = region && questionsOf(form, region).length > 0;
    return { ...added, focus: isAsked ? "region" : `after add ${argument}` };
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
    const marker = spanMarkerOf(form, name);
    const field = `find.${name}`;
    const sought = fieldText(fields, field);
    const spans = marker ? findText(marker.passages, sought, maxMatches) : [];
    const [first, ...others] = spans;
    if (!first)
      return {
        ...edited,
        errors: { [field]: sought.trim() ? "Not in this text" : "Enter a part of the text" },
        typed: fields,
      };
    if (others.length > 0) return { ...edited, matches: { target: name, spans }, typed: fields, focus: "matches" };
    return markFound({ form, fields }, edited, name, extractAt(first.from, first));
  },

  /** Marks a segment between two times. */
  segment(edit, edited, target) {
    const name = decodedName(target);
    const marker = chosenMarker(edit.form, edited.state, name);
    const [from, to] = [fieldText(edit.fields, `from.${name}`), fieldText(edit.fields, `to.${name}`)];
    const read = marker && kindOf(marker).range?.read(marker, from, to);
    if (!read) return edited;
    if ("click" in read) return mark(edit, edited, name, read.click, true);
    const errors = Object.fromEntries(Object.entries(read.errors).map(([end, error]) => [`${end}.${name}`, error]));
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

function spanMarkerOf({ markers }: RegionForm, target: string): SpanMarker | undefined {
  return markers.filter((marker) => marker.kind === "span").find((marker) => marker.target === target);
}

/** Moves a region, and says where it is then; without a place it stays. */
function moveTo(
  { state, ...edited }: EditedRegions,
  region: MarkedRegion | undefined,
  place: Record<string, unknown> | undefined,
): EditedRegions {
  if (!region || !place) return { ...edited, state };
  const entries = moveRegion(state.entries, region, place);
  const { text, place: words } = kindOf(region.marker).describe(region.marker, { ...region.value, ...place });
  return { ...edited, state: { ...state, entries }, message: `${text}, ${words}` };
}

/** What a click on an object does: it begins a region, or ends it. `is_whole`: nothing more has to be clicked. */
function mark(edit: Edit, edited: EditedRegions, target: string, click: string, is_whole = false): EditedRegions {
  const { form } = edit;
  const { state } = edited;
  const marker = chosenMarker(form, state, target);
  if (!marker) return edited;
  const focus = click ? `mark ${encodeURIComponent(target)} ${click}` : "regions";
  const earlier = state.pending?.target === target ? state.pending : undefined;
  const isFirst = earlier === undefined || earlier.is_complete;
  const marked =
    isFirst && click
      ? kindOf(marker).mark(marker, is_whole ? click : "", click)
      : kindOf(marker).mark(marker, earlier?.mark ?? "", click);
  if ("error" in marked) return { ...edited, errors: { mark: marked.error }, focus };
  if ("pending" in marked) {
    const pending: PendingMark = { target, mark: marked.pending, is_complete: marked.is_complete };
    return { ...edited, state: { ...state, pending }, focus, message: `From “${marked.words}”` };
  }
  const pending = { target, mark: marked.clicks, is_complete: true };
  const members = marked.members ?? lengthOf(marker, edit.fields);
  const added = addLabeled(form, edited, marker, { place: marked.place, members, pending });
  return hasErrors(added) ? added : { ...added, focus };
}

/** Marks what was found in a text; the next one is sought where this one was. */
function markFound(edit: Edit, edited: EditedRegions, target: string, extract: string): EditedRegions {
  const marked = mark(edit, edited, target, extract, true);
  return hasErrors(marked) ? marked : { ...marked, focus: `after find ${encodeURIComponent(target)}` };
}

function hasErrors({ errors }: EditedRegions): boolean {
  return Object.keys(errors).length > 0;
}

/** Shows the part of a long object that has a region. */
function viewOf({ marker, value }: MarkedRegion, views: RegionState["views"]): RegionState["views"] {
  const view = kindOf(marker).viewOf(marker, value);
  return view === undefined ? views : new Map([...views, [marker.target, view]]);
}
