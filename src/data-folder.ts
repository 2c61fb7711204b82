import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { randomToken } from "./secrets.ts";

/**
 * Makes the folder (mode 0700) when it is missing, and gives the server's secret: the one that is configured,
 * else the one in `<folder>/.env`, else a new one of 50 characters, kept there with mode 0600.
 */
export function prepareDataFolder(folder: string, configured: string | undefined): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return configured ?? readSecretKey(folder) ?? makeSecretKey(folder);
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
  return line?.slice("SECRET_KEY=".length) || undefined;
}

function makeSecretKey(folder: string): string {
  const key = randomToken(50);
  try {
    // An .env without a key may lack its last line's end.
    if (existsSync(envFile(folder))) appendToFile(envFile(folder), `\nSECRET_KEY=${key}\n`);
    else writeFileSync(envFile(folder), `SECRET_KEY=${key}\n`, { mode: 0o600, flag: "wx" });
    return key;
  } catch (error) {
    // Another process of ours, started at the same moment, was first.
    const theirs = readSecretKey(folder);
    if (theirs) return theirs;
    throw error;
  }
}

function appendToFile(file: string, text: string): void {
  chmodSync(file, 0o600);
  appendFileSync(file, text);
}
