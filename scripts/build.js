// Bundles the program into dist/ and compiles views/ into dist/views.js, so that a start reads a few files instead of a
// thousand, and compiles nothing. dist/third-party-licenses.txt has the licenses of all packages in it.
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { build } from "esbuild";
import nunjucks from "nunjucks";
import { tsImport } from "tsx/esm/api";

import { bundleOptions } from "./support/bundle.js";
import { licensesOf } from "./support/licenses.js";
import { root } from "./support/run.js";

const { templateOptions } = await tsImport("../src/rendering/templates.ts", import.meta.url);

rmSync(path.join(root, "dist"), { recursive: true, force: true });
const { metafile } = await build({ ...bundleOptions, metafile: true });

const compiled = nunjucks.precompile(path.join(root, "views"), {
  include: [/\.njk$/],
  env: new nunjucks.Environment(null, templateOptions),
  wrapper: (templates) =>
    `const templates = {\n${templates.map(({ name, template }) => `${JSON.stringify(name)}: (function () {${template}})()`).join(",\n")}\n};\nexport default templates;\n`,
});
writeFileSync(path.join(root, "dist", "views.js"), compiled);
writeFileSync(path.join(root, "dist", "third-party-licenses.txt"), licensesOf(metafile));
