import { allTags } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { isControl } from "../parsed.ts";

/** Control tags that mark a region of what they ask about. */
const regionTags = new Set([
  "labels",
  "brush",
  "brushlabels",
  "magicwand",
  "ellipse",
  "ellipselabels",
  "keypoint",
  "keypointlabels",
  "polygon",
  "polygonlabels",
  "rectangle",
  "rectanglelabels",
  "hypertextlabels",
  "paragraphlabels",
  "timeserieslabels",
  "videorectangle",
]);
const wholeTaskTags = new Set(["choices", "taxonomy", "datetime", "number", "rating", "textarea"]);

/** `config_suitable_for_bulk_annotation`: whether many tasks could be answered alike, without looking at each. */
export function suitableForBulk(root: Tag): boolean {
  return allTags(root)
    .filter(isControl)
    .every((tag) => {
      const type = tag.tag.toLowerCase();
      if (regionTags.has(type)) return false;
      if (!wholeTaskTags.has(type)) return true;
      if (isTrue(tag, "perRegion") || isTrue(tag, "perItem")) return false;
      if (type === "taxonomy" && (isTrue(tag, "labeling") || tag.attributes.has("apiUrl"))) return false;
      return !["choices", "taxonomy"].includes(type) || !tag.attributes.has("value");
    });
}

function isTrue(tag: Tag, name: string): boolean {
  return tag.attributes.get(name)?.toLowerCase() === "true";
}
