import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { limits } from "../../src/common/limits.ts";

test("docs/limits.md lists each limit once, with its number", () => {
  const rows = readFileSync("docs/limits.md", "utf8").matchAll(/^\|.*\| ([\d,]+)[^|]*\|[^|]*\| `(\w+)` +\|$/gm);
  const documented = [...rows].map(([, number = "", name]) => [name, Number(number.replaceAll(",", ""))]);
  assert.deepEqual(Object.fromEntries(documented), { ...limits });
  assert.equal(documented.length, Object.keys(limits).length);
});
