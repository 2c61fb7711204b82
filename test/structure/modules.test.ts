import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const root = path.resolve(import.meta.dirname, "..", "..");

/** What runs when it is loaded: the command line, and worker threads that wait for an image or a password. */
const executables = [
  path.join("cli", "index.ts"),
  path.join("cli", "built.ts"),
  path.join("src", "images", "thumbnail-worker.ts"),
  path.join("src", "security", "bcrypt-worker.ts"),
];

function sourceFiles(): string[] {
  const files = ["src", "cli"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file)),
  );
  return files.filter((file) => file.endsWith(".ts") && !executables.includes(file));
}

/** Loads each file first and alone, and returns the errors by file. */
async function loadErrors(files: string[]): Promise<Record<string, string>> {
  const worker = new Worker(new URL("load-alone.js", import.meta.url), {
    workerData: { files },
    execArgv: ["--experimental-vm-modules", "--no-warnings"],
  });
  const [results] = (await once(worker, "message", { signal: AbortSignal.timeout(60_000) })) as [
    { file: string; error: string | undefined }[],
  ];
  await worker.terminate();
  assert.equal(results.length, files.length);
  return Object.fromEntries(results.flatMap(({ file, error }) => (error === undefined ? [] : [[file, error]])));
}

test("modules: every file of the program can be imported first and alone", async () => {
  const sources = sourceFiles();
  assert.ok(sources.length > 200);

  assert.deepEqual(await loadErrors(sources.map((file) => path.join(root, file))), {});
});

test("modules: a file in a circle that works only when another file of it comes first is found", async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-modules-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const users = write("users.mjs", 'import { member } from "./members.mjs"; export const user = `a ${member}`;');
  const members = write(
    "members.mjs",
    'import { user } from "./users.mjs"; export const member = "member"; export const name = () => user;',
  );
  const index = write("index.mjs", 'import "./users.mjs"; import "./members.mjs";');

  assert.deepEqual(await loadErrors([index, users, members]), {
    [members]: "ReferenceError: Cannot access 'member' before initialization",
  });
});
