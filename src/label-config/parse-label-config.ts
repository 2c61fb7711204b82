import { withInferredObjects, withNewNames } from "./canonical-tags.ts";
import { describeControls, isControlTag } from "./parsed-label-config.ts";
import type { ParsedLabelConfig } from "./parsed-label-config.ts";
import { dataTypes } from "./task-data.ts";
import type { DataTypes } from "./task-data.ts";
import { allTags, parseTags } from "./xml/tree.ts";
import type { Tag } from "./xml/tree.ts";

/** A parsed label config; the last three members are fields of Label Studio's API. */
export interface LabelConfig {
  /** Its tags, by the names that they have today. */
  root: Tag;
  data_types: DataTypes;
  parsed_label_config: ParsedLabelConfig;
  config_has_control_tags: boolean;
  config_suitable_for_bulk_annotation: boolean;
}

/** Parses a label config that was validated before it was stored (`labelConfigError`). Throws when it is no XML. */
export function parseLabelConfig(label_config: string): LabelConfig {
  const { root: written, error } = parseTags(label_config);
  if (error) throw new Error(`A labeling setup was saved that can't be read: ${error.message}`);
  const root = withInferredObjects(written);
  const parsed_label_config = describeControls(root);
  return {
    root: withNewNames(root),
    data_types: dataTypes(root),
    parsed_label_config,
    config_has_control_tags: Object.keys(parsed_label_config).length > 0,
    config_suitable_for_bulk_annotation: isSuitableForBulkAnnotation(root),
  };
}

/** Control tags that mark regions of an object. */
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

/** Whether one answer can be given to many tasks at once: no control depends on what a task shows. */
function isSuitableForBulkAnnotation(root: Tag): boolean {
  return allTags(root)
    .filter(isControlTag)
    .every((tag) => {
      const type = tag.tag.toLowerCase();
      if (regionTags.has(type)) return false;
      if (!wholeTaskTags.has(type)) return true;
      if (hasTrue(tag, "perRegion") || hasTrue(tag, "perItem")) return false;
      if (type === "taxonomy" && (hasTrue(tag, "labeling") || tag.attributes.has("apiUrl"))) return false;
      return !["choices", "taxonomy"].includes(type) || !tag.attributes.has("value");
    });
}

/** Label Studio compares the names of attributes with case here, other than on its labeling page. */
function hasTrue(tag: Tag, name: string): boolean {
  return tag.attributes.get(name)?.toLowerCase() === "true";
}
