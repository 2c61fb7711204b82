import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "..", "..");

/** What a file imports whenever it is loaded: neither types nor what it imports later. */
const staticImport = /^(?:import|export)\s(?!type\s)[^;]*?from "(\.[^"]+\.ts)";/gm;

/** The files of the program that are loaded with one, by their paths from the root. */
function loadedWith(file: string): Set<string> {
  const loaded = new Set<string>();
  const add = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const source = readFileSync(path.join(root, name), "utf8");
    for (const [, imported = ""] of source.matchAll(staticImport)) add(path.join(path.dirname(name), imported));
  };
  add(file);
  return loaded;
}

test("start: the server is loaded without the API, whose schemas come with its first call", () => {
  const loaded = [...loadedWith(path.join("src", "server.ts"))];

  assert.ok(loaded.includes(path.join("src", "routes", "people.ts")));
  const ofApi = loaded.filter((file) => file.startsWith(path.join("src", "api") + path.sep));
  assert.deepEqual(ofApi, [path.join("src", "api", "serve.ts")]);
});

test("start: commands are loaded without those that nobody asked for", () => {
  const loaded = [...loadedWith(path.join("cli", "program.ts"))];

  const ofServer = loaded.filter((file) => file.startsWith("src" + path.sep));
  assert.deepEqual(ofServer, [path.join("src", "common", "operational-error.ts")]);
});
