#!/usr/bin/env node
import module from "node:module";

import { nodeVersionError } from "./support/node-version.ts";

const versionError = nodeVersionError(process.versions.node);
if (versionError) {
  process.stderr.write(`${versionError}\n`);
  process.exit(1);
}

// Node 22 and newer keep what they compiled, so that the next start is faster.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

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

const { run } = await import("./program.ts");
process.exitCode = await run(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  signals: process,
  exit: (code) => process.exit(code),
});
