import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { build } from "esbuild";

import { bundleOptions } from "../../scripts/support/bundle.js";
import { packageRoot } from "../../src/common/package.ts";
import { openShell } from "../support/command.ts";
import type { Shell } from "../support/command.ts";
import { readFiles } from "../support/files-read.ts";

/** What the build puts into each of its files; the names of files follow from what is in them. */
const { outputs } = (await build({ ...bundleOptions, write: false, metafile: true })).metafile;

/** The packages that a command loads something of, from its own files or from node_modules. */
async function packagesOf(shell: Shell, args: string[]): Promise<Set<string>> {
  const { files } = await readFiles(shell, args);
  return new Set(files.flatMap(inputsOf).flatMap((file) => packageOf(file) ?? []));
}

/** The source files in a file of the build; any other file itself. */
function inputsOf(file: string): string[] {
  const inputs = outputs[path.relative(packageRoot, file).replaceAll(path.sep, "/")]?.inputs;
  if (!inputs) return [file];
  return Object.keys(inputs).filter((input) => inputs[input]?.bytesInOutput);
}

function packageOf(file: string): string | undefined {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(file)?.[1];
}

test("version: loads the parser of the command line, and nothing else", async (t) => {
  assert.deepEqual([...(await packagesOf(openShell(t), ["version"]))], ["commander"]);
});

for (const args of [["user"], ["reset_password", "--username", "nobody@example.com", "--password", "correct horse"]])
  test(`${args[0]}: loads the database, and nothing of the server`, async (t) => {
    const packages = await packagesOf(openShell(t), args);

    assert.ok(packages.has("knex"), [...packages].join());
    for (const name of ["koa", "@koa/router", "pino", "jimp", "nunjucks", "jose", "sanitize-html", "sax"])
      assert.equal(packages.has(name), false, name);
  });

test("the build has zod's messages in English alone, as where it is imported by `import * as z`", () => {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const languages = inputs.flatMap((file) => /\/zod\/v4\/locales\/(.+)\.js$/.exec(file)?.[1] ?? []);

  assert.deepEqual(languages, ["en"]);
});
