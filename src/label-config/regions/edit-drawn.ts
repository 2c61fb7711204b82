import type { RegionForm } from "../form/parts.ts";
import { addLabeled } from "./add-labeled.ts";
import { formatDrawnClicks, movedPlace, newPlace, parseDrawn } from "./drawn-shapes.ts";
import type { DrawnShape } from "./drawn-shapes.ts";
import type { EditedRegions } from "./edited-regions.ts";
import { fieldText } from "./region-state.ts";
import type { PendingMark, RegionFields } from "./region-state.ts";
import { findRegion, moveRegion } from "./regions.ts";
import type { Place } from "./regions.ts";
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
  const members = membersOfShape(marker, drawn.item);
  return addLabeled(form, edited, marker, { place, members, pending: pendingOf(marker, drawn, place) });
}

/** Keeps what was drawn, where the fields of the chosen region have to be mended first. */
export function keepDrawn({ form, fields }: Edit, edited: EditedRegions, name: string): EditedRegions {
  const { marker, drawn } = drawnWith(form, fields, name);
  const place = marker && drawn && newPlace(marker.shape, drawn.place);
  if (!marker || !drawn || !place) return edited;
  return { ...edited, state: { ...edited.state, pending: pendingOf(marker, drawn, place) } };
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

/** What waits for a label. */
function pendingOf({ target }: ShapeMarker, { item }: DrawnShape, place: Place): PendingMark {
  return { target, mark: formatDrawnClicks({ item, place }), is_complete: true };
}
