import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";

import { defaultTimings, createJobRunner } from "../../src/background/job-runner.ts";
import type { JobRunnerTimings } from "../../src/background/job-runner.ts";
import { minutesFromNow, now } from "../../src/common/timestamps.ts";
import { createLogger } from "../../src/common/logger.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { LeasedJob } from "../../src/repositories/jobs/leases.ts";
import { openRecords } from "../support/records.ts";
import { waitUntil } from "../support/wait-until.ts";

type Run = (held: LeasedJob, signal: AbortSignal) => Promise<number>;

const kinds = ["exports"] as const;

/** Three snapshots to be made, and servers that make them. */
async function start(t: TestContext) {
  const { repositories, database, ...records } = await openRecords(t);
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const project = await records.addProject(ada);
  for (const title of ["one", "two", "three"])
    await repositories.exports.create({ project_id: project.id, created_by_id: ada.id, title, options: {} });
  const logged: string[] = [];
  const log = createLogger("info", { write: (line: string) => void logged.push(line) });
  const server = (run: Run, times: Partial<JobRunnerTimings> = {}, leases: Partial<Repositories["leases"]> = {}) => {
    const background = createJobRunner({
      leases: { ...repositories.leases, ...leases },
      kinds,
      run,
      log,
      times: { ...defaultTimings, ...times },
    });
    t.after(() => background.close());
    return background;
  };
  const free = async (at?: string) => (await repositories.leases.findUnleased(kinds, at)).map(({ id }) => id);
  return { ...repositories, database, logged, server, free };
}

const work = (id: number) => ({ kind: "exports" as const, id });

/** Does nothing until it is stopped. */
const waiting: Run = (_held, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });

test("background: work is done one after another, and once, however often it is asked for", async (t) => {
  const { exports, server } = await start(t);
  const done: number[] = [];
  let atOnce = 0;
  const { begin, look } = server(async (held) => {
    assert.equal(++atOnce, 1);
    await setTimeout(1);
    await exports.fail(held);
    atOnce--;
    return done.push(held.id);
  });

  await look();
  await look();
  const ended = [begin(work(2)), begin(work(3))];
  assert.equal(begin(work(2)), ended[0]);

  assert.deepEqual(await Promise.all(ended), [2, 3]);
  assert.deepEqual(done, [1, 2, 3]);
});

test("background: what another server is at, or has done, is nothing to do", async (t) => {
  const { leases, exports, server, free } = await start(t);
  const others = await leases.acquire(work(1), minutesFromNow(1));
  const done = await leases.acquire(work(2), minutesFromNow(1));
  assert.ok(others && done);
  await exports.fail(done);
  const { begin } = server(async () => assert.fail());

  assert.deepEqual(await Promise.all([begin(work(1)), begin(work(2))]), [undefined, undefined]);
  assert.deepEqual(await free(), [3]);
});

test("background: a server that works says so again and again", async (t) => {
  const { database, server } = await start(t);
  const until = async () => (await database("exports").where({ id: 1 }).first("leased_until")).leased_until;
  const { begin } = server(
    async () => {
      const first = await until();
      await waitUntil("the lease is renewed", async () => (await until()) > first, { interval: 1 });
      return 1;
    },
    { renewal: 1 },
  );
  assert.equal(await begin(work(1)), 1);
});

test("background: a server whose lease is taken hears of it, stops, and does not disturb whoever took it", async (t) => {
  const { leases, server, logged, free } = await start(t);
  // What was not renewed in time.
  const { begin } = server(waiting, { renewal: 1, lease: -1000 });
  const ended = begin(work(1));
  const taken = await waitUntil("the lease is free", () => leases.acquire(work(1), minutesFromNow(1)), { interval: 1 });

  assert.equal(await ended, undefined);
  await leases.renew(taken, minutesFromNow(2));
  assert.deepEqual([await free(), logged], [[2, 3], []]);
});

test("background: where the database can't be asked for a moment, work goes on", async (t) => {
  const { server, logged } = await start(t);
  let askedTwice: (() => void) | undefined;
  const later = new Promise<void>((resolve) => (askedTwice = resolve));
  let asked = 0;
  const renew = async () => {
    if (++asked === 2) askedTwice?.();
    throw new Error("connection lost");
  };
  const run: Run = async (_, signal) => {
    await later;
    signal.throwIfAborted();
    return 7;
  };
  assert.equal(await server(run, { renewal: 1 }, { renew }).begin(work(1)), 7);
  assert.match(logged[0] ?? "", /"exports 1: the lease was not renewed"/);
});

test("background: what fails is told, rests, and is tried again", async (t) => {
  const { server, logged, free } = await start(t);
  const { begin } = server(async () => {
    throw new Error("no space left");
  });
  await assert.rejects(begin(work(1)), /no space left/);

  assert.match(logged.join(""), /no space left.*"exports 1 stopped"/);
  assert.deepEqual(await free(), [2, 3]);
  assert.deepEqual(await free(minutesFromNow(6)), [1, 2, 3]);
});

test("background: a server that is closed gives back what it has, and begins nothing more", async (t) => {
  const { server, free, logged } = await start(t);
  const background = server(waiting);
  const ended = [background.begin(work(1)), background.begin(work(2))];
  await waitUntil("the first export has begun", async () => !(await free()).includes(1), { interval: 1 });

  await background.close();
  await background.look();

  assert.deepEqual(await Promise.all(ended), [undefined, undefined]);
  assert.deepEqual([await free(now()), logged], [[1, 2, 3], []]);
});

test("background: a server looks at once when it opens, and regularly from then on", async (t) => {
  const { exports, server, database, free } = await start(t);
  const background = server(
    async (held) => {
      await exports.fail(held);
      return 0;
    },
    { poll: 1 },
  );
  await database("exports")
    .where({ id: 3 })
    .update({ leased_until: minutesFromNow(1) });
  await background.open();
  await waitUntil("no export is free", async () => (await free()).length === 0, { interval: 1 });
  await database("exports").where({ id: 3 }).update({ leased_until: "" });
  await waitUntil("the third export has failed", async () => (await exports.find(3))?.status === "failed", {
    interval: 1,
  });
});
