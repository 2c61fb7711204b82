// Bundles the program and the compiled templates of views/ into dist/, with the code that V8 has compiled of it, so that a
// start reads a few files instead of a thousand, and compiles next to nothing; and records the schema of SQLite.
// dist/third-party-licenses.txt has the licenses of all packages in it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { build } from "esbuild";
import nunjucks from "nunjucks";
import { tsImport } from "tsx/esm/api";

import { bundleOptions, drawingOptions, entryOptions, toCommonJs, waveOptions } from "./support/bundle.js";
import { writeCodeCache } from "./support/code-cache.js";
import { licensesOf } from "./support/licenses.js";
import { root } from "./support/run.js";

const importSource = (file) => tsImport(`../src/${file}`, import.meta.url);
const { templateOptions, shortIndentation } = await importSource("rendering/templates.ts");
const { closeDatabase } = await importSource("database/close.ts");
const { migrate } = await importSource("database/migrate.ts");
const { openDatabase } = await importSource("database/open.ts");
const { recordSchema } = await importSource("database/recorded-schema.ts");

const dist = path.join(root, "dist");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
writeFileSync(path.join(dist, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);

const compiled = nunjucks.precompile(path.join(root, "views"), {
  include: [/\.njk$/],
  env: new nunjucks.Environment(null, templateOptions).addExtension("shortIndentation", shortIndentation),
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
const wave = await build({ ...waveOptions, metafile: true });
const drawing = await build({ ...drawingOptions, metafile: true });
const inputs = { ...metafile.inputs, ...wave.metafile.inputs, ...drawing.metafile.inputs };
writeFileSync(path.join(dist, "third-party-licenses.txt"), licensesOf({ inputs }));
writeFileSync(path.join(dist, "schema.sql"), await recordedSchema());
await writeCodeCache();

async function recordedSchema() {
  const database = openDatabase({ client: "sqlite3", file: ":memory:" });
  await migrate(database);
  const schema = await recordSchema(database);
  await closeDatabase(database);
  return schema;
}
