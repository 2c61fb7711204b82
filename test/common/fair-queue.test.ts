import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";

import { FairQueue, QueueFullError } from "../../src/common/fair-queue.ts";

/** A queue that does one thing at a time, and what it has done. */
function startQueue({ maxWaitingOfKind = 100, maxWaitingOfClient = 100 } = {}) {
  const queue = new FairQueue({ concurrency: 1, maxWaitingOfKind, maxWaitingOfClient });
  const done: string[] = [];
  const ask = (kind: string, client: string) =>
    queue.run({ kind, client }, async () => {
      await setImmediate();
      done.push(`${kind} ${client}`);
    });
  return { queue, done, ask };
}

test("fair queue: clients take turns, however much one of them asks for", async () => {
  const { done, ask } = startQueue();

  await Promise.all(["a", "a", "a", "a", "b", "c", "b"].map((client) => ask("login", client)));

  assert.deepEqual(done.join(", "), "login a, login a, login b, login c, login a, login b, login a");
});

test("fair queue: kinds of work take turns, however many clients ask for one of them", async () => {
  const { done, ask } = startQueue();
  const asked = ["a", "b", "c", "d"].map((client) => ask("signup", client));

  await Promise.all([...asked, ask("login", "e"), ask("login", "a")]);

  assert.deepEqual(done.join(", "), "signup a, signup b, login e, signup c, login a, signup d");
});

test("fair queue: no more than the limit runs at the same time, also after failures", async () => {
  const queue = new FairQueue({ concurrency: 2, maxWaitingOfKind: 100, maxWaitingOfClient: 100 });
  let running = 0;
  let most = 0;
  const work = async (fails: boolean) => {
    most = Math.max(most, ++running);
    await setImmediate();
    running--;
    if (fails) throw new Error("failed");
  };

  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) => queue.run({ kind: "login", client: String(at) }, () => work(at % 3 === 0))),
  );

  assert.equal(most, 2);
  assert.equal(results.filter(({ status }) => status === "rejected").length, 7);
  await queue.run({ kind: "login", client: "" }, async () => undefined);
});

test("fair queue: what one client and what all of a kind may wait for is limited, and others are let in", async () => {
  const { ask, done } = startQueue({ maxWaitingOfKind: 4, maxWaitingOfClient: 2 });
  const refused = async (kind: string, client: string) => assert.rejects(() => ask(kind, client), QueueFullError);

  const asked = [ask("signup", "a"), ask("signup", "a"), ask("signup", "a")];
  await refused("signup", "a");
  asked.push(ask("signup", "b"), ask("signup", "b"));
  await refused("signup", "c");
  asked.push(ask("login", "a"));
  await Promise.all(asked);
  await ask("signup", "a");

  assert.equal(done.length, 7);
});
