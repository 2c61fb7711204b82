import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { buildSync } from "esbuild";

import { prepareDataDirectory } from "../../src/config/data-directory.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

test("data folder: a new one is for its owner alone, and so is the secret in it (T2)", (t) => {
  const folder = path.join(temporaryFolder(t), "some", "where");

  const key = prepareDataDirectory(folder, undefined);

  assert.equal(modeOf(folder), "700");
  assert.equal(modeOf(path.join(folder, ".env")), "600");
  assert.equal(readFileSync(path.join(folder, ".env"), "utf8"), `SECRET_KEY=${key}\n`);
  assert.match(key, /^[A-Za-z0-9]{50}$/);
});

test("data folder: the secret is made once, and another in every folder (T2, L4)", (t) => {
  const folder = temporaryFolder(t);

  const key = prepareDataDirectory(folder, undefined);

  assert.equal(prepareDataDirectory(folder, undefined), key);
  assert.notEqual(prepareDataDirectory(temporaryFolder(t), undefined), key);
});

test("data folder: one that exists keeps its rights and what is in it", (t) => {
  const folder = path.join(temporaryFolder(t), "shared");
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(path.join(folder, "notes.txt"), "mine");

  prepareDataDirectory(folder, undefined);

  assert.equal(modeOf(folder), "755");
  assert.equal(readFileSync(path.join(folder, "notes.txt"), "utf8"), "mine");
});

const keys = ["a=b#c$d(e)&f*g!h=i+j_k-l^m%n@o=p#q$r(s)&t*u!v=w+x", `${"k".repeat(49)}=`];

for (const key of keys) {
  for (const end of ["\n", "\r\n", ""]) {
    test(`data folder: Label Studio's secret ${key.slice(0, 9)}… before ${JSON.stringify(end)} is used as it is`, (t) => {
      const folder = temporaryFolder(t);
      const content = `DEBUG=0${end || "\n"}SECRET_KEY=${key}${end}`;
      writeFileSync(path.join(folder, ".env"), content);

      assert.equal(prepareDataDirectory(folder, undefined), key);
      assert.equal(readFileSync(path.join(folder, ".env"), "utf8"), content);
    });
  }
}

test("data folder: a secret that is configured is used, and not written down", (t) => {
  const folder = temporaryFolder(t);

  assert.equal(prepareDataDirectory(folder, "configured"), "configured");

  assert.equal(existsSync(path.join(folder, ".env")), false);
});

for (const content of ["", "DEBUG=1\n", "DEBUG=1", "SECRET_KEY=\n", "# SECRET_KEY=old\n"]) {
  test(`data folder: to a file of ${JSON.stringify(content)} a secret is added, which is found again`, (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(path.join(folder, ".env"), content);

    const key = prepareDataDirectory(folder, undefined);

    assert.equal(prepareDataDirectory(folder, undefined), key);
    assert.ok(readFileSync(path.join(folder, ".env"), "utf8").startsWith(content));
  });
}

test("data folder: a secret that is added to a file is for its owner alone from then on (T2)", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, ".env"), "DEBUG=1\n", { mode: 0o644 });

  prepareDataDirectory(folder, undefined);

  assert.equal(modeOf(path.join(folder, ".env")), "600");
});

test("data folder: a lock that an older version left when it crashed does not stop a start", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, ".env.lock"), "");

  const key = prepareDataDirectory(folder, undefined);

  assert.equal(prepareDataDirectory(folder, undefined), key);
});

/** What a start leaves behind that crashes after each of its steps. */
const crashes: [when: string, leave: (folder: string) => void][] = [
  ["before its key is proposed", (folder) => leaveKey(path.join(folder, ".env.proposal-abc"), "a".repeat(50))],
  ["before it has written a key", (folder) => mkdirSync(path.join(folder, ".env.proposal-abc"))],
  ["once its key is proposed", (folder) => leaveKey(path.join(folder, ".env.proposal"), "a".repeat(50))],
  [
    "with half of the new file written",
    (folder) => {
      leaveKey(path.join(folder, ".env.proposal"), "a".repeat(50));
      writeFileSync(path.join(folder, ".env.proposal-abc"), "SECRET_KEY=aaa");
    },
  ],
  ["while it removes its proposal", (folder) => mkdirSync(path.join(folder, ".env.proposal"))],
];

for (const [when, leave] of crashes)
  test(`data folder: after a start that crashed ${when}, the next one makes a key and keeps it`, (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(path.join(folder, ".env"), "DEBUG=1\n");
    leave(folder);

    const key = prepareDataDirectory(folder, undefined);

    assert.match(key, /^[A-Za-z0-9]{50}$/);
    assert.equal(prepareDataDirectory(folder, undefined), key);
    assert.equal(readFileSync(path.join(folder, ".env"), "utf8"), `DEBUG=1\nSECRET_KEY=${key}\n`);
    assert.equal(existsSync(path.join(folder, ".env.proposal")), false);
  });

test("data folder: a proposal that came too late does not replace the key", (t) => {
  const folder = temporaryFolder(t);
  const key = prepareDataDirectory(folder, undefined);
  leaveKey(path.join(folder, ".env.proposal"), "b".repeat(50));

  assert.equal(prepareDataDirectory(folder, undefined), key);
});

test("data folder: a proposal without a key in it is named, with what to do", (t) => {
  const folder = temporaryFolder(t);
  leaveKey(path.join(folder, ".env.proposal"), "");

  assert.throws(() => prepareDataDirectory(folder, undefined), /remove .*\.env\.proposal/);
});

for (const content of [undefined, "DEBUG=1\n"])
  test(`data folder: five starts at once agree on one key, with ${content ? "a file without one" : "no file"} (T2)`, async (t) => {
    const startAtOnce = startThreads(t, 5);
    for (let round = 0; round < 20; round++) {
      const folder = temporaryFolder(t);
      if (content) writeFileSync(path.join(folder, ".env"), content);

      const keys = await startAtOnce(folder);

      assert.match(keys[0] ?? "", /^[A-Za-z0-9]{50}$/);
      assert.deepEqual(
        keys,
        keys.map(() => keys[0]),
      );
      assert.equal(readFileSync(path.join(folder, ".env"), "utf8"), `${content ?? ""}SECRET_KEY=${keys[0]}\n`);
      assert.deepEqual(readdirSync(folder), [".env"]);
    }
  });

/** Threads that prepare the same folder at the same moment, and the keys or errors that they get. */
function startThreads(t: TestContext, count: number): (folder: string) => Promise<string[]> {
  // The loader of the tests does not apply to threads.
  const module = path.join(temporaryFolder(t), "data-directory.mjs");
  const source = fileURLToPath(new URL("../../src/config/data-directory.ts", import.meta.url));
  buildSync({ entryPoints: [source], outfile: module, bundle: true, platform: "node", format: "esm" });
  const workerData = { module, count, arrived: new Int32Array(new SharedArrayBuffer(4)) };
  const threads = Array.from({ length: count }, () => new Worker(prepareWithOthers, { eval: true, workerData }));
  t.after(() => Promise.all(threads.map((thread) => thread.terminate())));
  return async (folder) => {
    workerData.arrived[0] = 0;
    const signal = AbortSignal.timeout(30_000);
    const answers = threads.map(async (thread) => (await once(thread, "message", { signal }))[0] as string);
    for (const thread of threads) thread.postMessage(folder);
    return Promise.all(answers);
  };
}

/** Each waits for the last one to arrive, at most a second. */
const prepareWithOthers = `
  const { workerData: { module, count, arrived }, parentPort } = require("node:worker_threads");
  const prepared = import(module);
  parentPort.on("message", async (folder) => {
    const { prepareDataDirectory } = await prepared;
    if (Atomics.add(arrived, 0, 1) + 1 === count) Atomics.notify(arrived, 0);
    else for (let at; (at = Atomics.load(arrived, 0)) < count;) if (Atomics.wait(arrived, 0, at, 1000) === "timed-out") break;
    try {
      parentPort.postMessage(prepareDataDirectory(folder, undefined));
    } catch (error) {
      parentPort.postMessage(String(error));
    }
  });
`;

function leaveKey(folder: string, key: string): void {
  mkdirSync(folder);
  writeFileSync(path.join(folder, "key"), key);
}
