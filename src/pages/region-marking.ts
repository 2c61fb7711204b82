import type { LabelForm } from "../label-config/form/parts.ts";
import type { EditedRegions } from "../label-config/regions/edited-regions.ts";
import { kindOf } from "../label-config/regions/kinds.ts";
import type { MarkedRegion, RegionMarker } from "../label-config/regions/kinds.ts";
import { chosenMarker } from "../label-config/regions/label-choice.ts";
import { pictureView } from "../label-config/regions/picture-view.ts";
import type { KeyedRegions, PictureView } from "../label-config/regions/picture-view.ts";
import type { PendingWords, RangeLabels } from "../label-config/regions/place-fields.ts";
import { fieldText, shapePrefix } from "../label-config/regions/region-state.ts";
import { segmentOf } from "../label-config/regions/segment-kind.ts";
import type { SegmentMarker } from "../label-config/regions/segment-marker.ts";
import { seriesView } from "../label-config/regions/series-view.ts";
import type { SeriesView } from "../label-config/regions/series-view.ts";
import { shapeNames } from "../label-config/regions/shape-kind.ts";
import { extractAt } from "../label-config/regions/span-kind.ts";
import type { SpanMarker } from "../label-config/regions/span-marker.ts";
import { shownLabels, spanView } from "../label-config/regions/span-view.ts";
import type { SpanView } from "../label-config/regions/span-view.ts";
import { coveredText } from "../label-config/regions/spans.ts";
import { waveView } from "../label-config/regions/wave-view.ts";
import type { WaveView } from "../label-config/regions/wave-view.ts";

/** The shapes of one picture. */
export interface ShapeChoice {
  /** Of the field. */
  name: string;
  shapes: { key: string; words: string; is_chosen: boolean }[];
}

/** A field to find the text of a span. */
export interface Finder {
  target: string;
  sought: string;
  error: string | undefined;
  has_focus: boolean;
  matches: { action: string; before: string; text: string; after: string }[];
}

/** The fields of a new segment of a recording, or of a series. */
export interface SegmentFields {
  target: string;
  labels: RangeLabels;
  from: string;
  to: string;
  errors: { from: string | undefined; to: string | undefined };
  /** The first one has the focus: whoever presses Enter on a line of a series sends no place. */
  has_focus: boolean;
  /** What a script draws over the wave of a recording; undefined where it has none. */
  wave: WaveSegment[] | undefined;
  /** The wave as this server has read it, for clicks. */
  picture: WaveView | undefined;
}

/** A segment over the wave of a recording, in seconds. */
interface WaveSegment {
  /** Empty for what waits for a label. */
  id: string;
  number: number;
  /** Its label. */
  words: string;
  color: number;
  start: number;
  end: number;
  is_selected: boolean;
}

/** What is clicked so far, for people. */
export interface ShownPendingMark extends PendingWords {
  /** Nothing is missing but a label. */
  is_complete: boolean;
}

/** Characters around a match that a page shows. */
const matchContext = 30;

/** A field for each object whose spans are marked. */
export function finders({ markers }: LabelForm["regions"], { errors, typed, matches, focus }: EditedRegions): Finder[] {
  return [...spanMarkers(markers)].map(([target, marker]) => {
    const field = `find.${target}`;
    const spans = matches?.target === target ? matches.spans : [];
    return {
      target,
      sought: fieldText(typed, field),
      error: errors[field],
      has_focus: focus === `after find ${encodeURIComponent(target)}`,
      matches: spans.map((span) => {
        const text = marker.passages[span.from]?.text ?? "";
        return {
          action: `make-at ${encodeURIComponent(target)} ${extractAt(span.from, span)}`,
          before: text.slice(Math.max(0, span.start - matchContext), span.start),
          text: coveredText(span, marker.passages),
          after: text.slice(span.end, span.end + matchContext),
        };
      }),
    };
  });
}

/** The fields for each recording or series whose segments are marked. */
export function segmentFields(
  { markers }: LabelForm["regions"],
  edited: EditedRegions,
  regions: MarkedRegion[],
): SegmentFields[] {
  const { state, errors, typed, focus } = edited;
  const ranges = new Map(
    markers.flatMap((marker) => {
      const labels = kindOf(marker).range?.labels(marker);
      return labels ? [[marker.target, { marker, labels }] as const] : [];
    }),
  );
  return [...ranges].map(([target, { marker, labels }]) => ({
    target,
    labels,
    from: fieldText(typed, `from.${target}`),
    to: fieldText(typed, `to.${target}`),
    errors: { from: errors[`from.${target}`], to: errors[`to.${target}`] },
    has_focus: focus === `numbers ${encodeURIComponent(target)}`,
    wave: marker.kind === "segment" && marker.has_wave ? waveSegments(marker, state, regions) : undefined,
    picture: marker.kind === "segment" && marker.wave ? waveView(marker, marker.wave, { regions, edited }) : undefined,
  }));
}

function waveSegments(
  marker: SegmentMarker,
  { selected, pending }: EditedRegions["state"],
  regions: MarkedRegion[],
): WaveSegment[] {
  const drawn = regions.flatMap((region, index): WaveSegment[] => {
    const segment = region.marker.target === marker.target ? segmentOf(region.value) : undefined;
    const labels = shownLabels(region);
    const words = labels.map((label) => label.words).join(", ");
    const shown = { number: index + 1, words, color: labels[0]?.color ?? 0, is_selected: region.id === selected };
    return segment ? [{ id: region.id, ...shown, ...segment }] : [];
  });
  const marked = pending?.target === marker.target ? kindOf(marker).mark(marker, pending.mark, "") : undefined;
  const waiting = marked && "place" in marked ? segmentOf(marked.place) : undefined;
  const shown = { id: "", number: 0, words: "", color: 0, is_selected: false };
  return waiting ? [...drawn, { ...shown, ...waiting }] : drawn;
}

/** What of a region is clicked so far, in words. */
export function pendingMark(form: LabelForm["regions"], { state }: EditedRegions): ShownPendingMark | undefined {
  const { pending } = state;
  const marker = chosenMarker(form, state, pending?.target ?? "");
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
export function shapeChoices(form: LabelForm["regions"], { state }: EditedRegions): ShapeChoice[] {
  const markers = form.markers.filter((marker) => marker.kind === "shape");
  return [...new Set(markers.map(({ target }) => target))].flatMap((target) => {
    const ofTarget = markers.filter((marker) => marker.target === target);
    const alike = ofTarget.filter(({ palette, name }) =>
      ofTarget.some((other) => other.name !== name && other.palette?.name === palette?.name),
    );
    if (alike.length === 0) return [];
    const chosen = alike.find(({ name }) => name === state.shapes.get(target)) ?? alike[0];
    const shapes = alike.map(({ name, shape }) => ({
      key: name,
      words: shapeNames[shape],
      is_chosen: name === chosen?.name,
    }));
    return [{ name: shapePrefix + target, shapes }];
  });
}

/** By the names of the objects. */
export function pictureViews(
  form: LabelForm["regions"],
  edited: EditedRegions,
  regions: MarkedRegion[],
  keys: KeyedRegions,
): Map<string, PictureView> {
  const markers = form.markers.filter((marker) => marker.kind === "shape");
  return new Map(
    [...new Set(markers.map(({ target }) => target))].map((target) => {
      const marker = chosenMarker(form, edited.state, target);
      return [
        target,
        pictureView(
          markers.filter((each) => each.target === target),
          { regions, edited, chosen: marker, keys },
        ),
      ];
    }),
  );
}

/** By the names of the objects that are here; of several controls one, as they show the same lines. */
export function seriesViews(
  { markers }: LabelForm["regions"],
  edited: EditedRegions,
  regions: MarkedRegion[],
): Map<string, SeriesView> {
  return new Map(
    markers.flatMap((marker) => {
      const view = marker.kind === "series" ? seriesView(marker, { regions, edited }) : undefined;
      return view ? [[marker.target, view] as const] : [];
    }),
  );
}

/** By the names of the objects. */
export function spanViews(
  { markers }: LabelForm["regions"],
  { state }: EditedRegions,
  regions: MarkedRegion[],
  clean: (html: string) => string,
): Map<string, SpanView> {
  const { selected, pending, views } = state;
  return new Map(
    [...spanMarkers(markers)].map(([target, marker]) => [
      target,
      spanView(marker, { regions, selected, pending, view: views.get(target), clean }),
    ]),
  );
}

/** By the names of their objects, of several one: they show the same texts. */
function spanMarkers(markers: readonly RegionMarker[]): Map<string, SpanMarker> {
  return new Map(markers.filter((marker) => marker.kind === "span").map((marker) => [marker.target, marker]));
}
