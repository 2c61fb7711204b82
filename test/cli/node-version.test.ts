import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { nodeVersionError } from "../../cli/support/node-version.ts";
import { packageRoot } from "../../src/common/package.ts";

const { engines } = JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8")) as {
  engines: { node: string };
};

test("Node: a version that is too old is refused with one line that names the needed one", () => {
  for (const version of ["18.20.8", "20.10.0", "20.16.0"])
    assert.equal(
      nodeVersionError(version),
      `Atelier needs Node ${engines.node.replace(">=", "")} or newer, and this is ${version}: install one from https://nodejs.org.`,
    );
  for (const version of ["20.17.0", "20.20.2", "22.0.0", "26.1.0"]) assert.equal(nodeVersionError(version), undefined);
});
