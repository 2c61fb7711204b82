import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { packageRoot } from "../common/package.ts";

/** static/styles/, in their order in app.css, which all pages load. */
const styles = [
  "tokens",
  "base",
  "layout",
  "shared",
  "header",
  "buttons",
  "fields",
  "notes",
  "dialogs",
  "tables",
  "people",
  "progress",
  "activity",
  "projects",
  "imports",
  "label",
  "regions",
  "home",
  "task",
  "account",
  "entry",
  "docs",
  "widths",
  "print",
];

/** The scripts of app.js, which all pages load. */
const scripts = [
  "clipboard",
  "forms",
  "image-preview",
  "menus",
  "parents",
  "passwords",
  "requests",
  "row-menus",
  "rows",
  "selection",
  "shortcuts",
  "times",
  "titles",
  "toasts",
];

/** Files of static/ that some pages load, or that are not text. */
const otherFiles = [
  "bands.css",
  "bands.js",
  "clear.svg",
  "conditions.js",
  "documents.js",
  "drawing-editors.js",
  "drawing-keys.js",
  "drawing-layer.js",
  "drawing-shapes.js",
  "drawing-state.js",
  "drawing-tools.js",
  "drawing-view.js",
  "drawing.css",
  "drawing.js",
  "favicon.svg",
  "icons.svg",
  "import.js",
  "invitation.js",
  "labeling.js",
  "manifest.webmanifest",
  "pictures.css",
  "questions.js",
  "ranker.js",
  "ready-texts.js",
  "region-fields.js",
  "regions.js",
  "spans.css",
  "spans.js",
  "touch-icon.png",
  "waves.css",
  "waves.js",
];

/** What the build makes of packages for some pages. */
const builtFiles = ["annotorious.css", "annotorious.js", "wavesurfer.js"];

export interface StaticFile {
  name: string;
  bytes: Buffer;
  /** The URL's path. It has a hash of the content, so that browsers may cache the file for ever. */
  path: string;
}

let files: StaticFile[] | undefined;

/** All files that pages load, read into memory once, since they are few and small. */
export function staticFiles(): StaticFile[] {
  return (files ??= readStaticFiles());
}

function readStaticFiles(): StaticFile[] {
  const read = (name: string) => readFileSync(path.join(packageRoot, "static", name));
  const htmx = createRequire(import.meta.filename).resolve("htmx.org/dist/htmx.min.js");
  return withPaths({
    "app.css": Buffer.concat(styles.map((name) => read(`styles/${name}.css`))),
    // In blocks, since each script has names of its own.
    "app.js": Buffer.from(scripts.map((name) => `{\n${read(`${name}.js`).toString()}}\n`).join("")),
    "htmx.js": readFileSync(htmx),
    ...Object.fromEntries(otherFiles.map((name) => [name, read(name)])),
    ...Object.fromEntries(builtFiles.map((name) => [name, readFileSync(path.join(packageRoot, "dist", name))])),
  });
}

/** All files share a folder whose name is a hash of them all, so that they can name each other. */
function withPaths(files: Record<string, Buffer>): StaticFile[] {
  const hash = createHash("sha256");
  for (const bytes of Object.values(files)) hash.update(bytes);
  const version = hash.digest("hex").slice(0, 12);
  return Object.entries(files).map(([name, bytes]) => ({ name, bytes, path: `/static/${version}/${name}` }));
}
