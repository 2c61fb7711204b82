import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { freePort } from "../../scripts/support/ports.js";
import { program, startArguments } from "../../scripts/support/server.js";
import { openDatabase } from "../../src/database/open.ts";
import { parseLocation } from "../../src/database/location.ts";
import { waitUntil } from "../support/wait-until.ts";

const preload = path.join(import.meta.dirname, "preload.js");

export interface Machine {
  url: string;
  start: (faults?: NodeJS.ProcessEnv) => Promise<void>;
  /** Resolves with the exit code, and how long it took in milliseconds. */
  end: (signal: NodeJS.Signals) => Promise<{ code: number | null; milliseconds: number }>;
  openDatabase: () => ReturnType<typeof openDatabase>;
  remove: () => void;
}

/** A place where the built program is started again and again on one port: over SQLite, or over a database of PostgreSQL. */
export async function openMachine(databaseUrl?: string): Promise<Machine> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-faults-"));
  const port = await freePort();
  const args = [program, ...startArguments(port, folder)];
  const settings = { LABEL_STUDIO_SECRET_KEY: "faults ".repeat(8), ...(databaseUrl && { DATABASE_URL: databaseUrl }) };
  const url = `http://127.0.0.1:${port}/`;
  let child: ReturnType<typeof spawn> | undefined;
  const kill = () => void child?.kill("SIGKILL");
  process.once("exit", kill);
  return {
    url,
    async start(faults = {}) {
      const env = { PATH: process.env.PATH, HOME: folder, ...settings, ...faults };
      const started = spawn(process.execPath, ["--import", preload, ...args], { cwd: folder, env, stdio: "ignore" });
      child = started;
      await waitUntil(
        "the server answers",
        async () => {
          if (started.exitCode !== null) throw new Error(`The server ended with ${started.exitCode}.`);
          return fetch(new URL("health", url)).then(
            ({ ok }) => ok,
            () => false,
          );
        },
        { limit: 60_000, interval: 50 },
      );
    },
    async end(signal) {
      const started = performance.now();
      if (!child || child.exitCode !== null) return { code: child?.exitCode ?? null, milliseconds: 0 };
      const ended = once(child, "exit");
      child.kill(signal);
      const [code] = (await Promise.race([ended, setTimeout(60_000, [null])])) as [number | null];
      child.kill("SIGKILL");
      return { code, milliseconds: performance.now() - started };
    },
    openDatabase: () =>
      openDatabase(
        databaseUrl
          ? parseLocation(databaseUrl)
          : { client: "sqlite3", file: path.join(folder, "label_studio.sqlite3") },
      ),
    remove() {
      process.off("exit", kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
