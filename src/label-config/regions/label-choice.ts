import type { RegionForm } from "../form/parts.ts";
import type { Entry } from "./entries.ts";
import type { MarkedRegion, RegionMarker } from "./kinds.ts";
import type { RegionState } from "./region-state.ts";
import { regionsOf } from "./regions.ts";

/** The control that marks regions of an object: the one whose labels are chosen, or whose shape is. */
export function chosenMarker({ markers }: RegionForm, state: RegionState, target: string): RegionMarker | undefined {
  const ofTarget = markers.filter((marker) => marker.target === target);
  const labeled = ofTarget.filter((marker) => chosenLabels(state, marker).length > 0);
  const fitting = labeled.length > 0 ? labeled : ofTarget;
  return fitting.find(({ name }) => state.shapes.get(target) === name) ?? fitting[0];
}

/** The labels that are chosen for the next region of a control. */
export function chosenLabels({ labels }: RegionState, { palette }: RegionMarker): string[] {
  const offered = palette?.labels.map(({ result }) => result) ?? [];
  return offered
    .filter((result) => labels.some(([name, label]) => name === palette?.name && label === result))
    .slice(0, palette?.is_multiple ? undefined : 1);
}

/** Labels in the order of the label config, then those that it does not have. */
export function sortedLabels({ palette }: RegionMarker, labels: string[], earlier: string[]): string[] {
  const offered = palette?.labels.map(({ result }) => result) ?? [];
  const known = offered.filter((label) => labels.includes(label));
  const others = earlier.filter((label) => labels.includes(label) && !offered.includes(label));
  return [...new Set([...known, ...others])];
}

/** Why a region can't have these labels. */
export function labelsError(
  form: RegionForm,
  entries: readonly Entry[],
  { palette }: RegionMarker,
  labels: string[],
  region?: MarkedRegion,
): string | undefined {
  if (!palette) return undefined;
  if (labels.length === 0 && (region?.labels.length ?? 1) > 0) return "Choose a label";
  for (const { result, words, max_usages = Infinity } of palette.labels) {
    if (!labels.includes(result) || region?.labels.includes(result)) continue;
    const regions = regionsOf(entries, form.markers).filter(
      (each) => each.marker.palette?.name === palette.name && each.labels.includes(result),
    );
    if (regions.length >= max_usages)
      return `“${words}” can be used ${max_usages === 1 ? "once" : `${max_usages} times`}`;
  }
  return undefined;
}

/** The error of a region's labels, beside the labels of its control. */
export function labelErrors({ palette }: RegionMarker, error: string): Record<string, string> {
  return { [`label.${palette?.name ?? ""}`]: error };
}
