import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

import { withSourcePlaces } from "./bundle-tests.js";
import { root } from "./run.js";

const scripts = path.join(root, "scripts", "support");

/** How long one test may take, in seconds, before its process is killed. */
const testLimit = 120;

/** How long all tests of one process may take, in seconds. */
const processLimit = 900;

/**
 * Runs test files in one process, as they stand in the folder of their bundle. Resolves with how many tests passed and failed,
 * how long each file took in seconds, what is to be printed where something failed, and the files that were not reached because
 * the process ended early.
 */
export async function runTests(files, env, bundle) {
  const child = spawn(
    process.execPath,
    [
      // Most of what tests make is garbage soon after: collected less often, it takes a tenth less of the processor time.
      "--max-semi-space-size=64",
      "--import",
      path.join(scripts, "untracked-promises.js"),
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${path.join(scripts, "test-reporter.js")}`,
      "--test-reporter-destination=stderr",
      path.join(scripts, "load-tests.js"),
      ...files.map((file) => path.join(bundle, file.replace(/\.ts$/, ".js"))),
    ],
    { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe", "pipe"] },
  );
  const end = () => child.kill();
  process.once("exit", end);

  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (output[name] += text));
  const progress = followProgress(child, files, bundle);
  const [code] = await once(child, "close");
  process.off("exit", end);
  return { ...progress.stop(code), output: withSourcePlaces(failures(output)) };
}

/** Counts the tests of a process as they end, times its files, and kills it when a test or all of them take too long. */
function followProgress(child, files, bundle) {
  const seconds = new Map();
  const count = { passed: 0, failed: 0 };
  let isWhole = false;
  let running = { file: files.join(", "), name: "loading" };
  let problem;
  const start = Date.now();
  let lastEvent = start;
  let lastEnd = start;

  createInterface({ input: child.stdio[3] }).on("line", (line) => {
    const { type, name, file: built, nesting, counts } = JSON.parse(line);
    if (type === "end") isWhole = true;
    if (built === undefined) return;
    const file = path.relative(bundle, built).replaceAll(path.sep, "/").replace(/\.js$/, ".ts");
    lastEvent = Date.now();
    if (type === "test:dequeue") {
      running = { file, name };
      if (seconds.size === 0 && nesting === 0) lastEnd = lastEvent;
    }
    if (counts) count[type === "test:pass" ? "passed" : "failed"]++;
    if (type !== "test:dequeue" && nesting === 0) {
      seconds.set(file, (seconds.get(file) ?? 0) + (lastEvent - lastEnd) / 1000);
      lastEnd = lastEvent;
    }
  });
  const timer = setInterval(() => {
    const isTooLong = (since, limit) => Date.now() - since > limit * 1000;
    if (isTooLong(lastEvent, testLimit)) problem = `took more than ${testLimit} s`;
    else if (isTooLong(start, processLimit)) problem = `was running when its process had taken ${processLimit} s`;
    else return;
    clearInterval(timer);
    child.kill();
    setTimeout(() => child.kill("SIGKILL"), 5000).unref();
  }, 1000);

  return {
    stop(code) {
      clearInterval(timer);
      if (!isWhole) problem ??= "was running when its process ended";
      else if (code !== 0 && count.failed === 0) problem ??= "or a test before it left an error that nobody caught";
      const reached = files.indexOf(running.file);
      const rest = problem ? files.slice(reached === -1 ? files.length : reached + 1) : [];
      return {
        passed: count.passed,
        failed: count.failed + (problem ? 1 : 0),
        isGood: code === 0 && count.failed === 0 && !problem,
        problem: problem && `${running.file}: "${running.name}" ${problem}.`,
        seconds,
        rest,
      };
    },
  };
}

/** Of the report, what failed; all of its end where there is no such part. */
function failures({ stdout, stderr }) {
  const begin = stdout.indexOf("failing tests:");
  return `${begin === -1 ? stdout.slice(-2000) : stdout.slice(begin)}\n${stderr}`;
}
