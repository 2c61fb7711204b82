import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { root, run } from "./run.js";

/**
 * Resolves with the Python of a virtual environment that has the packages of test/<name>/requirements.txt. It is made once for
 * each list of them.
 */
export async function makeVenv(name) {
  const requirementsFile = path.join("test", name, "requirements.txt");
  const system = findPython();
  const folder = path.join(root, "node_modules", ".cache", "atelier", name);
  const python = path.join(folder, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const requirements = readFileSync(path.join(root, requirementsFile), "utf8");
  // Written last: what was interrupted, or is of other packages or of another Python, is made anew.
  const record = path.join(folder, "made-of.txt");
  const wanted = `${system.version}\n${requirements}`;
  if (existsSync(record) && readFileSync(record, "utf8") === wanted) return python;

  console.log(`Installing ${requirements.trim().replaceAll(/\s+/g, ", ")} ...`);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirementsFile];
  const failed = (await run(system.command, ["-m", "venv", "--clear", folder])) || (await run(python, install));
  if (failed) process.exit(failed);
  writeFileSync(record, wanted);
  return python;
}

function findPython() {
  for (const command of ["python3", "python"]) {
    const version = spawnSync(command, ["--version"], { encoding: "utf8" }).stdout?.trim();
    if (/^Python 3\.[1-9]\d/.test(version ?? "")) return { command, version };
  }
  console.error("This needs Python 3.10 or newer: install it, so that `python3 --version` says so, and try again.");
  process.exit(1);
}
