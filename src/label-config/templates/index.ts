import { comparisonTemplates } from "./comparisons.ts";
import { pictureTemplates } from "./pictures.ts";
import { questionTemplates } from "./questions.ts";
import { segmentTemplates } from "./segments.ts";
import { spanTemplates } from "./spans.ts";
import type { Template } from "./template.ts";

/** The most common ones come first. */
export const templates: readonly Template[] = [
  ...questionTemplates,
  ...spanTemplates,
  ...comparisonTemplates,
  ...pictureTemplates,
  ...segmentTemplates,
];
