import pLimit from "p-limit";

import { toTimestamp } from "../common/timestamps.ts";
import type { Logger } from "../common/logger.ts";
import type { Repositories } from "../repositories/index.ts";
import { LeaseLostError } from "../repositories/jobs/leases.ts";
import type { LeasedJob, Job, JobKind } from "../repositories/jobs/leases.ts";

/** All in milliseconds. */
export interface JobRunnerTimings {
  /** How long a server that is not heard of keeps its work. */
  lease: number;
  /** How often a server that works says so. */
  renewal: number;
  /** How often servers look for work that nobody is at. */
  poll: number;
  /** How long work rests that failed. */
  retry: number;
}

export const defaultTimings: JobRunnerTimings = { lease: 30_000, renewal: 10_000, poll: 10_000, retry: 5 * 60_000 };

/** The server is stopping. */
class StoppedError extends Error {}

/**
 * Work that one server does at a time, whichever was first, and another one goes on with when that one is gone. `run` does
 * it from where it stands, writes nothing but under the lease, and throws the signal's reason soon after that is aborted.
 */
export function createJobRunner<End>({
  leases,
  kinds,
  run,
  log,
  times,
}: {
  leases: Repositories["leases"];
  kinds: readonly JobKind[];
  run: (held: LeasedJob, signal: AbortSignal) => Promise<End>;
  log: Logger;
  times: JobRunnerTimings;
}) {
  const inTurn = pLimit(1);
  const underWay = new Map<string, Promise<End | undefined>>();
  const stopping = new Set<AbortController>();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const later = (milliseconds: number) => toTimestamp(Date.now() + milliseconds);

  const renewing = (held: LeasedJob, stop: AbortController): NodeJS.Timeout =>
    setInterval(() => {
      leases.renew(held, later(times.lease)).catch((error: unknown) => {
        if (error instanceof LeaseLostError) stop.abort(error);
        else log.warn({ err: error }, `${held.kind} ${held.id}: the lease was not renewed`);
      });
    }, times.renewal).unref();

  const work = async (held: LeasedJob): Promise<End | undefined> => {
    const stop = new AbortController();
    stopping.add(stop);
    if (isClosed) stop.abort(new StoppedError());
    const renewal = renewing(held, stop);
    try {
      stop.signal.throwIfAborted();
      return await run(held, stop.signal);
    } catch (error) {
      const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
      if (reason instanceof LeaseLostError) return undefined;
      const isStopped = reason instanceof StoppedError;
      if (!isStopped) log.error({ err: error }, `${held.kind} ${held.id} stopped`);
      // Where that fails the lease ends by itself.
      await leases.release(held, isStopped ? "" : later(times.retry)).catch(() => undefined);
      if (isStopped) return undefined;
      throw error;
    } finally {
      clearInterval(renewal);
      stopping.delete(stop);
    }
  };

  /** Once at a time. */
  const noted = ({ kind, id }: Job, start: () => Promise<End | undefined>): Promise<End | undefined> => {
    const name = `${kind} ${id}`;
    const ended = underWay.get(name) ?? start().finally(() => underWay.delete(name));
    underWay.set(name, ended);
    // Whoever waits for it hears of it; nobody has to.
    ended.catch(() => undefined);
    return ended;
  };

  const begin = (wanted: Job): Promise<End | undefined> =>
    noted(wanted, () =>
      inTurn(async () => {
        const held = isClosed ? undefined : await leases.acquire(wanted, later(times.lease));
        return held && (await work(held));
      }),
    );

  const look = async (): Promise<void> => {
    for (const wanted of await leases.findUnleased(kinds)) void begin(wanted);
  };

  return {
    /** Until when work counts as this server's that is made with a lease, and begun at once. */
    leasedUntil: () => later(times.lease),

    /** Does work that is held already. Gives undefined when it was stopped or lost, and throws what went wrong. */
    start: (held: LeasedJob): Promise<End | undefined> => noted(held, () => work(held)),

    /** Does work after what was begun before, unless another server is faster. */
    begin,

    /** Begins what nobody is at. */
    look,

    /** Looks now, and from now on. */
    async open(): Promise<void> {
      timer = setInterval(() => {
        look().catch((error: unknown) => log.error({ err: error }, "looking for work failed"));
      }, times.poll).unref();
      await look();
    },

    /** Stops, and leaves what is left to others. */
    async close(): Promise<void> {
      isClosed = true;
      clearInterval(timer);
      for (const stop of stopping) stop.abort(new StoppedError());
      await Promise.allSettled(underWay.values());
    },
  };
}
