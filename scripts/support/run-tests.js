import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";

import { root } from "./run.js";

const loader = path.join(root, "scripts", "support", "load-tests.js");

let made = 0;

/**
 * Runs test files in one process. Gives its exit code, how many tests passed and failed, how long it took, and what is to
 * be said where something failed.
 */
export async function runTests(files, folder, env) {
  const name = path.join(folder, String(++made));
  const reporters = ["spec", "tap"].flatMap((reporter) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${name}.${reporter}`,
  ]);
  const begun = Date.now();
  const child = spawn(process.execPath, ["--import", "tsx", ...reporters, loader, ...files], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill();
  process.once("exit", end);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const [code] = await once(child, "close");
  process.off("exit", end);

  const tap = readFileSync(`${name}.tap`, "utf8");
  const total = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, "m").exec(tap)?.[1] ?? 0);
  const report = readFileSync(`${name}.spec`, "utf8");
  // A process whose tests wait for nothing ends before they do.
  const isWhole = tap.includes("\n# pass ");
  return {
    code: isWhole ? (code ?? 1) : 1,
    passed: total("pass"),
    failed: isWhole ? total("fail") + total("cancelled") : 1,
    seconds: (Date.now() - begun) / 1000,
    said: `${isWhole ? report.slice(Math.max(0, report.indexOf("failing tests:"))) : report.slice(-2000)}\n${printed}`,
  };
}
