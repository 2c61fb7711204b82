import { readFileSync } from "node:fs";
import path from "node:path";

/** The folder of package.json, from src/common as from dist/src/common. */
export const packageRoot = path.resolve(import.meta.dirname, import.meta.url.endsWith(".ts") ? "../.." : "../../..");

/** Atelier's own version. */
export const version = (JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8")) as { version: string })
  .version;

/** The release of Label Studio whose commands and API this program speaks, as its clients ask for it. */
export const labelStudioVersion = "1.23.2";

/** What `/api/version` and `version` answer: the release of Label Studio that clients may expect, and our own. */
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
