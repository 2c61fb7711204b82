import assert from "node:assert/strict";
import { isAscii } from "node:buffer";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { openShell } from "../support/command.ts";
import { readFiles } from "../support/files-read.ts";

const cacheOf = (file: string) => `${file}.${process.version}-${process.platform}-${process.arch}.cache`;

/** The files of the build that were read but for the entry, which loads them. */
const builtFiles = (files: string[]) =>
  [...new Set(files)].filter((file) => /\/dist\/(?!cli\/index).*\.js$/.test(file));

for (const command of ["version", "user", "reset_password"])
  test(`${command}: every file that it loads has a code cache`, async (t) => {
    const { files } = await readFiles(openShell(t), [
      command,
      "--username",
      "nobody@example.com",
      "--password",
      "secret",
    ]);

    assert.ok(builtFiles(files).length > 1, files.join());
    for (const file of builtFiles(files)) assert.ok(files.includes(cacheOf(file)), file);
    // Each byte is read as a character.
    for (const file of builtFiles(files)) assert.ok(isAscii(readFileSync(file)), file);
  });

test("a command runs as well with options of Node that the code cache was not made with", async (t) => {
  const shell = openShell(t);
  const usual = await readFiles(shell, ["version"]);

  const { files, outcome } = await readFiles(shell, ["version"], "--max-old-space-size=300");

  assert.deepEqual(outcome, usual.outcome);
  assert.match(outcome.stdout, /Label Studio version/);
  assert.deepEqual(builtFiles(files).toSorted(), builtFiles(usual.files).toSorted());
  assert.deepEqual(
    builtFiles(files).filter((file) => files.includes(cacheOf(file))),
    builtFiles(files).filter((file) => file.endsWith("program.js")),
  );
});
