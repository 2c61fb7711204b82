#!/usr/bin/env node
// The entry of the built program, dist/cli/index.js.
import module, { createRequire } from "node:module";
import path from "node:path";

import { CachedModules } from "./support/cached-modules.ts";
import { nodeVersionError } from "./support/node-version.ts";
import { runProcess } from "./support/run-process.ts";
import type { Run } from "./support/run-process.ts";

const versionError = nodeVersionError(process.versions.node);
if (versionError) {
  process.stderr.write(`${versionError}\n`);
  process.exit(1);
}

const { run } = loadProgram(path.join(import.meta.dirname, "program.js")) as { run: Run };
void runProcess(run);

function loadProgram(file: string): unknown {
  const modules = new CachedModules();
  if (modules.isCached(file)) return modules.load(file);
  // Another version of Node than the build's. Node 22 and newer keep what they compile, so that the next start is faster.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  return createRequire(file)(file);
}
