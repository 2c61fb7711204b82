import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { openShellInProcess } from "../support/command.ts";

test("doctor: with PostgreSQL and a key of the environment, a data folder that is not there is no mistake, but one that can't be", async (t) => {
  const { run, home } = openShellInProcess(t, { LABEL_STUDIO_SECRET_KEY: "k".repeat(50) });
  const folder = path.join(home, "new", "data");
  assert.equal((await run(["init", "-q"])).code, 0);

  const missing = await run(["doctor", "--data-dir", folder]);
  writeFileSync(path.join(home, "file"), "");
  const impossible = await run(["doctor", "--data-dir", path.join(home, "file", "data")]);

  assert.deepEqual([missing.code, missing.stderr], [0, ""], missing.stdout);
  assert.match(missing.stdout, /^ok +data folder: \S+new\/data will be created when it is needed$/m);
  assert.equal(existsSync(folder), false);
  assert.equal(impossible.code, 1);
  assert.match(impossible.stdout, /^WRONG +data folder: \S+file\/data can't be written \(ENOTDIR\)/m);
  assert.match(impossible.stdout, /^ok +database: /m);
});
