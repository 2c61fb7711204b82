import { readFileSync } from "node:fs";
import path from "node:path";

import { transform } from "esbuild";

import { root } from "./run.js";

/** Loaded from node_modules: packages with native code or programs, files for browsers, and what Knex has for databases that are not ours. */
export const external = [
  "bcrypt",
  "htmx.org",
  "open",
  "sqlite3",
  "better-sqlite3",
  "mariadb",
  "mysql",
  "mysql2",
  "oracledb",
  "pg-native",
  "pg-query-stream",
  "tedious",
];

const { engines } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

const shared = {
  absWorkingDir: root,
  outdir: "dist",
  outbase: ".",
  bundle: true,
  mainFields: ["module", "main"],
  platform: "node",
  target: `node${/[\d.]+/.exec(engines.node)?.[0]}`,
  external,
  // Three versions would be in it, each with a table of all media types; what uses them only looks types up.
  alias: { "mime-types": "./node_modules/mime-types", "mime-db": "./node_modules/mime-db" },
  logLevel: "warning",
};

/** What of a module's own place the sources ask for, in CommonJS. */
const define = Object.fromEntries(["filename", "dirname"].map((name) => [`import.meta.${name}`, `__${name}`]));

/** esbuild's options for the entry, which loads the rest of the program. */
export const entryOptions = { ...shared, entryPoints: { "cli/index": "cli/built.ts" }, format: "cjs", define };

/**
 * esbuild's options for the program: one file for each entry, and one for what several entries or commands share. esbuild
 * splits modules of ECMAScript alone; `toCommonJs` makes what Node keeps compiled code of.
 */
export const bundleOptions = {
  ...shared,
  entryPoints: {
    "cli/program": "cli/program.ts",
    "src/images/thumbnail-worker": "src/images/thumbnail-worker.ts",
    "src/security/bcrypt-worker": "src/security/bcrypt-worker.ts",
  },
  chunkNames: "shared/[name]-[hash]",
  splitting: true,
  format: "esm",
};

/** Modules for browsers, which only those label pages load that draw with them. */
const forBrowsers = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: ["chrome111", "firefox128", "safari16.4"],
  logLevel: "warning",
};

/** esbuild's options for what browsers draw waves of recordings with. */
export const waveOptions = {
  ...forBrowsers,
  stdin: {
    contents: `export { default as WaveSurfer } from "wavesurfer.js";
      export { default as RegionsPlugin } from "wavesurfer.js/dist/plugins/regions.js";`,
    resolveDir: root,
  },
  outfile: "dist/wavesurfer.js",
};

/** esbuild's options for what browsers draw on pictures with, and its styles. */
export const drawingOptions = {
  ...forBrowsers,
  stdin: {
    contents: `import "@annotorious/annotorious/annotorious.css";
      export { computeArea, createImageAnnotator, intersects, PolygonEditor, RectangleEditor, registerShapeUtil }
        from "@annotorious/annotorious";`,
    resolveDir: root,
  },
  outfile: "dist/annotorious.js",
};

/**
 * Makes CommonJS of a file of the bundle, which loads its other files by `require`. For packages of ECMAScript alone, what
 * runs it may pass `importFromNode`: code that comes from V8's cache can't import.
 */
export async function toCommonJs(text) {
  const requiring = text
    .replaceAll(/\bimport\(("\.\.?\/[^"]+")\)/g, "Promise.resolve().then(() => require($1))")
    .replaceAll(/\bimport\(("[^"]+")\)/g, '(typeof importFromNode === "undefined" ? import($1) : importFromNode($1))');
  const { code } = await transform(requiring, { format: "cjs", platform: "node", target: shared.target, define });
  // The program reads its files as Latin-1, a byte for a character. esbuild escapes other characters but in regular expressions.
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
