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

type Run = (job: LeasedJob, signal: AbortSignal) => Promise<number>;

const kinds = ["exports"] as const;

/** Creates three exports, which are jobs 1 to 3, and returns a function that starts a server's job runner. */
async function start(t: TestContext) {
  const { repositories, database, ...records } = await openRecords(t);
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const project = await records.addProject(ada);
  for (const title of ["one", "two", "three"])
    await repositories.exports.create({ project_id: project.id, created_by_id: ada.id, title, options: {} });
  const logged: string[] = [];
  const log = createLogger("info", { write: (line: string) => void logged.push(line) });
  const server = (run: Run, timings: Partial<JobRunnerTimings> = {}, leases: Partial<Repositories["leases"]> = {}) => {
    const jobRunner = createJobRunner({
      leases: { ...repositories.leases, ...leases },
      kinds,
      run,
      log,
      timings: { ...defaultTimings, ...timings },
    });
    t.after(() => jobRunner.close());
    return jobRunner;
  };
  const unleased = async (at?: string) => (await repositories.leases.findUnleased(kinds, at)).map(({ id }) => id);
  return { ...repositories, database, logged, server, unleased };
}

const job = (id: number) => ({ kind: "exports" as const, id });

/** Runs until it is aborted. */
const runUntilAborted: Run = (_job, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });

test("job runner: jobs run one after another, and once, however often they are enqueued", async (t) => {
  const { exports, server } = await start(t);
  const done: number[] = [];
  let atOnce = 0;
  // Held up until all were enqueued, since a job that has ended is enqueued anew.
  let goOn = (): void => undefined;
  const allEnqueued = new Promise<void>((resolve) => (goOn = resolve));
  const { enqueue, poll } = server(async (leasedJob) => {
    assert.equal(++atOnce, 1);
    await allEnqueued;
    await setTimeout(1);
    await exports.fail(leasedJob);
    atOnce--;
    return done.push(leasedJob.id);
  });

  await poll();
  await poll();
  const results = [enqueue(job(2)), enqueue(job(3))];
  assert.equal(enqueue(job(2)), results[0]);
  goOn();

  assert.deepEqual(await Promise.all(results), [2, 3]);
  assert.deepEqual(done, [1, 2, 3]);
});

test("job runner: a job that another server runs or has finished is not run", async (t) => {
  const { leases, exports, server, unleased } = await start(t);
  const others = await leases.acquire(job(1), minutesFromNow(1));
  const done = await leases.acquire(job(2), minutesFromNow(1));
  assert.ok(others && done);
  await exports.fail(done);
  const { enqueue } = server(async () => assert.fail());

  assert.deepEqual(await Promise.all([enqueue(job(1)), enqueue(job(2))]), [undefined, undefined]);
  assert.deepEqual(await unleased(), [3]);
});

test("job runner: the lease is renewed again and again while the job runs", async (t) => {
  const { database, server } = await start(t);
  const until = async () => (await database("exports").where({ id: 1 }).first("leased_until")).leased_until;
  const { enqueue } = server(
    async () => {
      const first = await until();
      await waitUntil("the lease is renewed", async () => (await until()) > first, { interval: 1 });
      return 1;
    },
    { renewal: 1 },
  );
  assert.equal(await enqueue(job(1)), 1);
});

test("job runner: when another server acquires the lease, the job is aborted, and the other's lease stays", async (t) => {
  const { leases, server, logged, unleased } = await start(t);
  // Its lease has expired from the start.
  const { enqueue } = server(runUntilAborted, { renewal: 1, lease: -1000 });
  const result = enqueue(job(1));
  const acquired = await waitUntil("the lease is free", () => leases.acquire(job(1), minutesFromNow(1)), {
    interval: 1,
  });

  assert.equal(await result, undefined);
  await leases.renew(acquired, minutesFromNow(2));
  assert.deepEqual([await unleased(), logged], [[2, 3], []]);
});

test("job runner: a job goes on when the database can't be reached for a renewal", async (t) => {
  const { server, logged } = await start(t);
  let onSecondRenewal: (() => void) | undefined;
  const secondRenewal = new Promise<void>((resolve) => (onSecondRenewal = resolve));
  let renewals = 0;
  const renew = async () => {
    if (++renewals === 2) onSecondRenewal?.();
    throw new Error("connection lost");
  };
  const run: Run = async (_, signal) => {
    await secondRenewal;
    signal.throwIfAborted();
    return 7;
  };
  assert.equal(await server(run, { renewal: 1 }, { renew }).enqueue(job(1)), 7);
  assert.match(logged[0] ?? "", /"exports 1: the lease was not renewed"/);
});

test("job runner: a job that fails is logged, and run again after a while", async (t) => {
  const { server, logged, unleased } = await start(t);
  const { enqueue } = server(async () => {
    throw new Error("no space left");
  });
  await assert.rejects(enqueue(job(1)), /no space left/);

  assert.match(logged.join(""), /no space left.*"exports 1 stopped"/);
  assert.deepEqual(await unleased(), [2, 3]);
  assert.deepEqual(await unleased(minutesFromNow(6)), [1, 2, 3]);
});

test("job runner: closing releases the leases, and no job is started afterwards", async (t) => {
  const { server, unleased, logged } = await start(t);
  const jobRunner = server(runUntilAborted);
  const results = [jobRunner.enqueue(job(1)), jobRunner.enqueue(job(2))];
  await waitUntil("the first export has begun", async () => !(await unleased()).includes(1), { interval: 1 });

  await jobRunner.close();
  await jobRunner.poll();

  assert.deepEqual(await Promise.all(results), [undefined, undefined]);
  assert.deepEqual([await unleased(now()), logged], [[1, 2, 3], []]);
});

test("job runner: a server polls when it opens, and regularly from then on", async (t) => {
  const { exports, server, database, unleased } = await start(t);
  const jobRunner = server(
    async (leasedJob) => {
      await exports.fail(leasedJob);
      return 0;
    },
    { poll: 1 },
  );
  await database("exports")
    .where({ id: 3 })
    .update({ leased_until: minutesFromNow(1) });
  await jobRunner.open();
  await waitUntil("no export is free", async () => (await unleased()).length === 0, { interval: 1 });
  await database("exports").where({ id: 3 }).update({ leased_until: "" });
  await waitUntil("the third export has failed", async () => (await exports.find(3))?.status === "failed", {
    interval: 1,
  });
});
