#!/usr/bin/env node
import module from "node:module";

// Node 22 and newer keep what they compiled, so that the next start is faster.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

// What this program makes, only its owner reads.
process.umask(0o077);

const { run } = await import("./program.ts");
const { stdin, stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  signals: process,
  exit: (code) => process.exit(code),
});
