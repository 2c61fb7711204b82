// Compiles views/ into dist/views.js, so that nothing is compiled when a user starts the server.
import { writeFileSync } from "node:fs";
import path from "node:path";

import nunjucks from "nunjucks";

import { templateOptions } from "../dist/src/rendering/templates.js";

const root = path.resolve(import.meta.dirname, "..");

const compiled = nunjucks.precompile(path.join(root, "views"), {
  include: [/\.njk$/],
  env: new nunjucks.Environment(null, templateOptions),
  wrapper: (templates) =>
    `const templates = {\n${templates.map(({ name, template }) => `${JSON.stringify(name)}: (function () {${template}})()`).join(",\n")}\n};\nexport default templates;\n`,
});

writeFileSync(path.join(root, "dist", "views.js"), compiled);
