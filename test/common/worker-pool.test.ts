import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { Worker } from "node:worker_threads";

import { WorkerPool } from "../../src/common/worker-pool.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";

/** Answers with the number of its thread, unless it is told otherwise. */
const source = `import { parentPort, threadId } from "node:worker_threads";
parentPort.on("message", (request) => {
  if (request === "hang") return;
  if (request === "end") process.exit();
  if (request === "throw") throw new Error("It is broken.");
  if (request === "grow") for (const all = [];;) all.push({ all });
  parentPort.postMessage(threadId);
});`;

type Request = "number" | "hang" | "end" | "throw" | "grow";

function openPool(options: { seconds?: number; idleSeconds?: number } = {}): WorkerPool<Request, number> {
  const file = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 };
  return new WorkerPool({ file, size: 2, seconds: 30, idleSeconds: 30, resourceLimits, ...options });
}

function run(pool: WorkerPool<Request, number>, request: Request): Promise<number | undefined> {
  return waitFor(`the response to ${request}`, pool.run(request));
}

test("worker pool: one request after another is answered by the same thread", async () => {
  const pool = openPool();

  const first = await run(pool, "number");

  assert.equal(typeof first, "number");
  assert.deepEqual([await run(pool, "number"), await run(pool, "number")], [first, first]);
});

test("worker pool: many requests at once are answered by two threads", async () => {
  const pool = openPool();

  const all = Array.from({ length: 9 }, () => run(pool, "number"));
  const threads = await Promise.all(all);

  assert.equal(new Set(threads).size, 2);
  assert.equal(pool.busy, 0);
});

for (const request of ["end", "grow"] as const)
  test(`worker pool: a thread that ends by "${request}" gives no response, and others go on`, async () => {
    const pool = openPool();

    const [ended, other] = await Promise.all([run(pool, request), run(pool, "number")]);

    assert.equal(ended, undefined);
    assert.equal(typeof other, "number");
    assert.equal(await run(pool, "number"), other);
  });

test("worker pool: a thread that takes too long is replaced, and others go on", async () => {
  const pool = openPool({ seconds: 2 });
  const hung = await run(pool, "number");

  const ended = run(pool, "hang");
  const others = [await run(pool, "number"), await run(pool, "number")];

  assert.equal(await ended, undefined);
  assert.equal(others[0], others[1]);
  assert.notEqual(others[0], hung);
  const threads = await Promise.all([run(pool, "number"), run(pool, "number")]);
  assert.equal(threads.includes(hung), false);
});

test("worker pool: an error in a thread is the request's, and the next request is answered", async () => {
  const pool = openPool();

  await assert.rejects(run(pool, "throw"), /It is broken\./);

  assert.equal(typeof (await run(pool, "number")), "number");
});

test("worker pool: a thread without requests ends after a while, and another one starts when it is needed", async () => {
  const pool = openPool({ idleSeconds: 0.01 });
  const started = once(process, "worker") as Promise<[Worker]>;

  const first = await run(pool, "number");
  const [worker] = await waitFor("a thread", started);
  if (worker.threadId !== -1) await waitFor("the end of the thread", once(worker, "exit"));

  assert.notEqual(await run(pool, "number"), first);
});

test("worker pool: once closed, nothing that was under way goes on, and nothing that waited begins", async () => {
  const pool = openPool();
  const first = await run(pool, "number");
  let isAnswered = false;

  const hanging = [run(pool, "hang"), run(pool, "hang")];
  void pool.run("number").then(() => (isAnswered = true));
  await waitUntil("two requests are under way", () => pool.busy === 2);
  await waitFor("the end of the threads", pool.close());

  assert.deepEqual(await Promise.all(hanging), [undefined, undefined]);
  assert.notEqual(await run(pool, "number"), first);
  assert.equal(isAnswered, false);
});
