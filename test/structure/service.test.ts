import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { packageRoot } from "../../src/common/package.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const execute = promisify(execFile);

test("service: systemd finds nothing wrong with the unit", async (t) => {
  const isThere = await execute("systemd-analyze", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!isThere) return t.skip("there is no systemd here");
  const unit = readFileSync(path.join(packageRoot, "docs", "systemd", "atelier.service"), "utf8");
  const file = path.join(temporaryFolder(t), "atelier.service");
  // The program need not be installed where the test runs.
  writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));

  const { stdout, stderr } = await execute("systemd-analyze", ["verify", "--man=no", file]);

  assert.deepEqual([stdout, stderr], ["", ""]);
});
