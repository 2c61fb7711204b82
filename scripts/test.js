// Builds the program (the tests of the command line run the real one), runs the tests on the databases where they belong
// (scripts/support/databases.js), and ends with how long it took, the slowest files and the totals. Files can be named, and
// one database for all of them: `node scripts/test.js --on=sqlite test/routes/people.test.ts`.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { bundleTests } from "./support/bundle-tests.js";
import { uncalledFunctions } from "./support/coverage.js";
import { databases, databasesOf, emptyPlaces, readDatabase } from "./support/databases.js";
import { startPostgres } from "./support/postgres.js";
import { build, root } from "./support/run.js";
import { runTests } from "./support/run-tests.js";

/** So many processes at a time, each with one file after another: one more than cores, as some wait most of the time. */
const lanes = 3;

/** These share a browser, so they share a process. */
const inBrowser = "test/browser/";

/** How many files share a process, so that what all of them need is loaded once: fewer at the end, so that the lanes end together. */
const together = { most: 50, least: 20 };

/** Each of their functions must be called on PostgreSQL by some test: a query that runs on SQLite may fail there. */
const covered = ["src/repositories", "src/database"];

/** Never called on PostgreSQL, as they should. */
const ofSqlite = /^src\/database\/(?:sqlite[\w-]*|recorded-schema|server-lock)\.ts:/;

const start = Date.now();
const { on: only, rest: named } = readDatabase(process.argv.slice(2));

const built = await build();
if (built !== 0) process.exit(built);

// Nothing that was started goes on when this is stopped.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const files = testFiles();
const jobs = jobsOf(files);
const bundle = await bundleTests(files);
const postgres = jobs.some(({ on }) => on === "postgresql") ? await startPostgres() : undefined;
const coverage = postgres && named.length === 0 ? mkdtempSync(path.join(os.tmpdir(), "atelier-coverage-")) : undefined;
const env = {
  sqlite: {},
  postgresql: { ATELIER_TEST_POSTGRES: postgres?.url, ...(coverage && { ATELIER_COVERAGE: coverage }) },
};
const times = [];
let passed = 0;
let failed = 0;
let isGood = true;
await Promise.all(Array.from({ length: lanes }, lane));
await postgres?.stop();
if (coverage) checkCoverage(coverage);

console.log(`\nIt took ${duration((Date.now() - start) / 1000)}. The slowest files:`);
times.sort((one, other) => other.seconds - one.seconds);
for (const { file, on, seconds } of times.slice(0, 10))
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${file} on ${on}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(isGood ? 0 : 1);

/** Those that are named, or in a folder that is named, or all. */
function testFiles() {
  const folder = path.join(root, "test");
  const all = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => fromRoot(path.join(folder, file)))
    .sort();
  for (const place of emptyPlaces(all)) {
    console.error(`There are no tests in test/${place}, which scripts/support/databases.js lists.`);
    process.exit(2);
  }
  if (named.length === 0) return all;
  return named.flatMap((name) => {
    const place = fromRoot(name);
    const found = all.filter((file) => file === place || file.startsWith(`${place}/`));
    if (found.length > 0) return found;
    console.error(`There are no tests in ${name}.`);
    process.exit(2);
  });
}

/** A path relative to the checkout, with slashes. */
function fromRoot(file) {
  return path.relative(root, path.resolve(file)).replaceAll(path.sep, "/");
}

/** Whether a file runs on a database: where it belongs, or, unless it is about PostgreSQL alone, where it is asked for. */
function runsOn(file, on) {
  const belongs = databasesOf(file);
  if (only !== undefined && only !== on) return false;
  return belongs.includes(on) || (only !== undefined && belongs.includes("sqlite"));
}

/**
 * Lists of files that share a process: those in the browser first and those on PostgreSQL, so that none of them is left when the
 * other lanes have ended, and at the end fewer and fewer files, so that the lanes end together.
 */
function jobsOf(files) {
  const isInBrowser = (file) => file.startsWith(inBrowser);
  const filesOn = (on, isWanted) => files.filter((file) => runsOn(file, on) && isWanted(file));
  const jobs = databases.map((on) => ({ on, files: filesOn(on, isInBrowser) }));
  const rest = databases.toReversed().map((on) => ({ on, files: mixed(filesOn(on, (file) => !isInBrowser(file))) }));
  const left = () => rest.reduce((count, { files }) => count + files.length, 0);
  for (const { on, files } of rest)
    while (files.length > 0) {
      const count = Math.max(together.least, Math.min(together.most, Math.ceil(left() / lanes)));
      jobs.push({ on, files: files.splice(0, count) });
    }
  return jobs.filter(({ files }) => files.length > 0);
}

/** Not in the order of their names, as files of one folder take about as long as each other. */
function mixed(files) {
  const step = Math.ceil(files.length / together.most);
  return Array.from({ length: step }, (_, group) => files.filter((_, at) => at % step === group)).flat();
}

async function lane() {
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const { on, files } = job;
    const start = Date.now();
    const outcome = await runTests(files, env[on], bundle);
    passed += outcome.passed;
    failed += outcome.failed;
    isGood &&= outcome.isGood;
    if (outcome.rest.length > 0) jobs.unshift({ on, files: outcome.rest });
    for (const [file, seconds] of outcome.seconds) times.push({ file, on, seconds });
    const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
    console.log(
      `${outcome.isGood ? "✔" : "✖"} on ${on}: ${files[0]}${more} (${outcome.passed} passed, ${outcome.failed} failed, ` +
        `${((Date.now() - start) / 1000).toFixed(1)} s)`,
    );
    if (!outcome.isGood) console.log([outcome.problem, outcome.output].filter(Boolean).join("\n"));
  }
}

/**
 * Fails for every function of the database's layers that no test called on PostgreSQL. When tests failed they are mended first:
 * a process that broke off says nothing about what it would have called.
 */
function checkCoverage(folder) {
  const uncalled = isGood ? uncalledFunctions(folder, bundle, covered).filter((name) => !ofSqlite.test(name)) : [];
  rmSync(folder, { recursive: true });
  failed += uncalled.length;
  isGood &&= uncalled.length === 0;
  if (uncalled.length > 0)
    console.log(
      `✖ No test calls these on PostgreSQL; add one, or run one there (scripts/support/databases.js):\n${uncalled.join("\n")}`,
    );
}

function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${minutes > 0 ? `${minutes} min ` : ""}${Math.round(seconds % 60)} s`;
}
