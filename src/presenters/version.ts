import * as z from "zod";

/** The schema of `versions()`. */
export const versionsRecord = z.object({
  release: z.string(),
  "label-studio-os-package": z.object({
    version: z.string(),
    short_version: z.string(),
    latest_version_from_pypi: z.null(),
    latest_version_upload_time: z.null(),
    current_version_is_outdated: z.boolean(),
  }),
  edition: z.string(),
  atelier: z.object({ version: z.string() }),
});
