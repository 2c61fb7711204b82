import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import v8 from "node:v8";

import { tsImport } from "tsx/esm/api";

import { root } from "./run.js";

const email = "owner@example.com";
const password = "wide open meadow";

/**
 * Runs the built program in this process, from the commands to the first page and a call of the API, and writes the code that V8
 * has compiled meanwhile beside the files that it is of: a code cache. Files of other commands get none.
 */
export async function writeCodeCache() {
  const { CachedModules } = await tsImport("../../cli/support/cached-modules.ts", import.meta.url);
  const modules = new CachedModules();
  const { run } = modules.load(path.join(root, "dist", "cli", "program.js"));
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-build-"));
  // Code that has not run for a while would be gone at the end.
  v8.setFlagsFromString("--no-flush-bytecode");
  try {
    await visitFirstPage(run, folder);
    const person = ["--data-dir", folder, "--username", email];
    await runCommand(run, ["init", ...person, "--password", password]);
    for (const args of [["version"], ["user", ...person], ["reset_password", ...person, "--password", `${password}s`]])
      await runCommand(run, args);
  } finally {
    rmSync(folder, { recursive: true });
    // As in the program, since V8 takes no code that was compiled with other options.
    v8.setFlagsFromString("--flush-bytecode");
  }
  modules.writeCodeCache();
}

async function visitFirstPage(run, folder) {
  const signals = new EventEmitter();
  const output = new EventEmitter();
  const args = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", "0", "--data-dir", folder];
  const ended = runCommand(run, args, { signals, write: (text) => output.emit("text", text) });
  const address = new Promise((resolve) => {
    output.on("text", (text) => {
      const url = /^Atelier is running at (\S+)/m.exec(text)?.[1];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([address, ended]);
  for (const page of [url, new URL("/api/version", url)]) await (await fetch(page)).text();
  signals.emit("SIGTERM", "SIGTERM");
  await ended;
}

async function runCommand(run, args, { signals = new EventEmitter(), write = () => undefined } = {}) {
  let said = "";
  const collect = () =>
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        said += text;
        write(text);
        done();
      },
    });
  const exit = (code) => process.exit(code);
  const code = await run(args, {
    stdin: Readable.from([]),
    stdout: collect(),
    stderr: collect(),
    env: {},
    signals,
    exit,
  });
  if (code !== 0)
    throw new Error(`label-studio ${args.join(" ")} ended with ${code} while the program was built: ${said}`);
}
