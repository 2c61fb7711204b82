// Builds the program (the tests of the command line run the real one), runs all tests, and ends with their totals.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { build, root, run } from "./support/run.js";

const chosen = process.argv.slice(2);

function testFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(folder, file))
    .sort();
}

const built = build();
if (built !== 0) process.exit(built);

const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-results-"));
const results = path.join(folder, "results.tap");
const reporters = [
  "--test-reporter=spec",
  "--test-reporter-destination=stdout",
  "--test-reporter=tap",
  `--test-reporter-destination=${results}`,
];
const files = chosen.length ? chosen : testFiles(path.join(root, "test"));
const status = run(process.execPath, ["--import", "tsx", "--test", "--test-concurrency=2", ...reporters, ...files]);
const tap = readFileSync(results, "utf8");
rmSync(folder, { recursive: true });

const total = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(tap)?.[1] ?? 0);
console.log(`${total("pass")} passed, ${total("fail") + total("cancelled")} failed`);
process.exit(status);
