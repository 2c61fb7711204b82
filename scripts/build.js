// Bundles the program and the compiled templates of views/ into dist/, with the code that V8 has compiled of it, so that a
// start reads a few files instead of a thousand, and compiles next to nothing. dist/third-party-licenses.txt has the licenses
// of all packages in it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { build } from "esbuild";
import nunjucks from "nunjucks";
import { tsImport } from "tsx/esm/api";

import { bundleOptions, entryOptions, toCommonJs } from "./support/bundle.js";
import { writeCodeCache } from "./support/code-cache.js";
import { licensesOf } from "./support/licenses.js";
import { root } from "./support/run.js";

const { templateOptions } = await tsImport("../src/rendering/templates.ts", import.meta.url);

const dist = path.join(root, "dist");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
writeFileSync(path.join(dist, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);

const compiled = nunjucks.precompile(path.join(root, "views"), {
  include: [/\.njk$/],
  env: new nunjucks.Environment(null, templateOptions),
  wrapper: (templates) =>
    `module.exports = {\n${templates.map(({ name, template }) => `${JSON.stringify(name)}: (function () {${template}})()`).join(",\n")}\n};\n`,
});
writeFileSync(path.join(dist, "views.js"), compiled);

const { metafile, outputFiles } = await build({ ...bundleOptions, write: false, metafile: true });
for (const { path: file, text } of outputFiles) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await toCommonJs(text));
}
await build(entryOptions);
writeFileSync(path.join(dist, "third-party-licenses.txt"), licensesOf(metafile));
await writeCodeCache();
