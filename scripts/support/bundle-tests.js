import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { SourceMap } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";

import { bundleOptions } from "./bundle.js";
import { root } from "./run.js";

/** In the checkout, where packages are found from. */
const place = path.join(root, "test-build");

/**
 * Bundles test files with what they share, so that a process of tests reads some files instead of a thousand, and compiles
 * nothing. Resolves with the folder of the bundle, which is deleted when this process ends: `test/a.test.ts`, relative to the
 * checkout, is `test/a.test.js` in it.
 */
export async function bundleTests(files) {
  mkdirSync(place, { recursive: true });
  const folder = mkdtempSync(`${place}/`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await build({
    ...bundleOptions,
    entryPoints: files,
    outdir: folder,
    packages: "external",
    banner: {},
    // What no test calls would be missing among the functions that were never called.
    treeShaking: false,
    sourcemap: "external",
    plugins: [{ name: "places of sources", setup: keepPlaces }],
  });
  return folder;
}

/** Modules find files beside them by `import.meta`, which is to say where their source is. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.[jt]s$/, namespace: "file" }, ({ path: file }) => {
    if (file.includes("/node_modules/")) return undefined;
    const source = readFileSync(file, "utf8");
    if (!source.includes("import.meta.")) return undefined;
    const places = { dirname: path.dirname(file), filename: file, url: pathToFileURL(file).href };
    const contents = source.replaceAll(/\bimport\.meta\.(dirname|filename|url)\b/g, (_, name) =>
      JSON.stringify(places[name]),
    );
    return { contents, loader: path.extname(file).slice(1) };
  });
}

/** In a text, such as a stack, leads places in the bundle back to their sources. */
export function withSourcePlaces(text) {
  const maps = new Map();
  return text.replaceAll(
    /(?:file:\/\/)?([^\s():]*test-build\/[^\s():]+\.js):(\d+):(\d+)/g,
    (all, name, line, column) => {
      const file = path.resolve(root, name);
      if (!existsSync(`${file}.map`)) return all;
      if (!maps.has(file)) maps.set(file, new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8"))));
      const { originalSource, originalLine, originalColumn } = maps.get(file).findEntry(line - 1, column - 1);
      if (originalSource === undefined) return all;
      const source = path.relative(root, path.resolve(path.dirname(file), originalSource));
      return `${source}:${originalLine + 1}:${originalColumn + 1}`;
    },
  );
}

/** By the place where each begins, the modules of a bundled file, relative to the checkout. */
export function bundledModules(text) {
  return [...text.matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map((match) => ({ start: match.index, file: match[1] }));
}
