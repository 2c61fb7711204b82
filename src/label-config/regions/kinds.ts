import type { Marking, PendingWords, PlaceField, PlaceStep, RangeFields, RegionWords } from "./place-fields.ts";
import type { Region } from "./regions.ts";
import { segmentKind } from "./segment-kind.ts";
import type { SegmentMarker } from "./segment-marker.ts";
import { seriesKind } from "./series-kind.ts";
import type { SeriesMarker } from "./series-marker.ts";
import { shapeKind } from "./shape-kind.ts";
import type { ShapeMarker } from "./shape-marker.ts";
import { spanKind } from "./span-kind.ts";
import type { SpanMarker } from "./span-marker.ts";

/** A control that marks regions; a file of this folder for each kind of them. */
export type RegionMarker = SpanMarker | ShapeMarker | SegmentMarker | SeriesMarker;

/** A region that can be changed here. */
export type MarkedRegion = Region<RegionMarker>;

/** What is particular to a kind of regions. */
export interface RegionKind<M extends RegionMarker = RegionMarker> {
  describe(marker: M, value: Record<string, unknown>): RegionWords;
  /** None where its place is not known, or not to be changed. */
  fields(marker: M, value: Record<string, unknown>): PlaceField[];
  steps(marker: M, value: Record<string, unknown>): PlaceStep[];
  /** The place for numbers that people wrote into the fields, by their names, or what is wrong with them. */
  move(
    marker: M,
    value: Record<string, unknown>,
    numbers: ReadonlyMap<string, string>,
  ): { place: Record<string, unknown> } | { errors: Record<string, string> };
  /** Undefined where that is not possible. */
  step(marker: M, value: Record<string, unknown>, step: string): Record<string, unknown> | undefined;
  /** `pending`: of an earlier click. `click` is empty where nothing more is clicked. */
  mark(marker: M, pending: string, click: string): Marking;
  /** What is clicked so far; undefined for what is no click on this object. */
  pending(marker: M, mark: string): PendingWords | undefined;
  /** Which part of a long object has to be shown, so that the region is seen. */
  viewOf(marker: M, value: Record<string, unknown>): string | undefined;
  /** How people mark something, as the end of a sentence. */
  hint(marker: M): string;
  /** The fields that mark a segment between two places; undefined where it is not marked so. */
  range: RangeFields<M> | undefined;
}

const kinds: { [Kind in RegionMarker["kind"]]: RegionKind<Extract<RegionMarker, { kind: Kind }>> } = {
  span: spanKind,
  shape: shapeKind,
  segment: segmentKind,
  series: seriesKind,
};

export function kindOf(marker: RegionMarker): RegionKind {
  return kinds[marker.kind] as RegionKind;
}
