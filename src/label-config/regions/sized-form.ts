import type { RegionForm } from "../form/parts.ts";
import type { RegionState } from "./region-state.ts";
import { parseWindow } from "./series-window.ts";
import { withSizes } from "./shape-marker.ts";

/**
 * The same with what people have chosen of objects: the sizes of pictures from elsewhere, as far as people or regions say them, and the
 * parts of series that are shown.
 */
export function sizedForm(
  form: RegionForm,
  { sizes, entries, views }: Pick<RegionState, "sizes" | "entries" | "views">,
): RegionForm {
  const markers = form.markers.map((marker) => {
    if (marker.kind === "shape") return withSizes(marker, sizes, entries);
    return marker.kind === "series" ? { ...marker, window: parseWindow(views.get(marker.target)) } : marker;
  });
  return { ...form, markers };
}
