// Tests the package that `npm pack` makes, and ends with the totals. Not a part of `npm test`, since it asks the registry.
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

import { root } from "./support/run.js";

const counts = { passed: 0, failed: 0 };
const tests = run({ files: [path.join(root, "test", "package", "package.test.js")], timeout: 10 * 60_000 });
tests.on("test:pass", () => counts.passed++);
tests.on("test:fail", () => counts.failed++);
tests.compose(spec).pipe(process.stdout);
tests.once("end", () => {
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  process.once("exit", () => console.log(`${counts.passed} passed, ${counts.failed} failed`));
});
