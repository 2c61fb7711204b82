import type { Io } from "./io.ts";

/** Runs a command line, and gives its exit code. */
export type Run = (args: string[], io: Io) => Promise<number>;

/** Runs the command line of this process, whose exit code it sets. */
export async function runProcess(run: Run): Promise<void> {
  // What this program makes, only its owner reads.
  process.umask(0o077);

  const { stdin, stdout, stderr, env } = process;

  // Under npm, a shell stands in between that takes SIGTERM and ends without passing it on.
  if (env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) process.emit("SIGTERM", "SIGTERM");
    }, 500).unref();
  }

  const exit = (code: number) => process.exit(code);
  process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, env, signals: process, exit });
}
