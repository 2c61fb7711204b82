import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import type { Knex } from "knex";

import { loadConfig } from "../../src/config/config.ts";
import type { Config } from "../../src/config/config.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { packageRoot } from "../../src/common/package.ts";
import { openRepositories } from "../../src/repositories/index.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { laterPostgresDatabase, onPostgres } from "./database.ts";
import { runInTerminal } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

const program = path.join(packageRoot, "dist", "cli", "index.js");

/** How long a command may take before it counts as hanging. */
const patience = 60_000;

export interface Outcome {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Server {
  /** The address it printed. */
  url: string;
  pid: number;
  stdout: () => string;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<Outcome>;
  stop: (signal?: NodeJS.Signals) => Promise<Outcome>;
}

/** A shell on a machine of its own: an empty home, and nothing set but `env`. */
export interface Shell {
  home: string;
  /** What is set for every command. */
  env: NodeJS.ProcessEnv;
  config: Config;
  run: (args: string[], options?: { stdin?: string; env?: NodeJS.ProcessEnv }) => Promise<Outcome>;
  /** Runs a command that serves, until its address is printed. */
  serve: (args: string[], env?: NodeJS.ProcessEnv) => Promise<Server>;
  runInTerminal: (args: string[]) => Promise<Terminal>;
  /** What the commands find in their database; passwords set through it are cheap. */
  openRepositories: () => Promise<Repositories>;
  /** Their database, as it is. */
  openDatabase: () => Promise<Knex>;
}

/** `t` is a test, or a whole file by its hooks: `{ after }`. */
export function openShell(t: { after: (work: () => Promise<void>) => void }, settings: NodeJS.ProcessEnv = {}): Shell {
  const running = new Map<ChildProcessWithoutNullStreams, Promise<Outcome>>();
  t.after(async () => {
    for (const child of running.keys()) child.kill("SIGKILL");
    await Promise.all(running.values());
    rmSync(home, { recursive: true, force: true });
  });
  const home = mkdtempSync(path.join(os.tmpdir(), "atelier-shell-"));
  const postgres = onPostgres ? laterPostgresDatabase(t) : undefined;
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    LABEL_STUDIO_BASE_DATA_DIR: path.join(home, "data"),
    ...(postgres && { DATABASE_URL: postgres.url }),
    ...settings,
  };
  const config = loadConfig({}, env);

  function launch(args: string[], more: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [program, ...args], { cwd: home, env: { ...env, ...more } });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    const ended = new Promise<Outcome>((resolve) => {
      child.on("close", (code) => {
        running.delete(child);
        resolve({ code, ...output });
      });
    });
    running.set(child, ended);
    return { child, output, ended };
  }

  async function open(): Promise<Knex> {
    await postgres?.made();
    const database = openDatabase(config.database);
    t.after(() => database.destroy());
    return database;
  }

  return {
    home,
    env,
    config,
    async run(args, { stdin = "", env: more } = {}) {
      await postgres?.made();
      const { child, ended } = launch(args, more);
      const timer = setTimeout(() => child.kill("SIGKILL"), patience);
      // A command that does not read its input may be gone before it is written.
      child.stdin.on("error", () => undefined).end(stdin);
      const outcome = await ended;
      clearTimeout(timer);
      return outcome;
    },
    async serve(args, more) {
      await postgres?.made();
      const { child, output, ended } = launch(args, more);
      const url = await new Promise<string>((resolve, reject) => {
        const fail = (why: string) => reject(new Error(`${why}:\n${output.stdout}${output.stderr}`));
        const timer = setTimeout(() => fail("No address was printed"), patience);
        const look = () => {
          const address = /^Atelier is running at (\S+)\nQuit/m.exec(output.stdout)?.[1];
          if (address) resolve(address);
        };
        child.stdout.on("data", look);
        void ended.then(() => fail("The server ended")).finally(() => clearTimeout(timer));
      });
      return {
        url,
        pid: child.pid ?? 0,
        stdout: () => output.stdout,
        ended,
        stop(signal = "SIGTERM") {
          child.kill(signal);
          return ended;
        },
      };
    },
    async runInTerminal(args) {
      await postgres?.made();
      const terminal = runInTerminal(process.execPath, [program, ...args], { cwd: home, env });
      t.after(async () => terminal.close());
      return terminal;
    },
    openDatabase: open,
    async openRepositories() {
      const database = await open();
      await migrate(database);
      return openRepositories(database, { ...config, password_cost: 4 });
    },
  };
}

/** Signs in as scripts do; gives the session's cookie, or undefined when it is refused. */
export async function logIn(url: string, email: string, password: string): Promise<string | undefined> {
  const answer = await fetch(new URL("user/login/", url), {
    method: "POST",
    body: new URLSearchParams({ email, password }),
    redirect: "manual",
  });
  if (answer.status !== 303) return undefined;
  return answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith("sessionid="))
    ?.split(";")[0];
}

/** Where a page leads those who hold this cookie; undefined when it is shown to them. */
export async function redirectOf(url: string, page: string, cookie = ""): Promise<string | undefined> {
  const answer = await fetch(new URL(page, url), { headers: { cookie }, redirect: "manual" });
  return answer.headers.get("location") ?? undefined;
}
