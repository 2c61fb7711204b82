import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import { DatabaseError, databaseMessage, isLocked } from "./errors.ts";
import { openSqlite } from "./sqlite.ts";

/** Held by the one server that may use a file of SQLite. */
export interface ServerLock {
  /** Records the server's address, for the message to others. */
  announce(address: string): void;
  release(): Promise<void>;
}

/** How long a server that is about to end is waited for, in milliseconds. */
const busyTimeout = 500;

/**
 * Takes the lock on a file of SQLite: a write transaction on an empty database beside it. The operating system frees it with the
 * process, however that ends, and a file of JSON says who holds it. Throws DatabaseError when another server does.
 */
export async function acquireServerLock(file: string): Promise<ServerLock> {
  const lockFile = lockFileOf(file);
  const holderFile = `${lockFile}.json`;
  const database = openSqlite(lockFile);
  try {
    await database.raw(`PRAGMA busy_timeout = ${busyTimeout}`);
    // It lasts as long as the one connection of the pool.
    await database.raw("BEGIN IMMEDIATE");
    const started_at = now();
    const record = (address?: string) =>
      writeFileSync(holderFile, JSON.stringify({ pid: process.pid, host: os.hostname(), address, started_at }));
    record();
    return {
      announce: record,
      async release() {
        rmSync(holderFile, { force: true });
        await database.destroy();
      },
    };
  } catch (error) {
    await database.destroy();
    throw isLocked(error) ? inUseError(file, readHolder(holderFile)) : unusableError(lockFile, error);
  }
}

/** Runs `work` while no server uses the file of SQLite. Throws DatabaseError when one does. Leaves no lock file behind. */
export async function withoutServer<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  if (!existsSync(path.dirname(file)) || !existsSync(lockFileOf(file))) return work();
  const lock = await acquireServerLock(file);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** The same for all paths of a file. */
function lockFileOf(file: string): string {
  try {
    const target = existsSync(file)
      ? realpathSync(file)
      : path.join(realpathSync(path.dirname(file)), path.basename(file));
    return `${target}.lock`;
  } catch (error) {
    throw unusableError(file, error);
  }
}

interface Holder {
  pid: number;
  host: string;
  /** Undefined until the server listens. */
  address?: string;
  started_at: Timestamp;
}

function readHolder(holderFile: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(holderFile, "utf8")) as Holder;
  } catch {
    // It has just taken the lock, or is about to release it.
    return undefined;
  }
}

function inUseError(file: string, holder: Holder | undefined): DatabaseError {
  const name = holder
    ? ` (process ${holder.pid} on ${holder.host}, ${holder.address ?? "starting"}, since ${holder.started_at})`
    : "";
  return new DatabaseError(
    `Another server${name} uses ${file}: stop it first, or choose another folder with --data-dir. Several servers at once need PostgreSQL.`,
  );
}

function unusableError(file: string, error: unknown): DatabaseError {
  return new DatabaseError(
    `${file} can't be used (${databaseMessage(error as Error)}): choose another folder with --data-dir or another file with -db.`,
  );
}
