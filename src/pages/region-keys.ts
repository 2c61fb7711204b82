import { hash } from "node:crypto";

import type { RegionForm } from "../label-config/form/parts.ts";
import type { KeyedRegions } from "../label-config/regions/picture-view.ts";
import type { MarkedRegion } from "../label-config/regions/kinds.ts";
import type { RegionState } from "../label-config/regions/region-state.ts";
import { regionsOf } from "../label-config/regions/regions.ts";
import { sizedForm } from "../label-config/regions/sized-form.ts";

/**
 * By the ids of regions: an HTML id, and whether the page that asks shows already all that a page shows of it. `before`: the list that
 * came from such a page.
 */
export function keyRegions(
  form: RegionForm,
  regions: readonly MarkedRegion[],
  selected: string,
  before: RegionState | undefined,
): KeyedRegions {
  const known = new Set(before && contentsBefore(form, before));
  const contents = before ? contentsOf(form, regions, selected) : [];
  return new Map(
    regions.map(({ id }, index) => [id, { key: `r${digest(id)}`, is_known: known.has(contents[index] ?? "") }]),
  );
}

function contentsBefore(unsized: RegionForm, before: RegionState): string[] {
  const form = sizedForm(unsized, before);
  return contentsOf(form, regionsOf(before.entries, form.markers), before.selected);
}

/** For each region a text of its own for all that is shown of it. */
function contentsOf({ markers }: RegionForm, regions: readonly MarkedRegion[], selected: string): string[] {
  const setup = markers.map((marker) => [
    marker.name,
    marker.palette?.labels,
    marker.kind === "shape" && marker.pictures.map(({ size }) => size),
  ]);
  const shared = digest(JSON.stringify(setup));
  return regions.map(({ id, entries }, index) =>
    [shared, index, id === selected, ...entries.map(({ json }) => json)].join("\n"),
  );
}

function digest(text: string): string {
  return hash("sha1", text, "hex").slice(0, 16);
}
