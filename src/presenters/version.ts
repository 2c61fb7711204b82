import { labelStudioVersion, version } from "../package.ts";

/** What `/api/version` answers: the release of Label Studio that clients may expect, and our own. */
export function versions() {
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
