import type { LabelForm } from "../label-config/form/parts.ts";
import { parseEntries } from "../label-config/regions/entries.ts";
import { drawnOn } from "../label-config/regions/picture-view.ts";
import type { DrawnRegion } from "../label-config/regions/picture-view.ts";
import { regionsOf } from "../label-config/regions/regions.ts";

/** What an annotation has drawn on the pictures of a task. */
export interface AnnotationDrawing {
  /** By the names of the objects, for each of their pictures. */
  pictures: ReadonlyMap<string, DrawnRegion[][]>;
  /** Where the number of each region is drawn, by the regions' ids. */
  numbers: ReadonlyMap<string, Pick<DrawnRegion, "number" | "color">>;
}

/** What the result of an annotation, JSON, has drawn; undefined where it has nothing on a picture. */
export function annotationDrawing({ regions: form }: LabelForm, result: string): AnnotationDrawing | undefined {
  const shapes = form.markers.filter(({ kind }) => kind === "shape");
  if (shapes.length === 0 || !Array.isArray(JSON.parse(result))) return undefined;
  const regions = regionsOf(parseEntries(result), form.markers);
  const pictures = new Map(
    shapes.map((marker) => [
      marker.target,
      marker.kind === "shape" ? marker.pictures.map((_, item) => drawnOn(regions, marker.target, item, "")) : [],
    ]),
  );
  const drawn = [...pictures.values()].flat(2);
  return drawn.length > 0 ? { pictures, numbers: new Map(drawn.map((region) => [region.id, region])) } : undefined;
}
