import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { root, run } from "./run.js";

/**
 * Resolves with the Python of a virtual environment that has the packages of test/<name>/requirements.txt. It is made once for
 * each list of them.
 */
export async function makeVenv(name) {
  const requirementsFile = path.join("test", name, "requirements.txt");
  const system = findPython();
  const folder = path.join(cache, name);
  const python = path.join(folder, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const requirements = readFileSync(path.join(root, requirementsFile), "utf8");
  await once(folder, `${system.version}\n${requirements}`, requirements, async () => {
    return (
      (await run(system.command, ["-m", "venv", "--clear", folder])) ||
      run(python, [...install, "-r", requirementsFile])
    );
  });
  return python;
}

/** The old versions of the SDK that are walked, too: test/sdk/old-<version>.txt says what each of them consists of. */
export const oldVersions = readdirSync(path.join(root, "test", "sdk"))
  .flatMap((name) => /^old-(.+)\.txt$/.exec(name)?.[1] ?? [])
  .sort();

/**
 * Resolves with a folder of an old version of the SDK, to be found before that of a virtual environment, which has all that it needs
 * besides.
 */
export async function addOldVersion(python, version) {
  const requirementsFile = path.join("test", "sdk", `old-${version}.txt`);
  const requirements = readFileSync(path.join(root, requirementsFile), "utf8");
  const folder = path.join(cache, `sdk-${version}`);
  await once(folder, requirements, requirements, async () => {
    rmSync(folder, { recursive: true, force: true });
    return run(python, [...install, "--no-deps", "--target", folder, "-r", requirementsFile]);
  });
  return folder;
}

const cache = path.join(root, "node_modules", ".cache", "atelier");

const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

/** Installs into a folder unless that was done before, with the same `wanted`. Ends the process where it fails. */
async function once(folder, wanted, requirements, work) {
  // Written last: what was interrupted, or is of other packages or of another Python, is made anew.
  const record = path.join(folder, "made-of.txt");
  if (existsSync(record) && readFileSync(record, "utf8") === wanted) return;
  console.log(`Installing ${requirements.trim().replaceAll(/\s+/g, ", ")} ...`);
  const failed = await work();
  if (failed) process.exit(failed);
  writeFileSync(record, wanted);
}

function findPython() {
  for (const command of ["python3", "python"]) {
    const version = spawnSync(command, ["--version"], { encoding: "utf8" }).stdout?.trim();
    if (/^Python 3\.[1-9]\d/.test(version ?? "")) return { command, version };
  }
  console.error("This needs Python 3.10 or newer: install it, so that `python3 --version` says so, and try again.");
  process.exit(1);
}
