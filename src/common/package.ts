import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const { folder, manifest } = findPackage(import.meta.dirname);

/** The nearest package.json above a folder that has a version: that of the build only says how its files are loaded. */
function findPackage(folder: string): { folder: string; manifest: { version: string } } {
  const file = path.join(folder, "package.json");
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { version?: string }) : {};
  const { version } = manifest;
  return version === undefined ? findPackage(path.dirname(folder)) : { folder, manifest: { version } };
}

/** The directory of package.json. */
export const packageRoot = folder;

/**
 * The file of a worker thread, by the path of its source without the extension: always the built one, since the TypeScript loader of
 * `npm run dev` and of the tests does not apply to worker threads.
 */
export function workerFile(source: string): string {
  return path.join(packageRoot, "dist", `${source}.js`);
}

/** Whether this is the program as the build has made it, and not its sources. */
export const isBuilt = !import.meta.filename.endsWith(".ts");

/** Atelier's own version, from package.json. */
export const { version } = manifest;

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
