import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { randomToken } from "../security/crypto.ts";

/**
 * Makes the folder (mode 0700) when it is missing, and gives the server's secret: the one that is configured,
 * else the one in `<folder>/.env`, else a new one of 50 characters, kept there with mode 0600.
 */
export function prepareDataDirectory(folder: string, configured: string | undefined): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return configured ?? readSecretKey(folder) ?? createSecretKey(folder);
}

function envFile(folder: string): string {
  return path.join(folder, ".env");
}

function readSecretKey(folder: string): string | undefined {
  const key = secretKeyIn(readEnvFile(folder));
  if (key) chmodSync(envFile(folder), 0o600);
  return key;
}

/** Returns `""` for a file that does not exist. */
function readEnvFile(folder: string): string {
  return existsSync(envFile(folder)) ? readFileSync(envFile(folder), "utf8") : "";
}

/** Label Studio writes this file, too, and its keys may hold `=` and `#`: the key is all that follows the first `=`. */
function secretKeyIn(content: string): string | undefined {
  return /^SECRET_KEY=(.+)$/m.exec(content)?.[1];
}

/**
 * Adds a new key to the file. Starts at the same moment have to agree on one: what one has hashed, the others could not
 * read. They do so without a lock, which a crash would leave behind: a folder with a key in it is renamed to the name of
 * the proposal, which the file system refuses when there is one already (other than with hard links, which some network
 * file systems don't have). All then write the key that is proposed, also that of a start that has crashed.
 */
function createSecretKey(folder: string): string {
  const proposal = `${envFile(folder)}.proposal`;
  // Unique, so that whatever a crash leaves there is in nobody's way.
  const draft = `${proposal}-${randomToken(10)}`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(path.join(draft, "key"), randomToken(50), { mode: 0o600, flush: true });
  const isFirst = renameUnlessTaken(draft, proposal);
  if (!isFirst) rmSync(draft, { recursive: true });

  // In this order: proposals are deleted only once the file has a key, so before that there is only ever one.
  const proposed = readProposal(proposal);
  const content = readEnvFile(folder);
  const existing = secretKeyIn(content);
  const key = existing ?? proposed;
  if (!key) throw new Error(`remove ${proposal}, which holds no secret key`);
  // Appended to the content that had no key: read again, it could have the key that another start has just added.
  if (!existing) writeEnvFile(folder, appendSecretKey(content, key), draft);
  // Retried, since a start that is late may propose a key while the folder is deleted.
  rmSync(proposal, { recursive: true, force: true, maxRetries: 3 });
  return key;
}

function renameUnlessTaken(folder: string, name: string): boolean {
  try {
    renameSync(folder, name);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Windows says EPERM.
    if (["ENOTEMPTY", "EEXIST"].includes(code) || existsSync(name)) return false;
    throw error;
  }
}

function readProposal(proposal: string): string | undefined {
  const file = path.join(proposal, "key");
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function appendSecretKey(content: string, key: string): string {
  return `${content && `${content.trimEnd()}\n`}SECRET_KEY=${key}\n`;
}

/** Renamed from a draft, so that no reader sees a file without its key. */
function writeEnvFile(folder: string, content: string, draft: string): void {
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  renameSync(draft, envFile(folder));
}
