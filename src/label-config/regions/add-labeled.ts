import type { RegionForm } from "../form/parts.ts";
import type { EditedRegions } from "./edited-regions.ts";
import type { RegionMarker } from "./kinds.ts";
import { chosenLabels, labelErrors, labelsError } from "./label-choice.ts";
import { markedMessage } from "./marked-message.ts";
import type { PendingMark } from "./region-state.ts";
import { addRegion } from "./regions.ts";
import type { EntryMembers, Place } from "./regions.ts";

/**
 * Adds a region with the chosen labels, and chooses it. Where it can't have these labels there is an error beside them, and
 * `pending` waits for others.
 */
export function addLabeled(
  form: RegionForm,
  edited: EditedRegions,
  marker: RegionMarker,
  { place, members, pending }: { place: Place; members: EntryMembers; pending?: PendingMark },
): EditedRegions {
  const { state } = edited;
  const labels = chosenLabels(state, marker);
  const error = labelsError(form, state.entries, marker, labels);
  if (error !== undefined) {
    const waiting = pending ? { ...state, pending } : state;
    return { ...edited, state: waiting, errors: labelErrors(marker, error), focus: "labels" };
  }
  const { entries, id } = addRegion(state.entries, marker, { place, labels, members });
  const added = { ...state, entries, selected: id, pending: pending ? undefined : state.pending };
  return { ...edited, state: added, message: markedMessage(marker, place, labels) };
}
