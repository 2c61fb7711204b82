import type { LabelForm } from "../label-config/form/parts.ts";
import type { RegionMarker } from "../label-config/regions/kinds.ts";
import { parseHtml } from "../label-config/regions/parse-html.ts";

/** The form with the HTML parsed in which spans are marked. */
export async function withHtmlPassages(form: LabelForm): Promise<LabelForm> {
  const { markers } = form.regions;
  if (!markers.some(isHtml)) return form;
  const parsed = await Promise.all(markers.map(withPassage));
  return { ...form, regions: { ...form.regions, markers: parsed } };
}

function isHtml(marker: RegionMarker): boolean {
  return marker.kind === "span" && marker.html !== undefined;
}

async function withPassage(marker: RegionMarker): Promise<RegionMarker> {
  if (marker.kind !== "span" || !marker.html) return marker;
  const document = await parseHtml(marker.html.source, marker.html);
  return { ...marker, passages: [{ key: "0", author: "", text: document.text, document }] };
}
