import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { randomToken } from "../security/crypto.ts";

/**
 * Creates the directory (mode 0700) if it is missing, and returns the server's secret key: the one that is configured, else the
 * one in its file .env, else a new one of 50 characters, which is written there (mode 0600).
 */
export function prepareDataDirectory(directory: string, configured: string | undefined): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return configured ?? readSecretKey(directory) ?? createSecretKey(directory);
}

function envFile(directory: string): string {
  return path.join(directory, ".env");
}

/** Returns the key in the directory's file .env, undefined if there is none. Creates nothing. */
export function readSecretKey(directory: string): string | undefined {
  const key = secretKeyIn(readEnvFile(directory));
  if (key) chmodSync(envFile(directory), 0o600);
  return key;
}

/** A key that is about to replace the directory's one: whichever fits the database counts, so that a crash loses neither. */
const nextKeyLine = /^NEXT_SECRET_KEY=(.+)$/m;

/** Returns what `writeNextSecretKey` has written last; undefined if that has taken effect or there is none. */
export function readNextSecretKey(directory: string): string | undefined {
  return nextKeyLine.exec(readEnvFile(directory))?.[1];
}

/** Writes a key into the file beside the one that counts. To be called before the database changes to it. */
export function writeNextSecretKey(directory: string, key: string): void {
  const content = withoutNextKey(readEnvFile(directory));
  replaceEnvFile(directory, appendLine(content, `NEXT_SECRET_KEY=${key}`));
}

/** Puts a key in the place of the directory's one, and forgets the next one. */
export function replaceSecretKey(directory: string, key: string): void {
  const content = withoutNextKey(readEnvFile(directory));
  replaceEnvFile(
    directory,
    secretKeyIn(content) === undefined
      ? appendLine(content, `SECRET_KEY=${key}`)
      : content.replace(secretKeyLine, () => `SECRET_KEY=${key}`),
  );
}

function withoutNextKey(content: string): string {
  return content.replace(/^NEXT_SECRET_KEY=.*\n?/gm, "");
}

function replaceEnvFile(directory: string, content: string): void {
  writeEnvFile(directory, content, `${envFile(directory)}.draft-${randomToken(10)}`);
}

/** Returns `""` for a file that does not exist. */
function readEnvFile(directory: string): string {
  return existsSync(envFile(directory)) ? readFileSync(envFile(directory), "utf8") : "";
}

/** Label Studio writes this file, too, and its keys may hold `=` and `#`: the key is all that follows the first `=`. */
function secretKeyIn(content: string): string | undefined {
  return secretKeyLine.exec(content)?.[1];
}

const secretKeyLine = /^SECRET_KEY=(.+)$/m;

/**
 * Adds a new key to the file. Servers that start at the same time must agree on one key, since what one hashes with another key
 * the others could not verify. They need no lock, which a crash would leave behind: each renames a directory with its key to
 * the name of the proposal, which fails atomically if there is one already. (Hard links would do, too, but some network file
 * systems have none.) Then all write the proposed key, even one whose server has crashed.
 */
function createSecretKey(directory: string): string {
  const proposal = `${envFile(directory)}.proposal`;
  // A unique name, so that what a crash leaves behind is in no one's way.
  const draft = `${proposal}-${randomToken(10)}`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(path.join(draft, "key"), randomToken(50), { mode: 0o600, flush: true });
  const isFirst = renameUnlessExists(draft, proposal);
  if (!isFirst) rmSync(draft, { recursive: true });

  // Read in this order: a proposal is deleted only once the file has a key, so until then there is only ever one.
  const proposed = readProposal(proposal);
  const content = readEnvFile(directory);
  const existing = secretKeyIn(content);
  const key = existing ?? proposed;
  if (!key) throw new Error(`remove ${proposal}, which holds no secret key`);
  // Appended to the content that had no key: read again, it could have the key that another start has just added.
  if (!existing) writeEnvFile(directory, appendLine(content, `SECRET_KEY=${key}`), draft);
  // With retries, since another server may propose a key while the directory is being deleted.
  rmSync(proposal, { recursive: true, force: true, maxRetries: 3 });
  return key;
}

function renameUnlessExists(directory: string, name: string): boolean {
  try {
    renameSync(directory, name);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Windows reports EPERM.
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

function appendLine(content: string, line: string): string {
  return `${content && `${content.trimEnd()}\n`}${line}\n`;
}

/** Renamed from a draft, so that no reader sees a file without its key. */
function writeEnvFile(directory: string, content: string, draft: string): void {
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  renameSync(draft, envFile(directory));
}
