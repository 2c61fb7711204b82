// A worker thread that loads each of `workerData.files` first and alone: none of our modules is there before it. Each file
// gets fresh instances of what it imports from us; packages and Node's own modules are loaded once for all of them, since
// they import nothing of ours. A thread or a process for each file would take minutes.
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { parentPort, workerData } from "node:worker_threads";

import { transformSync } from "esbuild";

const sources = new Map();
const packages = new Map();

const results = [];
for (const file of workerData.files) results.push({ file, error: await loadAlone(file) });
parentPort.postMessage(results);

/** Returns the error of loading a file, or undefined if it loads. */
async function loadAlone(file) {
  const modules = new Map();
  const link = async (specifier, { identifier }) => {
    if (!specifier.startsWith(".")) return packageModule(specifier);
    return ourModule(modules, path.resolve(path.dirname(identifier), specifier));
  };
  try {
    const module = ourModule(modules, file);
    await module.link(link);
    await module.evaluate();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function ourModule(modules, file) {
  if (!modules.has(file)) {
    const compiled = sources.get(file);
    const { source, cachedData } = compiled ?? compile(file);
    const initializeImportMeta = (meta) =>
      Object.assign(meta, { url: pathToFileURL(file).href, filename: file, dirname: path.dirname(file) });
    const module = new vm.SourceTextModule(source, { identifier: file, initializeImportMeta, cachedData });
    if (!compiled) sources.set(file, { source, cachedData: module.createCachedData() });
    modules.set(file, module);
  }
  return modules.get(file);
}

async function packageModule(specifier) {
  if (!packages.has(specifier)) {
    const namespace = await import(specifier);
    const names = Object.keys(namespace);
    const module = new vm.SyntheticModule(names, () => {
      for (const name of names) module.setExport(name, namespace[name]);
    });
    packages.set(specifier, module);
  }
  return packages.get(specifier);
}

/** Without its types; what it imports without using it stays, as the compiler's option verbatimModuleSyntax says. */
function compile(file) {
  const options = { loader: "ts", tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } };
  return { source: transformSync(readFileSync(file, "utf8"), options).code };
}
