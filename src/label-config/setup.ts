import { suitableForBulk } from "./validation/bulk.ts";
import { dataTypes } from "./data.ts";
import type { DataTypes } from "./data.ts";
import { parsedLabelConfig } from "./parsed.ts";
import type { ParsedLabelConfig } from "./parsed.ts";
import { parseTags } from "./xml/tree.ts";
import type { Tag } from "./xml/tree.ts";

/** What a labeling setup says: its tags, and what a project's record tells of it. */
export interface LabelConfig {
  root: Tag;
  data_types: DataTypes;
  parsed_label_config: ParsedLabelConfig;
  config_has_control_tags: boolean;
  config_suitable_for_bulk_annotation: boolean;
}

/** Reads a labeling setup that was checked before it was saved (`problemIn`). */
export function parseLabelConfig(label_config: string): LabelConfig {
  const { root, problem } = parseTags(label_config);
  if (problem) throw new Error(`A labeling setup was saved that can't be read: ${problem.message}`);
  const parsed_label_config = parsedLabelConfig(root);
  return {
    root,
    data_types: dataTypes(root),
    parsed_label_config,
    config_has_control_tags: Object.keys(parsed_label_config).length > 0,
    config_suitable_for_bulk_annotation: suitableForBulk(root),
  };
}
