import type { RegionForm } from "../form/parts.ts";
import { formatDrawnClicks, movedPlace, newPlace, parseDrawn } from "./drawn-shapes.ts";
import type { DrawnShape } from "./drawn-shapes.ts";
import type { EditedRegions } from "./edited-regions.ts";
import { chosenLabels, labelErrors, labelsError } from "./label-choice.ts";
import { markedMessage } from "./marked-message.ts";
import { fieldText } from "./region-state.ts";
import type { RegionFields } from "./region-state.ts";
import { addRegion, findRegion, moveRegion } from "./regions.ts";
import { membersOfShape } from "./shape-marker.ts";
import type { ShapeMarker } from "./shape-marker.ts";

interface Edit {
  form: RegionForm;
  fields: RegionFields;
}

/** Marks what a script has drawn with a control; without a label, it waits for one. */
export function addDrawn({ form, fields }: Edit, edited: EditedRegions, name: string): EditedRegions {
  const { marker, drawn } = drawnWith(form, fields, name);
  const place = marker && drawn && newPlace(marker.shape, drawn.place);
  if (!marker || !drawn || !place)
    return { ...edited, errors: { mark: "Nothing was marked: draw it a little larger." } };
  const { state } = edited;
  const labels = chosenLabels(state, marker);
  const error = labelsError(form, state.entries, marker, labels);
  if (error !== undefined) return { ...waiting(edited, marker, drawn, place), errors: labelErrors(marker, error) };
  const members = membersOfShape(marker, drawn.item);
  const { entries, id } = addRegion(state.entries, marker, { place, labels, members });
  const message = markedMessage(marker, place, labels);
  return { ...edited, state: { ...state, entries, selected: id, pending: undefined }, message };
}

/** Keeps what was drawn, where the fields of the chosen region have to be mended first. */
export function keepDrawn({ form, fields }: Edit, edited: EditedRegions, name: string): EditedRegions {
  const { marker, drawn } = drawnWith(form, fields, name);
  const place = marker && drawn && newPlace(marker.shape, drawn.place);
  return marker && drawn && place ? waiting(edited, marker, drawn, place) : edited;
}

/** Moves a region to where a script has moved it, and chooses it. */
export function moveDrawn({ form, fields }: Edit, edited: EditedRegions, id: string): EditedRegions {
  const { state } = edited;
  const region = findRegion(state.entries, form.markers, id);
  const drawn = parseDrawn(fieldText(fields, "drawn"));
  if (region?.marker.kind !== "shape" || !drawn) return edited;
  const place = movedPlace(region.marker.shape, region.value, drawn.place);
  if (!place) return { ...edited, errors: { mark: "It was not moved: it would be nowhere on the picture." } };
  return { ...edited, state: { ...state, entries: moveRegion(state.entries, region, place), selected: id } };
}

function drawnWith(form: RegionForm, fields: RegionFields, name: string) {
  const marker = form.markers.find((each) => each.name === name);
  const drawn = parseDrawn(fieldText(fields, "drawn"));
  const isOnPicture = marker?.kind === "shape" && drawn !== undefined && marker.pictures[drawn.item] !== undefined;
  return isOnPicture ? { marker, drawn } : { marker: undefined, drawn: undefined };
}

function waiting(
  edited: EditedRegions,
  { target }: ShapeMarker,
  { item }: DrawnShape,
  place: Record<string, unknown>,
): EditedRegions {
  const pending = { target, mark: formatDrawnClicks({ item, place }), is_complete: true };
  return { ...edited, state: { ...edited.state, pending } };
}
