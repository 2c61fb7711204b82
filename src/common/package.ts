import { readFileSync } from "node:fs";
import path from "node:path";

/** The folder of package.json, from src/common as from dist/src/common. */
export const packageFolder = path.resolve(import.meta.dirname, import.meta.url.endsWith(".ts") ? "../.." : "../../..");

/** Atelier's own version. */
export const version = (
  JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")) as { version: string }
).version;

/** The release of Label Studio whose commands and API this program speaks, as its clients ask for it. */
export const labelStudioVersion = "1.23.2";
