import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";

import { packageRoot } from "../../src/common/package.ts";
import { imageLimits } from "../../src/images/thumbnail.ts";
import { waitFor } from "../support/wait-until.ts";

interface Row {
  what: string;
  length: number;
  is_valid: boolean;
  is_converted: boolean;
  megabytes: number;
}

/** How much more memory than before an image may take, in megabytes. */
const limit = 150;

test("images: each takes at most 150 MB, whatever it says, and none keeps the process from ending (F2, X3)", async (t) => {
  const script = path.join(packageRoot, "test", "support", "measure-images.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script], { cwd: packageRoot });
  t.after(() => child.kill("SIGKILL"));
  const errors = text(child.stderr);
  const exited = once(child, "exit");
  const [output] = (await waitFor("all images", once(child.stdout, "data"), { limit: 120_000 })) as [Buffer];
  // Less than what a thread stays without work.
  const [code] = (await waitFor("the end of the process", exited, { limit: 20_000 })) as [number | null];
  assert.equal(code, 0, await errors);
  const rows = JSON.parse(output.toString()) as Row[];

  const unexpected = (is_expected: (row: Row) => boolean) => rows.filter((row) => !is_expected(row));
  assert.ok(rows.length > 20);
  assert.deepEqual(
    unexpected(({ length }) => length <= imageLimits.bytes),
    [],
  );
  assert.deepEqual(
    unexpected(({ is_valid, is_converted }) => is_converted === is_valid),
    [],
  );
  assert.deepEqual(
    unexpected(({ megabytes }) => megabytes <= limit),
    [],
  );
});
