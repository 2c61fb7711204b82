import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Outcome, Shell } from "./command.ts";

/** Runs a command of the built program, and returns which files it read: its own, and those of node_modules. */
export async function readFiles(
  { home, run }: Shell,
  args: string[],
  nodeOptions = "",
): Promise<{ files: string[]; outcome: Outcome }> {
  const [hook, log] = [path.join(home, "hook.cjs"), path.join(home, "files-read")];
  const source = `const fs = require("node:fs");
    const log = ${JSON.stringify(log)};
    for (const name of ["readFileSync", "openSync"]) {
      const read = fs[name];
      fs[name] = (file, ...rest) => {
        if (typeof file === "string" && file !== log) fs.appendFileSync(log, file + "\\n");
        return read(file, ...rest);
      };
    }`;
  writeFileSync(hook, source);
  writeFileSync(log, "");
  const outcome = await run(args, { env: { NODE_OPTIONS: `--require=${hook} ${nodeOptions}` } });
  return { files: readFileSync(log, "utf8").trim().split("\n"), outcome };
}
