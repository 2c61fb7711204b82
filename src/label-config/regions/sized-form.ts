import type { RegionForm } from "../form/parts.ts";
import type { RegionState } from "./region-state.ts";
import { withSizes } from "./shape-marker.ts";

/** The same with the sizes of pictures from elsewhere, as far as people or regions say them. */
export function sizedForm(form: RegionForm, { sizes, entries }: Pick<RegionState, "sizes" | "entries">): RegionForm {
  const markers = form.markers.map((marker) => (marker.kind === "shape" ? withSizes(marker, sizes, entries) : marker));
  return { ...form, markers };
}
