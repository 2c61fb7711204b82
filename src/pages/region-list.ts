import { pageForm } from "../label-config/form/page-parts.ts";
import type { PageForm } from "../label-config/form/page-parts.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import type { EditedRegions } from "../label-config/regions/edited-regions.ts";
import { kindOf } from "../label-config/regions/kinds.ts";
import type { MarkedRegion } from "../label-config/regions/kinds.ts";
import type { PictureView } from "../label-config/regions/picture-view.ts";
import type { PlaceField, PlaceStep } from "../label-config/regions/place-fields.ts";
import { answersOf, questionForm, questionsOf } from "../label-config/regions/region-answers.ts";
import { fieldText, labelKey, regionStateFields } from "../label-config/regions/region-state.ts";
import type { RegionState } from "../label-config/regions/region-state.ts";
import { regionsOf } from "../label-config/regions/regions.ts";
import { relationsOf } from "../label-config/regions/relations.ts";
import type { Relation } from "../label-config/regions/relations.ts";
import { answerFields } from "../label-config/regions/selected-region.ts";
import { sizedForm } from "../label-config/regions/sized-form.ts";
import type { SeriesView } from "../label-config/regions/series-view.ts";
import type { SpanView } from "../label-config/regions/span-view.ts";
import { listedRegions } from "./listed-regions.ts";
import type { ListedRegion } from "./listed-regions.ts";
import { paletteTitle } from "./palette-titles.ts";
import { keyRegions } from "./region-keys.ts";
import {
  finders,
  pendingMark,
  pictureViews,
  segmentFields,
  seriesViews,
  shapeChoices,
  spanViews,
} from "./region-marking.ts";
import type { Finder, SegmentFields, ShapeChoice, ShownPendingMark } from "./region-marking.ts";

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
  title: string;
  is_multiple: boolean;
  is_inline: boolean;
  labels: LabelOption[];
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
  /** Its ends can be dragged in a text. */
  is_text: boolean;
  questions: PageForm["questions"];
  relations: ListedRelation[];
  /** With which it can be related. */
  others: ListedRegion[];
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
  pending: ShownPendingMark | undefined;
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
  /** By the names of the objects. */
  series: ReadonlyMap<string, SeriesView>;
}

/** What the label page shows of a task's regions. `clean` sanitizes HTML; `before`: the list that the page shows already that asks. */
export function regionList(
  { regions }: LabelForm,
  edited: EditedRegions,
  clean: (html: string) => string,
  before?: RegionState,
): RegionList {
  const { state, errors, focus, message } = edited;
  const form = sizedForm(regions, state);
  const marked = regionsOf(state.entries, form.markers);
  const keys = keyRegions(form, marked, state.selected, before);
  const listed = listedRegions(marked, state.selected, { keys, focus });
  const selected = marked.findIndex(({ id }) => id === state.selected);
  const region = marked[selected];
  const palettes = new Map(form.markers.flatMap(({ palette }) => (palette ? [[palette.name, palette] as const] : [])));
  const isChosen = (name: string, label: string) => state.labels.some((each) => each[0] === name && each[1] === label);
  return {
    hidden: regionStateFields(state),
    palettes: [...palettes.values()].map((palette) => ({
      name: palette.name,
      title: paletteTitle(palette, form.markers),
      is_multiple: palette.is_multiple,
      is_inline: palette.is_inline,
      labels: palette.labels.map((label) => ({
        ...label,
        key: labelKey(palette.name, label.result),
        is_chosen: isChosen(palette.name, label.result),
      })),
    })),
    regions: listed,
    editor: region && listed[selected] && regionEditor(form, region, listed[selected], listed, edited, clean),
    finders: finders(form, edited),
    segments: segmentFields(form, edited, marked),
    relation_labels: form.relations?.labels ?? [],
    has_many_relation_labels: form.relations?.is_multiple ?? false,
    pending: pendingMark(form, edited),
    shape_choices: shapeChoices(form, edited),
    hint: [...new Set(form.markers.map((marker) => kindOf(marker).hint(marker)))].join(", or "),
    can_undo: state.undo.length > 0,
    errors,
    focus,
    message,
    spans: spanViews(form, edited, marked, clean),
    pictures: pictureViews(form, edited, marked, keys),
    series: seriesViews(form, edited, marked),
  };
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
  const unknown = labels
    .filter((label) => !known.has(label))
    .map((label) => ({ result: label, words: label, hint: undefined, hotkey: undefined, color: 0 }));
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
    is_text: marker.kind === "span" && kindOf(marker).steps(marker, value).length > 0,
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
