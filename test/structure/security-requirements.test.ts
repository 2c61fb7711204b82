import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { requirements } from "../support/security-requirements.ts";

const id = String.raw`(?:[A-Z]\d+|CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}|LS PR#\d+)`;
const files = readdirSync("test", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));

/** What the titles of tests end with: `"… is dead (S2, P10)"`. */
const named = files.flatMap((file) => {
  const titles = readFileSync(path.join("test", file), "utf8").matchAll(
    new RegExp(`\\((${id}(?:, ${id})*)\\)["\`]`, "g"),
  );
  return [...titles].flatMap(([, ids = ""]) => ids.split(", ").map((each) => ({ id: each, file })));
});

const [, section = ""] = readFileSync("docs/security.md", "utf8").split(
  "\n## Requirements that do not apply, and those that are met elsewhere\n",
);
const explained = [...section.matchAll(new RegExp(`^\\| (${id}) +\\| (?! )`, "gm"))].map(([, each = ""]) => each);

test("security requirements: each has a test that names it, or a row of docs/security.md that says why not", () => {
  const covered = new Set([...named.map((each) => each.id), ...explained]);
  assert.deepEqual(
    Object.keys(requirements).filter((each) => !covered.has(each)),
    [],
  );
});

test("security requirements: tests and rows name only those that there are", () => {
  assert.deepEqual(
    [...named, ...explained.map((each) => ({ id: each, file: "docs/security.md" }))].filter(
      (each) => !(each.id in requirements),
    ),
    [],
  );
});

test("security requirements: what has a test needs no row", () => {
  assert.deepEqual(
    explained.filter((each) => named.some((one) => one.id === each)),
    [],
  );
});
