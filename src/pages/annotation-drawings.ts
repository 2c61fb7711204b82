import type { LabelForm } from "../label-config/form/parts.ts";
import { drawnBands } from "../label-config/regions/bands.ts";
import { parseEntries } from "../label-config/regions/entries.ts";
import type { MarkedRegion } from "../label-config/regions/kinds.ts";
import { drawnOn } from "../label-config/regions/picture-view.ts";
import type { DrawnRegion } from "../label-config/regions/picture-view.ts";
import { regionsOf } from "../label-config/regions/regions.ts";
import { spanOf } from "../label-config/regions/span-marker.ts";
import { shownLabels, spanView } from "../label-config/regions/span-view.ts";
import type { SpanView } from "../label-config/regions/span-view.ts";

/** What an annotation has drawn on the pictures and the series of a task, and marked in its texts. */
export interface AnnotationDrawing {
  /** By the names of the objects, for each of their pictures; those of a series are over each of its lines. */
  pictures: ReadonlyMap<string, DrawnRegion[][]>;
  /** What of it is shown: the picture, the series, or the text. */
  on: "picture" | "series" | "text";
  /** Where the number of each region is drawn, by the regions' ids. */
  numbers: ReadonlyMap<string, Pick<DrawnRegion, "number" | "color">>;
  regions: MarkedRegion[];
}

/** What the result of an annotation, JSON, has drawn and marked; undefined where nothing of it can be shown. */
export function annotationDrawing({ regions: form }: LabelForm, result: string): AnnotationDrawing | undefined {
  const shown = form.markers.filter(({ kind }) => kind !== "segment");
  if (shown.length === 0 || !Array.isArray(JSON.parse(result))) return undefined;
  const regions = regionsOf(parseEntries(result), form.markers);
  const pictures = new Map(
    shown.flatMap((marker): [string, DrawnRegion[][]][] => {
      const { target } = marker;
      if (marker.kind === "shape") return [[target, marker.pictures.map((_, item) => drawnOn(regions, target, item))]];
      if (marker.kind !== "series" || !marker.axis) return [];
      const { axis } = marker;
      const shareOf = (value: unknown) => axis.shareOfValue(value);
      return [[target, [drawnBands(regions, { target, selected: "", shareOf })]]];
    }),
  );
  const drawn = [...pictures.values()].flat(2);
  const numbers = new Map([...drawn, ...regions.flatMap(markedSpan)].map((each) => [each.id, each]));
  const hasPicture = shown.some(
    ({ kind, target }) => kind === "shape" && pictures.get(target)?.some(({ length }) => length),
  );
  const on = hasPicture ? "picture" : drawn.length > 0 ? "series" : "text";
  return numbers.size > 0 ? { pictures, on, numbers, regions } : undefined;
}

function markedSpan(region: MarkedRegion, index: number): { id: string; number: number; color: number }[] {
  const { id, marker, value } = region;
  if (marker.kind !== "span" || !spanOf(marker, value)) return [];
  return [{ id, number: index + 1, color: shownLabels(region)[0]?.color ?? 0 }];
}

/** The texts of a task with what an annotation has marked in them, by the names of the objects. `clean` sanitizes HTML. */
export function annotationSpans(
  { regions: form }: LabelForm,
  { regions, numbers }: AnnotationDrawing,
  clean: (html: string) => string,
): Map<string, SpanView> {
  const state = { regions, selected: "", pending: undefined, view: undefined, clean, is_read_only: true };
  return new Map(
    form.markers.flatMap((marker): [string, SpanView][] =>
      marker.kind === "span" &&
      regions.some(({ id, marker: { target } }) => target === marker.target && numbers.has(id))
        ? [[marker.target, spanView(marker, state)]]
        : [],
    ),
  );
}
