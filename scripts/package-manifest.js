// npm runs this before and after it packs the program. The build holds most packages already; what is left to install are those
// that it loads from node_modules, so the package names only these.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { external } from "./support/bundle.js";
import { root } from "./support/run.js";

const manifest = path.join(root, "package.json");
const original = path.join(root, "package.json.original");

const [step] = process.argv.slice(2);
if (existsSync(original)) renameSync(original, manifest);
if (step === "trim") {
  const text = readFileSync(manifest, "utf8");
  const { name, version, description, license, type, engines, bin, files, allowScripts, dependencies } =
    JSON.parse(text);
  const isLoaded = ([name]) => external.includes(name);
  const packed = {
    name,
    version,
    description,
    license,
    type,
    engines,
    bin,
    files,
    allowScripts: pick(allowScripts, isLoaded),
    dependencies: pick(dependencies, isLoaded),
  };
  writeFileSync(original, text);
  writeFileSync(manifest, `${JSON.stringify(packed, undefined, 2)}\n`);
}

function pick(object, isWanted) {
  return Object.fromEntries(Object.entries(object).filter(isWanted));
}
