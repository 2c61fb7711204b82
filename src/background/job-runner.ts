import pLimit from "p-limit";

import type { FailureLog } from "../common/logger.ts";
import { toTimestamp } from "../common/timestamps.ts";
import type { Repositories } from "../repositories/index.ts";
import { LeaseLostError } from "../repositories/jobs/leases.ts";
import type { Job, JobKind, LeasedJob } from "../repositories/jobs/leases.ts";

/** All in milliseconds. */
export interface JobRunnerTimings {
  /** How long a lease lasts unless it is renewed. */
  lease: number;
  /** How often the lease of a running job is renewed. */
  renewal: number;
  /** How often the database is polled for jobs without a lease. */
  poll: number;
  /** How long a job that failed waits before it is run again. */
  retry: number;
}

export const defaultTimings: JobRunnerTimings = { lease: 30_000, renewal: 10_000, poll: 10_000, retry: 5 * 60_000 };

/** The reason of the signal when the server stops. */
class StoppedError extends Error {}

/**
 * Creates the part of a server that runs background jobs, one after another. Jobs are rows in the database, which all servers
 * poll. To run a job a server acquires its lease: the right to be the only one that works on it, until a time that the server
 * keeps moving forward while it runs the job. The lease of a server that crashed expires, and another server takes over.
 *
 * `run` continues a job from the state in the database, writes only on condition of the lease, and throws the signal's reason
 * soon after it is aborted: when the lease was lost or the server stops.
 */
export function createJobRunner<Result>({
  leases,
  kinds,
  run,
  log,
  timings,
}: {
  leases: Repositories["leases"];
  kinds: readonly JobKind[];
  run: (job: LeasedJob, signal: AbortSignal) => Promise<Result>;
  log: FailureLog;
  timings: JobRunnerTimings;
}) {
  const queue = pLimit(1);
  const pending = new Map<string, Promise<Result | undefined>>();
  const controllers = new Set<AbortController>();
  let isClosed = false;
  let pollTimer: NodeJS.Timeout | undefined;
  let polling: Promise<void> = Promise.resolve();
  const fromNow = (milliseconds: number) => toTimestamp(Date.now() + milliseconds);

  const startRenewal = (job: LeasedJob, controller: AbortController): NodeJS.Timeout =>
    setInterval(() => {
      leases.renew(job, fromNow(timings.lease)).catch((error: unknown) => {
        if (error instanceof LeaseLostError) controller.abort(error);
        else log.warn({ err: error }, `${job.kind} ${job.id}: the lease was not renewed`);
      });
    }, timings.renewal).unref();

  const runJob = async (job: LeasedJob): Promise<Result | undefined> => {
    const controller = new AbortController();
    controllers.add(controller);
    if (isClosed) controller.abort(new StoppedError());
    const renewal = startRenewal(job, controller);
    try {
      controller.signal.throwIfAborted();
      return await run(job, controller.signal);
    } catch (error) {
      const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
      if (reason instanceof LeaseLostError) return undefined;
      const isStopped = reason instanceof StoppedError;
      if (!isStopped) log.error({ err: error }, `${job.kind} ${job.id} stopped`);
      // If the release fails, too, the lease expires by itself.
      await leases.release(job, isStopped ? "" : fromNow(timings.retry)).catch(() => undefined);
      if (isStopped) return undefined;
      throw error;
    } finally {
      clearInterval(renewal);
      controllers.delete(controller);
    }
  };

  /** Starts a job unless it is queued or running already, and returns the promise of its result. */
  const startOnce = ({ kind, id }: Job, start: () => Promise<Result | undefined>): Promise<Result | undefined> => {
    const key = `${kind} ${id}`;
    const result = pending.get(key) ?? start().finally(() => pending.delete(key));
    pending.set(key, result);
    // Callers that await the promise get its error. Without any, it must not count as an unhandled rejection.
    result.catch(() => undefined);
    return result;
  };

  const enqueue = (job: Job): Promise<Result | undefined> =>
    startOnce(job, () =>
      queue(async () => {
        const leasedJob = isClosed ? undefined : await leases.acquire(job, fromNow(timings.lease));
        return leasedJob && (await runJob(leasedJob));
      }),
    );

  const poll = async (): Promise<void> => {
    for (const job of await leases.findUnleased(kinds)) void enqueue(job);
  };

  const stop = (): void => {
    isClosed = true;
    clearInterval(pollTimer);
    for (const controller of controllers) controller.abort(new StoppedError());
  };

  return {
    /** Returns when a lease that is acquired now expires; for a job that is created with one and then passed to `runLeased`. */
    leaseExpiry: () => fromNow(timings.lease),

    /** Runs a leased job at once. Returns undefined if it was stopped or its lease lost; throws what `run` throws. */
    runLeased: (job: LeasedJob): Promise<Result | undefined> => startOnce(job, () => runJob(job)),

    /** Runs a job after those that are queued. Returns as `runLeased` does, and undefined if another server was faster. */
    enqueue,

    /** Enqueues all jobs that have no lease. */
    poll,

    /** Polls at once, and regularly until `close`. */
    async open(): Promise<void> {
      pollTimer = setInterval(() => {
        polling = poll().catch((error: unknown) => log.error({ err: error }, "looking for work failed"));
      }, timings.poll).unref();
      await poll();
    },

    /** Stops all jobs at the end of their transactions, and releases their leases, so that other servers continue them. */
    stop,

    /** Stops all jobs. Resolves when the last has stopped. */
    async close(): Promise<void> {
      stop();
      await polling;
      await Promise.allSettled(pending.values());
    },
  };
}
