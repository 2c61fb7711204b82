import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..", "..");

/** How long a command may take, in minutes, unless another limit is given. */
const usualLimit = 15;

/** Runs a command in the checkout, showing what it prints, and resolves with its exit code. */
export async function run(command, args, env = {}, cwd = root, limit = usualLimit) {
  const child = spawn(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
  const end = () => child.kill();
  process.once("exit", end);
  const timer = setTimeout(() => {
    console.error(`${command} ${args.join(" ")} took more than ${limit} minutes, so it is stopped.`);
    child.kill("SIGKILL");
  }, limit * 60_000);
  try {
    const [code] = await once(child, "close");
    return code ?? 1;
  } finally {
    clearTimeout(timer);
    process.off("exit", end);
  }
}

/** Builds the program, and resolves with an exit code; ATELIER_IS_BUILT says that it was done just before. */
export async function build() {
  return process.env.ATELIER_IS_BUILT ? 0 : run(process.execPath, ["scripts/build.js"]);
}
