import { spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..", "..");

/** Runs a command in the checkout, showing what it says, and gives its exit code. */
export function run(command, args, env = {}, cwd = root) {
  return spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } }).status ?? 1;
}

/** Builds the program, and gives an exit code; ATELIER_IS_BUILT says that it was done just before. */
export function build() {
  if (process.env.ATELIER_IS_BUILT) return 0;
  return (
    run(process.execPath, [path.join("node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"]) ||
    run(process.execPath, ["scripts/precompile-views.js"])
  );
}
