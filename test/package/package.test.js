// Packs the program, installs the package in an empty folder as `npm install --global` does, and starts it there.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { external } from "../../scripts/support/bundle.js";
import { root } from "../../scripts/support/run.js";

const execute = promisify(execFile);
const minutes = 60_000;

const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-package-"));
const prefix = path.join(folder, "prefix");
const modules = path.join(prefix, "lib", "node_modules", "atelier", "node_modules");
const program = path.join(prefix, "bin", "label-studio");
const manifest = readFileSync(path.join(root, "package.json"), "utf8");
let files = [];
let size = "";

before(
  async () => {
    const pack = await execute("npm", ["pack", "--json", "--silent", "--pack-destination", folder], { cwd: root });
    const [packed] = JSON.parse(pack.stdout.slice(pack.stdout.indexOf("[")));
    files = packed.files.map((file) => file.path);
    size = `${megabytes(packed.size)} MB, ${megabytes(packed.unpackedSize)} MB unpacked`;
    // Without their scripts: the checkout has built the native code of the same versions.
    const tarball = path.join(folder, packed.filename);
    await execute("npm", ["install", "--global", "--prefix", prefix, "--ignore-scripts", "--prefer-offline", tarball]);
    const build = path.join("sqlite3", "build");
    cpSync(path.join(root, "node_modules", build), path.join(modules, build), { recursive: true });
  },
  { timeout: 5 * minutes },
);

after(() => rmSync(folder, { recursive: true, force: true }));

test("package: it holds the program and nothing that only tests and builds need", (t) => {
  t.diagnostic(`The package has ${size}.`);
  const others = files.filter((file) => !/^(dist|static)\/|^(package\.json|README\.md|LICENSE)$/.test(file));
  assert.deepEqual(others, []);
  for (const file of [
    "dist/annotorious.js",
    "dist/cli/index.js",
    "dist/third-party-licenses.txt",
    "static/styles/base.css",
  ])
    assert.ok(files.includes(file), file);
});

test("package: what the program runs is in it once", () => {
  assert.ok(!files.includes("dist/views.js"));
});

test("package: packing leaves the checkout as it was", () => {
  assert.equal(readFileSync(path.join(root, "package.json"), "utf8"), manifest);
  assert.ok(!existsSync(path.join(root, "package.json.original")));
});

test("package: what is installed with it is what the program loads from node_modules", (t) => {
  const { dependencies } = JSON.parse(readFileSync(path.join(modules, "..", "package.json"), "utf8"));
  assert.deepEqual(Object.keys(dependencies).sort(), ["bcrypt", "htmx.org", "open", "sqlite3"]);
  assert.ok(Object.keys(dependencies).every((name) => external.includes(name)));
  for (const name of ["typescript", "esbuild", "koa", "knex"]) assert.ok(!existsSync(path.join(modules, name)), name);
  t.diagnostic(`Installed it takes ${megabytes(sizeOf(prefix))} MB, with ${readdirSync(modules).length} packages.`);
});

test("package: the command runs from anywhere", async () => {
  const { stdout } = await execute(program, ["version"], { cwd: folder });
  assert.match(stdout, /Label Studio version: \d/);
});

test(
  "package: the server starts in an empty folder, serves pages and files, and ends with 0",
  { timeout: minutes },
  async () => {
    const data = path.join(folder, "data");
    const server = spawn(program, ["start", "--no-browser", "--port", "0", "--data-dir", data], { cwd: folder });
    const url = await new Promise((resolve, reject) => {
      let output = "";
      server.stderr.setEncoding("utf8").on("data", (text) => (output += text));
      server.once("close", () => reject(new Error(`The server ended: ${output}`)));
      server.stdout.setEncoding("utf8").on("data", (text) => {
        const address = /^Atelier is running at (\S+)$/m.exec((output += text))?.[1];
        if (address) resolve(address);
      });
    });
    const page = await (await fetch(url)).text();
    assert.match(page, /Create your account/);
    const stylesheet = /href="([^"]*\.css[^"]*)"/.exec(page)?.[1] ?? "none";
    assert.equal((await fetch(new URL(stylesheet, url))).status, 200);
    assert.equal((await fetch(new URL("/ready", url))).status, 200);

    server.kill("SIGTERM");
    assert.deepEqual(await once(server, "close"), [0, null]);
  },
);

function sizeOf(entry) {
  if (!existsSync(entry)) return 0;
  const stats = statSync(entry);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(entry).reduce((sum, name) => sum + sizeOf(path.join(entry, name)), 0);
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
