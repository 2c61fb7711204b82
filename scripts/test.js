// Builds the program (the tests of the command line run the real one), runs all tests on SQLite and on PostgreSQL, and ends
// with their totals. Files can be named, and one of the databases: `node scripts/test.js --on=sqlite test/routes/people.test.ts`.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { startPostgres } from "./support/postgres.js";
import { build, root } from "./support/run.js";
import { runTests } from "./support/run-tests.js";

const databases = ["sqlite", "postgresql"];

/** So many processes at a time; each runs its files one after another. */
const lanes = 2;

/** Those that start browsers or processes have a process each: they wait most of the time. */
const apart = new RegExp(`\\btest\\${path.sep}browser\\b`);

/** Those that are about one database only. */
const ofPostgres = /\.postgresql\.test\.ts$/;

/** How many files share a process, so that what all of them need is loaded once. */
const together = 24;

const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const only = /^--on=(\w+)$/.exec(process.argv.find((argument) => argument.startsWith("--")) ?? "")?.[1];
if (only !== undefined && !databases.includes(only)) {
  console.error(`There are no tests on ${only}: use --on=${databases.join(" or --on=")}.`);
  process.exit(2);
}

function testFiles() {
  const folder = path.join(root, "test");
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(folder, file))
    .sort();
}

/** Lists of files that share a process, the slowest first. */
function groups(files, on) {
  const alone = files.filter((file) => apart.test(path.resolve(file))).map((file) => [file]);
  const others = files.filter((file) => !apart.test(path.resolve(file)));
  const count = Math.ceil(others.length / together);
  const shared = Array.from({ length: count }, (_, group) => others.filter((_, at) => at % count === group));
  return [...alone, ...shared].map((files) => ({ on, files }));
}

const built = build();
if (built !== 0) process.exit(built);

// Nothing that was started goes on when this is stopped.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const files = chosen.length ? chosen : testFiles();
const jobs = databases
  .filter((name) => only === undefined || name === only)
  .flatMap((on) =>
    groups(
      files.filter((file) => on === "postgresql" || !ofPostgres.test(file)),
      on,
    ),
  );
const postgres = jobs.some(({ on }) => on === "postgresql") ? await startPostgres() : undefined;
const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-results-"));
let passed = 0;
let failed = 0;
let wentWrong = false;

async function lane() {
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const env = job.on === "postgresql" ? { ATELIER_TEST_POSTGRES: postgres?.url } : {};
    const outcome = await runTests(job.files, folder, env);
    passed += outcome.passed;
    failed += outcome.failed;
    wentWrong ||= outcome.code !== 0;
    const [file = ""] = job.files;
    const more = job.files.length > 1 ? ` and ${job.files.length - 1} more` : "";
    console.log(
      `${outcome.code === 0 ? "✔" : "✖"} on ${job.on}: ${path.relative(root, path.resolve(file))}${more} ` +
        `(${outcome.passed} passed, ${outcome.failed} failed, ${outcome.seconds.toFixed(1)} s)`,
    );
    if (outcome.code !== 0) console.log(outcome.said);
  }
}

await Promise.all(Array.from({ length: lanes }, lane));
await postgres?.stop();
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(wentWrong ? 1 : 0);
