import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable, Writable } from "node:stream";

import bcrypt from "bcrypt";
import type { Knex } from "knex";

import { run } from "../../cli/program.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Config } from "../../src/config/config.ts";
import { prepareDataDirectory } from "../../src/config/data-directory.ts";
import { closeDatabase } from "../../src/database/close.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { packageRoot } from "../../src/common/package.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import { copySchemaTo, lazyPostgresDatabase, onPostgres } from "./database.ts";
import { runInTerminal } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";
import { waitFor } from "./wait-until.ts";

const program = path.join(packageRoot, "dist", "cli", "index.js");

/** How long a command may take before it counts as hanging, in milliseconds. */
const limit = 60_000;

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
  serve: (args: string[], env?: NodeJS.ProcessEnv, stdin?: string) => Promise<Server>;
  runInTerminal: (args: string[]) => Promise<Terminal>;
  /** What the commands find in their database; passwords set through it are cheap. */
  openRepositories: () => Promise<Repositories>;
  /** Their database, as it is. */
  openDatabase: () => Promise<Knex>;
}

/** A command that runs. */
interface Command {
  args: string[];
  pid: number;
  output: Pick<Outcome, "stdout" | "stderr">;
  /** Emits "output" when it has written something. */
  events: EventEmitter;
  ended: Promise<Outcome>;
  kill: (signal: NodeJS.Signals) => void;
}

type Launch = (args: string[], options: { cwd: string; env: NodeJS.ProcessEnv; stdin?: string }) => Command;

/** Each command is a process of its own, by the built program: for what only a process has, which takes half a second. */
export const openShell = shellWith(launchProcess);

const { hash } = bcrypt;

let shellsInProcess = 0;

/**
 * Commands run in the process of the tests. Names of files have to be absolute, and a start takes `--no-browser`. bcrypt
 * costs as little as it can, since the configuration of a command takes no cost below ten, where a hash takes 60 ms.
 */
export const openShellInProcess: typeof openShell = (t, settings) => {
  // Tests of other files, which choose a lower cost themselves, may run meanwhile.
  const cheapHash = async (text: string, cost: number) => hash(text, cost < 10 ? cost : 4);
  if (shellsInProcess++ === 0) Object.assign(bcrypt, { hash: cheapHash });
  t.after(async () => {
    if (--shellsInProcess === 0) Object.assign(bcrypt, { hash });
  });
  return shellWith(launchInProcess)(t, settings);
};

/** An empty shell with the secret key of another one. */
export function openShellWithKeyOf(
  { config }: Shell,
  t: { after: (work: () => Promise<void>) => void },
  open = openShellInProcess,
): Shell {
  return open(t, { LABEL_STUDIO_SECRET_KEY: config.secret_key });
}

/** `t` is a test, or a whole file by its hooks: `{ after }`. */
function shellWith(launch: Launch) {
  return (t: { after: (work: () => Promise<void>) => void }, settings: NodeJS.ProcessEnv = {}): Shell => {
    const running = new Set<Command>();
    t.after(async () => {
      for (const command of running) command.kill("SIGKILL");
      for (const command of running) await waitForCommand("the end after the test", command, command.ended);
      rmSync(home, { recursive: true, force: true });
    });
    const home = mkdtempSync(path.join(os.tmpdir(), "atelier-shell-"));
    const postgres = onPostgres ? lazyPostgresDatabase(t) : undefined;
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      LABEL_STUDIO_BASE_DATA_DIR: path.join(home, "data"),
      ...(postgres && { DATABASE_URL: postgres.url }),
      ...settings,
    };
    const loaded = loadConfig({}, env);
    const config = { ...loaded, secret_key: prepareDataDirectory(loaded.data_dir, loaded.secret_key) };

    async function begin(args: string[], more: NodeJS.ProcessEnv = {}, stdin?: string): Promise<Command> {
      await postgres?.create();
      const command = launch(args, { cwd: home, env: { ...env, ...more }, ...(stdin !== undefined && { stdin }) });
      running.add(command);
      void command.ended.finally(() => running.delete(command));
      return command;
    }

    async function openDatabaseOfTest(): Promise<Knex> {
      await postgres?.create();
      const database = openDatabase(config.database);
      t.after(() => closeDatabase(database));
      return database;
    }

    return {
      home,
      env,
      config,
      async run(args, { stdin = "", env: more } = {}) {
        const command = await begin(args, more, stdin);
        return waitForCommand("the end", command, command.ended);
      },
      async serve(args, more, stdin) {
        const command = await begin(args, more, stdin);
        const { pid, output, ended, kill } = command;
        const url = await waitForCommand("the address", command, addressOf(command));
        return {
          url,
          pid,
          stdout: () => output.stdout,
          ended,
          stop(signal = "SIGTERM") {
            kill(signal);
            return waitForCommand(`the end after ${signal}`, command, ended);
          },
        };
      },
      async runInTerminal(args) {
        await postgres?.create();
        const terminal = runInTerminal(process.execPath, [program, ...args], { cwd: home, env });
        t.after(async () => terminal.close());
        return terminal;
      },
      openDatabase: openDatabaseOfTest,
      async openRepositories() {
        // Faster than the migrations, which then find nothing to do.
        if (config.database.client === "sqlite3" && !existsSync(config.database.file)) {
          mkdirSync(path.dirname(config.database.file), { recursive: true, mode: 0o700 });
          await copySchemaTo(config.database.file);
        }
        await postgres?.create("schema");
        const database = await openDatabaseOfTest();
        await migrate(database);
        return createRepositories(database, { ...config, password_cost: 4 });
      },
    };
  };
}

async function waitForCommand<Result>(what: string, command: Command, promise: Promise<Result>): Promise<Result> {
  const { args, output } = command;
  try {
    return await waitFor(`${what} of label-studio ${args.join(" ")}`, promise, { limit });
  } catch (error) {
    throw new Error(`${String(error)}\n${output.stdout}${output.stderr}`, { cause: error });
  }
}

async function addressOf(command: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const address = /^Atelier is running at (\S+)\nQuit/m.exec(command.output.stdout)?.[1];
      if (address) resolve(address);
    };
    command.events.on("output", look);
    void command.ended.then(() => reject(new Error("The server ended")));
    look();
  });
}

function launchProcess(args: string[], { cwd, env, stdin }: Parameters<Launch>[1]): Command {
  const child = spawn(process.execPath, [program, ...args], { cwd, env });
  const output = { stdout: "", stderr: "" };
  const events = new EventEmitter();
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      events.emit("output");
    });
  // A command that does not read its input may be gone before it is written.
  child.stdin.on("error", () => undefined);
  if (stdin !== undefined) child.stdin.end(stdin);
  return {
    args,
    pid: child.pid ?? 0,
    output,
    events,
    ended: new Promise((resolve) => void child.on("close", (code) => resolve({ code, ...output }))),
    kill: (signal) => void child.kill(signal),
  };
}

function launchInProcess(args: string[], { env, stdin = "" }: Parameters<Launch>[1]): Command {
  const output = { stdout: "", stderr: "" };
  const events = new EventEmitter();
  const signals = new EventEmitter();
  const collect = (name: "stdout" | "stderr") =>
    new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        output[name] += text;
        events.emit("output");
        done();
      },
    });
  const exitCode = run(args, {
    stdin: Readable.from([stdin]),
    stdout: collect("stdout"),
    stderr: collect("stderr"),
    env,
    signals,
    exit: (code) => assert.fail(`exit(${code}) would end the process of the tests`),
  });
  return {
    args,
    pid: process.pid,
    output,
    events,
    ended: exitCode.then((code) => ({ code, ...output })),
    // No command ends at once here: SIGKILL, too, only asks for it.
    kill: (signal) => void signals.emit(signal === "SIGKILL" ? "SIGTERM" : signal),
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
