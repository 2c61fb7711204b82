import { pageForm } from "../label-config/form/page-parts.ts";
import type { PageForm } from "../label-config/form/page-parts.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import { answerFields, chosenMarker } from "../label-config/regions/edit-regions.ts";
import type { EditedRegions } from "../label-config/regions/edit-regions.ts";
import { pictureView } from "../label-config/regions/picture-view.ts";
import type { PictureView } from "../label-config/regions/picture-view.ts";
import { kindOf } from "../label-config/regions/kinds.ts";
import type { MarkedRegion } from "../label-config/regions/kinds.ts";
import type { PendingWords, PlaceField, PlaceStep, RegionWords } from "../label-config/regions/place-fields.ts";
import { answersOf, questionForm, questionsOf } from "../label-config/regions/region-answers.ts";
import { fieldText, labelKey, regionStateFields, shapePrefix } from "../label-config/regions/region-state.ts";
import { regionsOf } from "../label-config/regions/regions.ts";
import { shapeNames } from "../label-config/regions/shape-kind.ts";
import { sizedForm } from "../label-config/regions/sized-form.ts";
import { relationsOf } from "../label-config/regions/relations.ts";
import type { Relation } from "../label-config/regions/relations.ts";
import { extractAt } from "../label-config/regions/span-kind.ts";
import { shownLabels, spanView } from "../label-config/regions/span-view.ts";
import type { SpanView } from "../label-config/regions/span-view.ts";
import { coveredText } from "../label-config/regions/spans.ts";

/** A label to choose. */
interface LabelOption {
  key: string;
  words: string;
  hint: string | undefined;
  hotkey: string | undefined;
  color: number;
  is_chosen: boolean;
}

/** The labels of a control, for the next region. */
interface PaletteOptions {
  name: string;
  is_multiple: boolean;
  is_inline: boolean;
  labels: LabelOption[];
}

/** The shapes of one picture. */
interface ShapeChoice {
  /** Of the field. */
  name: string;
  shapes: { key: string; words: string; is_chosen: boolean }[];
}

/** A region in the list. */
interface ListedRegion extends RegionWords {
  id: string;
  number: number;
  labels: { words: string; color: number }[];
  origin: string;
  is_selected: boolean;
}

interface ListedRelation extends Relation {
  /** The other region; undefined where it is not here. */
  other: ListedRegion | undefined;
  /** It goes out from the chosen region. */
  is_outward: boolean;
}

/** The chosen region with all that can be changed. */
interface RegionEditor {
  region: ListedRegion;
  is_multiple: boolean;
  labels: LabelOption[];
  fields: PlaceField[];
  steps: PlaceStep[];
  questions: PageForm["questions"];
  relations: ListedRelation[];
  /** With which it can be related. */
  others: ListedRegion[];
}

/** A field to find the text of a span. */
interface Finder {
  target: string;
  sought: string;
  error: string | undefined;
  matches: { action: string; before: string; text: string; after: string }[];
}

/** The fields of a new segment of a recording. */
interface SegmentFields {
  target: string;
  from: string;
  to: string;
  errors: { from: string | undefined; to: string | undefined };
}

/** The list of regions beside what is labeled, as the label page shows it. */
export interface RegionList {
  hidden: [name: string, value: string][];
  palettes: PaletteOptions[];
  regions: ListedRegion[];
  editor: RegionEditor | undefined;
  finders: Finder[];
  segments: SegmentFields[];
  relation_labels: string[];
  has_many_relation_labels: boolean;
  pending: (PendingWords & { is_complete: boolean }) | undefined;
  /** What to choose a shape from, where the label doesn't say it. */
  shape_choices: ShapeChoice[];
  /** How regions are marked, as the end of a sentence. */
  hint: string;
  can_undo: boolean;
  errors: Record<string, string>;
  focus: string;
  message: string;
  /** By the names of the objects. */
  spans: ReadonlyMap<string, SpanView>;
  /** By the names of the objects. */
  pictures: ReadonlyMap<string, PictureView>;
}

/** What the label page shows of a task's regions. `clean` sanitizes HTML. */
export function regionList({ regions }: LabelForm, edited: EditedRegions, clean: (html: string) => string): RegionList {
  const { state, errors, focus, message } = edited;
  const form = sizedForm(regions, state);
  const found = regionsOf(state.entries, form.markers);
  const listed = found.map((region, index) => listedRegion(region, index + 1, state.selected));
  const selected = found.findIndex(({ id }) => id === state.selected);
  const region = found[selected];
  const palettes = new Map(form.markers.flatMap(({ palette }) => (palette ? [[palette.name, palette] as const] : [])));
  const isChosen = (name: string, label: string) => state.labels.some((each) => each[0] === name && each[1] === label);
  return {
    hidden: regionStateFields(state),
    palettes: [...palettes.values()].map(({ name, is_multiple, is_inline, labels }) => ({
      name,
      is_multiple,
      is_inline,
      labels: labels.map((label) => ({ ...label, key: labelKey(name, label.result), is_chosen: isChosen(name, label.result) })), // prettier-ignore
    })),
    regions: listed,
    editor: region && listed[selected] && regionEditor(form, region, listed[selected], listed, edited, clean),
    finders: finders(form, edited),
    segments: segmentFields(form, edited),
    relation_labels: form.relations?.labels ?? [],
    has_many_relation_labels: form.relations?.is_multiple ?? false,
    pending: pendingWords(form, edited),
    shape_choices: shapeChoices(form, edited),
    hint: [...new Set(form.markers.map((marker) => kindOf(marker).hint(marker)))].join(", or "),
    can_undo: state.undo.length > 0,
    errors,
    focus,
    message,
    spans: spanViews(form, edited, found),
    pictures: pictureViews(form, edited, found),
  };
}

function listedRegion(region: MarkedRegion, number: number, selected: string): ListedRegion {
  const { id, marker, value, origin } = region;
  const words = kindOf(marker).describe(marker, value);
  return { ...words, id, number, labels: shownLabels(region), origin, is_selected: id === selected };
}

function regionEditor(
  form: LabelForm["regions"],
  region: MarkedRegion,
  shown: ListedRegion,
  listed: ListedRegion[],
  { state, errors, typed }: EditedRegions,
  clean: (html: string) => string,
): RegionEditor {
  const { marker, value, labels } = region;
  const offered = marker.palette?.labels ?? [];
  const known = new Set(offered.map(({ result }) => result));
  const unknown = labels.filter((label) => !known.has(label)).map((label) => ({ result: label, words: label, hint: undefined, hotkey: undefined, color: 0 })); // prettier-ignore
  const chosen = typed.get("labels") ?? labels;
  const questions = questionsOf(form, region);
  const answers = typed.size > 0 ? answerFields(typed) : answersOf(region, questions);
  const relations = relationsOf(state.entries).filter(({ from_id, to_id }) => [from_id, to_id].includes(region.id));
  const related = new Set(relations.flatMap(({ from_id, to_id }) => [from_id, to_id]));
  return {
    region: shown,
    is_multiple: marker.palette?.is_multiple ?? false,
    labels: [...offered, ...unknown].map((label) => ({
      ...label,
      key: label.result,
      is_chosen: chosen.includes(label.result),
    })),
    fields: kindOf(marker)
      .fields(marker, value)
      .map((field) => ({ ...field, value: fieldText(typed, `place.${field.name}`) || field.value })),
    steps: kindOf(marker).steps(marker, value),
    questions: pageForm(
      questionForm(questions),
      { fields: answers, errors: withoutPrefix(errors, "answer."), clean },
      "region-question",
    ).questions,
    relations: relations.map((relation) => ({
      ...relation,
      is_outward: relation.from_id === region.id,
      other: listed.find(({ id }) => id !== region.id && [relation.from_id, relation.to_id].includes(id)),
    })),
    others: listed.filter(({ id }) => id !== region.id && !related.has(id)),
  };
}

function withoutPrefix(errors: Record<string, string>, prefix: string): Record<string, string> {
  const named = Object.entries(errors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, error]) => [name.slice(prefix.length), error]));
}

const matchSurroundings = 30;

function finders({ markers }: LabelForm["regions"], { errors, typed, matches }: EditedRegions): Finder[] {
  const spans = markers.filter((marker) => marker.kind === "span");
  const byTarget = new Map(spans.map((marker) => [marker.target, marker]));
  return [...byTarget].map(([target, marker]) => {
    const field = `find.${target}`;
    const spans = matches?.target === target ? matches.spans : [];
    return {
      target,
      sought: fieldText(typed, field),
      error: errors[field],
      matches: spans.map((span) => {
        const text = marker.passages[span.from]?.text ?? "";
        return {
          action: `make-at ${encodeURIComponent(target)} ${extractAt(span.from, span)}`,
          before: text.slice(Math.max(0, span.start - matchSurroundings), span.start),
          text: coveredText(span, marker.passages),
          after: text.slice(span.end, span.end + matchSurroundings),
        };
      }),
    };
  });
}

function segmentFields({ markers }: LabelForm["regions"], { errors, typed }: EditedRegions): SegmentFields[] {
  const targets = new Set(markers.filter(({ kind }) => kind === "segment").map(({ target }) => target));
  return [...targets].map((target) => ({
    target,
    from: fieldText(typed, `from.${target}`),
    to: fieldText(typed, `to.${target}`),
    errors: { from: errors[`from.${target}`], to: errors[`to.${target}`] },
  }));
}

function pendingWords(form: LabelForm["regions"], { state }: EditedRegions): RegionList["pending"] {
  const { pending } = state;
  const { marker } = chosenMarker(form, state, pending?.target ?? "");
  if (!pending || !marker) return undefined;
  const { is_complete } = pending;
  const marked = is_complete ? kindOf(marker).mark(marker, pending.mark, "") : undefined;
  if (marked && "place" in marked) {
    const { text, place } = kindOf(marker).describe(marker, marked.place);
    return { words: text || place, next: "", finish: "", is_complete };
  }
  const words = kindOf(marker).pending(marker, pending.mark);
  return words && { ...words, is_complete: false };
}

/** Where several shapes have the same labels. */
function shapeChoices(form: LabelForm["regions"], { state }: EditedRegions): ShapeChoice[] {
  const markers = form.markers.filter((marker) => marker.kind === "shape");
  return [...new Set(markers.map(({ target }) => target))].flatMap((target) => {
    const ofTarget = markers.filter((marker) => marker.target === target);
    const alike = ofTarget.filter(({ palette, name }) =>
      ofTarget.some((other) => other.name !== name && other.palette?.name === palette?.name),
    );
    if (alike.length === 0) return [];
    const chosen = alike.find(({ name }) => name === state.shapes.get(target)) ?? alike[0];
    const shapes = alike.map(({ name, shape }) => ({ key: name, words: shapeNames[shape], is_chosen: name === chosen?.name })); // prettier-ignore
    return [{ name: shapePrefix + target, shapes }];
  });
}

function pictureViews(
  form: LabelForm["regions"],
  edited: EditedRegions,
  regions: MarkedRegion[],
): Map<string, PictureView> {
  const markers = form.markers.filter((marker) => marker.kind === "shape");
  return new Map(
    [...new Set(markers.map(({ target }) => target))].map((target) => {
      const { marker } = chosenMarker(form, edited.state, target);
      return [target, pictureView(markers.filter((each) => each.target === target), { regions, edited, chosen: marker })]; // prettier-ignore
    }),
  );
}

function spanViews(
  { markers }: LabelForm["regions"],
  { state }: EditedRegions,
  regions: MarkedRegion[],
): Map<string, SpanView> {
  const { selected, pending, views } = state;
  const spans = markers.filter((marker) => marker.kind === "span");
  return new Map(
    spans.map((marker) => [
      marker.target,
      spanView(marker, { regions, selected, pending, view: views.get(marker.target) }),
    ]),
  );
}
