import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { inTransaction } from "../../database/transaction.ts";

/** The table that a background job is a row of. */
export type JobKind = keyof typeof unfinished;

export interface Job {
  kind: JobKind;
  id: number;
}

/** A job with the lease that allows one server to work on it. */
export interface LeasedJob extends Job {
  lease: string;
}

/** The lease expired and another server has the job, or the job was deleted. The work on it must stop. */
export class LeaseLostError extends Error {}

const unfinished = {
  imports: { column: "state", values: ["checking", "adding", "undoing"] },
  exports: { column: "status", values: ["created", "in_progress"] },
  export_conversions: { column: "status", values: ["created", "in_progress"] },
  take_outs: { column: "status", values: ["created", "in_progress"] },
  // Gone once it is finished.
  project_deletions: undefined,
};

/** Leases of jobs: acquired until a time, and renewed while the work goes on. The jobs of a crashed server get free again. */
export function leases(database: Knex) {
  return {
    /** Unfinished jobs without a valid lease, in the order of the kinds, the oldest first. */
    async findUnleased(kinds: readonly JobKind[], at = now()): Promise<Job[]> {
      const jobs: Job[] = [];
      for (const kind of kinds) {
        const ids: number[] = await unfinishedJobs(database, kind)
          .where("leased_until", "<=", at)
          .orderBy("id")
          .pluck("id");
        jobs.push(...ids.map((id) => ({ kind, id })));
      }
      return jobs;
    },

    /** Returns undefined if another server has the job, or it is finished. One that was released for later is given at once. */
    async acquire({ kind, id }: Job, leased_until: Timestamp, at = now()): Promise<LeasedJob | undefined> {
      const lease = randomUUID();
      const isFree = (query: Knex.QueryBuilder) => void query.where("leased_until", "<=", at).orWhere({ lease: "" });
      const acquired = await unfinishedJobs(database, kind).where({ id }).where(isFree).update({ lease, leased_until });
      return acquired > 0 ? { kind, id, lease } : undefined;
    },

    /** Throws LeaseLostError. */
    async renew(job: LeasedJob, leased_until: Timestamp): Promise<void> {
      await updateLeased(database, job, { leased_until });
    },

    /** Ends the lease, unless it is lost already. Others may acquire the job from `from` on: by default at once. */
    async release({ kind, id, lease }: LeasedJob, from: Timestamp = ""): Promise<void> {
      await database(kind).where({ id, lease }).update({ lease: "", leased_until: from });
    },
  };
}

/** A query for the jobs of a kind that are neither finished nor failed. */
export function unfinishedJobs(database: Knex, kind: JobKind): Knex.QueryBuilder {
  return database(kind).modify((query) => {
    const state = unfinished[kind];
    if (state) query.whereIn(state.column, state.values);
  });
}

/**
 * Updates the row of a job, on condition of the lease, in one statement. Throws LeaseLostError without an update. In a
 * transaction the row lock keeps others from acquiring the job until the commit.
 */
export async function updateLeased(database: Knex, { kind, id, lease }: LeasedJob, changes: object): Promise<void> {
  if ((await database(kind).where({ id, lease }).update(changes)) === 0)
    throw new LeaseLostError(`Somebody else is at ${kind} ${id} now, or it is gone.`);
}

/** As `updateLeased`, with further work on the job in the same transaction; returns its result. */
export async function changeLeased<Result>(
  database: Knex,
  job: LeasedJob,
  changes: object,
  work: (transaction: Knex) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, async (transaction) => {
    await updateLeased(transaction, job, changes);
    return work(transaction);
  });
}
