import type { RegionMarker } from "../label-config/regions/kinds.ts";
import type { Palette } from "../label-config/regions/markers.ts";
import type { Shape } from "../label-config/regions/shape-marker.ts";

const regionNames: Record<Shape | Exclude<RegionMarker["kind"], "shape">, string> = {
  rectangle: "boxes",
  ellipse: "ellipses",
  keypoint: "points",
  polygon: "polygons",
  span: "spans",
  segment: "segments",
  series: "segments",
};

/** What the labels of a control are called: where there are those of several controls, also what they are for. */
export function paletteTitle(palette: Palette, markers: readonly RegionMarker[]): string {
  const word = palette.is_multiple ? "Labels" : "Label";
  const isIts = (marker: RegionMarker) => marker.palette?.name === palette.name;
  if (markers.every((marker) => !marker.palette || isIts(marker))) return word;
  const names = markers
    .filter(isIts)
    .map((marker) => regionNames[marker.kind === "shape" ? marker.shape : marker.kind]);
  const [name, ...others] = new Set(names);
  return name === undefined || others.length > 0 ? word : `${word} for ${name}`;
}
