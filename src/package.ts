import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The folder of package.json: one up from src, two up from dist/src. */
export const packageFolder = path.resolve(import.meta.dirname, import.meta.url.endsWith(".ts") ? ".." : "../..");

/** Atelier's own version. */
export const version = (
  JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")) as { version: string }
).version;

/** The release of Label Studio whose commands and API this program speaks, as its clients ask for it. */
export const labelStudioVersion = "1.23.2";

/** All files that pages load, by the name they are served under. */
export const staticFiles: Readonly<Record<string, string>> = {
  "htmx.js": createRequire(import.meta.url).resolve("htmx.org/dist/htmx.min.js"),
  ...Object.fromEntries(
    ["app.css", "clipboard.js", "favicon.svg", "image-preview.js", "menus.js", "passwords.js", "requests.js"].map(
      (name) => [name, path.join(packageFolder, "static", name)],
    ),
  ),
};
