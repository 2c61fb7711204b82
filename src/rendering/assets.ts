import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { packageRoot } from "../common/package.ts";

/** The files of static/ that pages load. */
const ownFiles = [
  "app.css",
  "clipboard.js",
  "conditions.js",
  "favicon.svg",
  "file-limit.js",
  "image-preview.js",
  "invitation.js",
  "labeling.js",
  "menus.js",
  "passwords.js",
  "requests.js",
];

export interface StaticFile {
  name: string;
  bytes: Buffer;
  /** The URL's path. It has a hash of the content, so that browsers may cache the file for ever. */
  path: string;
}

/** Reads all files that pages load into memory, since they are few and small. */
export function readStaticFiles(): StaticFile[] {
  const htmx = createRequire(import.meta.url).resolve("htmx.org/dist/htmx.min.js");
  return [
    readStaticFile("htmx.js", htmx),
    ...ownFiles.map((name) => readStaticFile(name, path.join(packageRoot, "static", name))),
  ];
}

function readStaticFile(name: string, file: string): StaticFile {
  const bytes = readFileSync(file);
  const version = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return { name, bytes, path: `/static/${version}/${name}` };
}
