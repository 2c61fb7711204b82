// Which functions were called, by what load-tests.js records of each process.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { bundledModules } from "./bundle-tests.js";

/** What a module must have to be more than types. */
const hasCode = /^export (?:async )?(?:function|const|class)\b/m;

/**
 * The functions with a name in the modules below these folders that no process called, such as `src/database/copy.ts: copyRows`;
 * `bundle` is the folder of the files that the processes loaded.
 */
export function uncalledFunctions(coverageFolder, bundle, folders) {
  const calls = readCoverage(coverageFolder, bundle);
  return folders
    .flatMap((folder) => modulesOf(folder))
    .flatMap((file) => {
      const counts = calls.get(file);
      if (!counts) return hasCode.test(readFileSync(file, "utf8")) ? [`${file}: never loaded`] : [];
      return [...counts].filter(([, count]) => count === 0).map(([key]) => `${file}: ${key.split(" ")[0]}`);
    });
}

/** By file, how often its functions with a name were called; they are told apart by where they begin. */
function readCoverage(folder, bundle) {
  const calls = new Map();
  const modules = new Map();
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
    for (const { url, functions } of result) {
      if (!url.startsWith("file:") || path.relative(bundle, fileURLToPath(url)).startsWith("..")) continue;
      if (!modules.has(url)) modules.set(url, bundledModules(readFileSync(fileURLToPath(url), "utf8")));
      for (const { file } of modules.get(url)) if (!calls.has(file)) calls.set(file, new Map());
      for (const { functionName, ranges } of functions) {
        const [{ startOffset, count }] = ranges;
        const file = modules.get(url).findLast(({ start }) => start <= startOffset)?.file;
        const counts = calls.get(file);
        const key = `${functionName} ${startOffset}`;
        if (counts && /^\w/.test(functionName)) counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
  }
  return calls;
}

function modulesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(folder, file))
    .sort();
}
