import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { openShell } from "../support/command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("start: four commands at once on an empty folder make one secret key and one database (T2)", async (t) => {
  const { run } = openShell(t);
  const folder = path.join(temporaryFolder(t), "data");
  const args = ["init", "--quiet", "--data-dir", folder];

  const answers = await Promise.all(Array.from({ length: 4 }, () => run(args)));

  for (const { code, stderr } of answers) assert.equal(code, 0, stderr);
  assert.equal(readFileSync(path.join(folder, ".env"), "utf8").match(/SECRET_KEY=/g)?.length, 1);
});
