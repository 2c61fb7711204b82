import { readFileSync } from "node:fs";
import path from "node:path";

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

/** What CommonJS packages expect in their scope. */
const commonJsScope = `import { createRequire as $createRequire } from "node:module";
const require = $createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** esbuild's options for the program: one file for each entry, and one for what several entries or commands share. */
export const bundleOptions = {
  absWorkingDir: root,
  entryPoints: ["cli/index.ts", "src/images/thumbnail-worker.ts"],
  outdir: "dist",
  outbase: ".",
  chunkNames: "shared/[name]-[hash]",
  bundle: true,
  splitting: true,
  mainFields: ["module", "main"],
  format: "esm",
  platform: "node",
  target: `node${/[\d.]+/.exec(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).engines.node)?.[0]}`,
  external,
  banner: { js: commonJsScope },
  logLevel: "warning",
};
