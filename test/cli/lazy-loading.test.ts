import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { openShell } from "../support/command.ts";
import type { Shell } from "../support/command.ts";

/** The packages that a command loads by import. */
async function packagesOf({ home, run }: Shell, args: string[]): Promise<Set<string>> {
  const [hooks, log] = [path.join(home, "hooks.mjs"), path.join(home, "loaded")];
  const load = `import { appendFileSync } from "node:fs";
    export async function load(url, context, next) {
      appendFileSync(${JSON.stringify(log)}, url + "\\n");
      return next(url, context);
    }`;
  const source = `data:text/javascript,${encodeURIComponent(load)}`;
  writeFileSync(hooks, `import { register } from "node:module";\nregister(${JSON.stringify(source)});\n`);
  writeFileSync(log, "");

  await run(args, { env: { NODE_OPTIONS: `--import=${pathToFileURL(hooks).href}` } });

  return new Set(
    readFileSync(log, "utf8")
      .split("\n")
      .flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1] ?? []),
  );
}

test("version: loads the parser of the command line, and nothing else", async (t) => {
  assert.deepEqual([...(await packagesOf(openShell(t), ["version"]))], ["commander"]);
});

for (const args of [["user"], ["reset_password", "--username", "nobody@example.com", "--password", "correct horse"]])
  test(`${args[0]}: loads the database, and nothing of the server`, async (t) => {
    const packages = await packagesOf(openShell(t), args);

    assert.ok(packages.has("knex"), [...packages].join());
    for (const name of ["koa", "@koa/router", "pino", "jimp", "nunjucks", "jose", "sanitize-html", "csv-parse", "sax"])
      assert.equal(packages.has(name), false, name);
  });
