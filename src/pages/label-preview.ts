import { buildLabelForm } from "../label-config/form/label-form.ts";
import { omissionNotes } from "../label-config/form/omissions.ts";
import type { OmissionNote } from "../label-config/form/omissions.ts";
import { pageForm } from "../label-config/form/page-parts.ts";
import type { PageForm } from "../label-config/form/page-parts.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { initialFields } from "../label-config/results/result-to-form.ts";
import { createSanitizer } from "../security/sanitize-html.ts";

/**
 * Builds what the label page would show of a task, for `macros/preview.njk`. `id` starts the ids of its elements, for pages with
 * several previews. Throws for a label config that is no XML.
 */
export async function previewForm(label_config: string, data: Record<string, unknown>, id: string): Promise<PageForm> {
  const form = buildLabelForm(parseLabelConfig(label_config).root, data);
  return pageForm(form, { fields: initialFields(form), errors: {}, clean: await createSanitizer() }, id);
}

/** What of a label config the label page can't show or ask, and why. Throws as `previewForm`. */
export function setupOmissions(label_config: string, data: Record<string, unknown> = {}): OmissionNote[] {
  return omissionNotes(buildLabelForm(parseLabelConfig(label_config).root, data).omissions);
}
