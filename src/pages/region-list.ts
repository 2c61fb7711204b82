import { pageForm } from "../label-config/form/page-parts.ts";
import type { PageForm } from "../label-config/form/page-parts.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import { answerFields } from "../label-config/regions/edit-regions.ts";
import type { EditedRegions } from "../label-config/regions/edit-regions.ts";
import { kindOf } from "../label-config/regions/kinds.ts";
import type { MarkedRegion } from "../label-config/regions/kinds.ts";
import type { PlaceField, PlaceStep, RegionWords } from "../label-config/regions/place-fields.ts";
import { answersOf, questionForm, questionsOf } from "../label-config/regions/region-answers.ts";
import { fieldText, labelKey, regionStateFields } from "../label-config/regions/region-state.ts";
import { regionsOf } from "../label-config/regions/regions.ts";
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
  pending: { words: string; is_complete: boolean } | undefined;
  can_undo: boolean;
  errors: Record<string, string>;
  focus: string;
  message: string;
  /** By the names of the objects. */
  spans: ReadonlyMap<string, SpanView>;
}

/** What the label page shows of a task's regions. `clean` sanitizes HTML. */
export function regionList(
  { regions: form }: LabelForm,
  edited: EditedRegions,
  clean: (html: string) => string,
): RegionList {
  const { state, errors, focus, message } = edited;
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
    can_undo: state.undo.length > 0,
    errors,
    focus,
    message,
    spans: spanViews(form, edited, found),
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
  const byTarget = new Map(markers.filter((each) => each.kind === "span").map((marker) => [marker.target, marker]));
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

function pendingWords({ markers }: LabelForm["regions"], { state: { pending } }: EditedRegions): RegionList["pending"] {
  const marker = markers.find(({ target }) => target === pending?.target);
  const marked = marker && pending && kindOf(marker).mark(marker, pending.mark, "");
  if (!marked || !("place" in marked)) return undefined;
  const { text, place } = kindOf(marker).describe(marker, marked.place);
  return { words: text || place, is_complete: pending.is_complete };
}

function spanViews(
  { markers }: LabelForm["regions"],
  { state }: EditedRegions,
  regions: MarkedRegion[],
): Map<string, SpanView> {
  const { selected, pending, views } = state;
  return new Map(
    markers
      .filter((each) => each.kind === "span")
      .map((marker) => [
        marker.target,
        spanView(marker, { regions, selected, pending, view: views.get(marker.target) }),
      ]),
  );
}
