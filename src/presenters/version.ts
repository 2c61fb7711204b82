import { z } from "zod";

import { labelStudioVersion, version } from "../common/package.ts";

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

/** What `/api/version` answers: the release of Label Studio that clients may expect, and our own. */
export function versions(): z.output<typeof versionsRecord> {
  return {
    release: labelStudioVersion,
    "label-studio-os-package": {
      version: labelStudioVersion,
      short_version: labelStudioVersion.split(".").slice(0, 2).join("."),
      latest_version_from_pypi: null,
      latest_version_upload_time: null,
      current_version_is_outdated: false,
    },
    edition: "Community",
    atelier: { version },
  };
}
