import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { randomToken } from "./secrets.ts";

/**
 * Makes the folder (mode 0700) when it is missing, and gives the server's secret: the one that is configured,
 * else the one in `<folder>/.env`, else a new one of 50 characters, kept there with mode 0600.
 */
export function prepareDataFolder(folder: string, configured: string | undefined): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return configured ?? readSecretKey(folder) ?? withLock(folder, () => readSecretKey(folder) ?? makeSecretKey(folder));
}

function envFile(folder: string): string {
  return path.join(folder, ".env");
}

/** The file is written by Label Studio too, whose keys may hold `=` and `#`: all after the first `=` counts. */
function readSecretKey(folder: string): string | undefined {
  if (!existsSync(envFile(folder))) return undefined;
  const line = readFileSync(envFile(folder), "utf8")
    .split(/\r?\n/)
    .find((each) => /^SECRET_KEY=./.test(each));
  if (line) chmodSync(envFile(folder), 0o600);
  return line?.slice("SECRET_KEY=".length);
}

/** The whole file appears at once: nobody sees it without its key. */
function makeSecretKey(folder: string): string {
  const key = randomToken(50);
  const before = existsSync(envFile(folder)) ? `${readFileSync(envFile(folder), "utf8").trimEnd()}\n` : "";
  const draft = `${envFile(folder)}.new`;
  writeFileSync(draft, `${before}SECRET_KEY=${key}\n`, { mode: 0o600 });
  renameSync(draft, envFile(folder));
  return key;
}

/** Servers that start at the same moment must not make a key each: what one has hashed, the others could not read. */
function withLock(folder: string, work: () => string): string {
  const lock = `${envFile(folder)}.lock`;
  waitFor(lock);
  try {
    return work();
  } finally {
    rmSync(lock);
  }
}

function waitFor(lock: string): void {
  for (let tries = 100; ; tries--) {
    try {
      closeSync(openSync(lock, "wx", 0o600));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (tries === 0) throw new Error(`remove ${lock}, which a start that was cut off has left`, { cause: error });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}
