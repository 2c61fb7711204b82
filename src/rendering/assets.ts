import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { packageRoot } from "../common/package.ts";

const ours = [
  "app.css",
  "clipboard.js",
  "conditions.js",
  "favicon.svg",
  "file-limit.js",
  "image-preview.js",
  "labeling.js",
  "menus.js",
  "passwords.js",
  "requests.js",
];

export interface StaticFile {
  name: string;
  bytes: Buffer;
  /** Changes with the file, so that browsers keep it for good. */
  path: string;
}

/** All files that pages load: few and small, so they are read once. */
export function readStaticFiles(): StaticFile[] {
  const htmx = createRequire(import.meta.url).resolve("htmx.org/dist/htmx.min.js");
  return [
    readStaticFile("htmx.js", htmx),
    ...ours.map((name) => readStaticFile(name, path.join(packageRoot, "static", name))),
  ];
}

function readStaticFile(name: string, file: string): StaticFile {
  const bytes = readFileSync(file);
  const version = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return { name, bytes, path: `/static/${version}/${name}` };
}
