import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The directory of package.json: the nearest above this file, which the build puts elsewhere. */
export const packageRoot = folderWithPackage(import.meta.dirname);

function folderWithPackage(folder: string): string {
  return existsSync(path.join(folder, "package.json")) ? folder : folderWithPackage(path.dirname(folder));
}

/** Atelier's own version, from package.json. */
export const version = (JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8")) as { version: string })
  .version;

/** The release of Label Studio whose commands and API this program implements; clients check for it. */
export const labelStudioVersion = "1.23.2";

/** Returns what `/api/version` and the command `version` print: the version of Label Studio to expect, and our own. */
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
