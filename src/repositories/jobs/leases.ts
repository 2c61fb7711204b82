import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";

/** Work that goes on in the background, by the table that says what is to be done. */
export type JobKind = keyof typeof unfinished;

export interface Job {
  kind: JobKind;
  id: number;
}

/** Work with the lease under which a server is at it. */
export interface LeasedJob extends Job {
  lease: string;
}

/** The work is another server's now, or it is gone. Whoever had it stops. */
export class LeaseLostError extends Error {}

const unfinished = {
  imports: { column: "state", values: ["checking", "adding"] },
  exports: { column: "status", values: ["created", "in_progress"] },
  export_conversions: { column: "status", values: ["created", "in_progress"] },
};

/**
 * Who is at which work: a lease is taken for a while and renewed. A server that ends without a word loses it, and another
 * one goes on.
 */
export function leases(database: Knex) {
  const claimable = (kind: JobKind, at: Timestamp) =>
    database(kind).whereIn(unfinished[kind].column, unfinished[kind].values).where("leased_until", "<", at);

  return {
    /** What is unfinished and nobody is at, the oldest first. */
    async findUnleased(kinds: readonly JobKind[], at = now()): Promise<Job[]> {
      const found: Job[] = [];
      for (const kind of kinds) {
        const ids: number[] = await claimable(kind, at).orderBy("id").pluck("id");
        found.push(...ids.map((id) => ({ kind, id })));
      }
      return found;
    },

    /** Undefined when somebody else is at it, or it is done. */
    async acquire({ kind, id }: Job, leased_until: Timestamp, at = now()): Promise<LeasedJob | undefined> {
      const lease = randomUUID();
      const taken = await claimable(kind, at).where({ id }).update({ lease, leased_until });
      return taken > 0 ? { kind, id, lease } : undefined;
    },

    /** Throws LeaseLostError when it is not held any more. */
    async renew(job: LeasedJob, leased_until: Timestamp): Promise<void> {
      await updateLeased(database, job, { leased_until });
    },

    /** Lets others go on from a moment on, at once unless it is said. */
    async release({ kind, id, lease }: LeasedJob, from: Timestamp = ""): Promise<void> {
      await database(kind).where({ id, lease }).update({ lease: "", leased_until: from });
    },
  };
}

/**
 * Changes the row of work that is held, in the one statement that also makes sure of it. Throws LeaseLostError otherwise.
 * In a transaction nobody else can take it until that ends.
 */
export async function updateLeased(database: Knex, { kind, id, lease }: LeasedJob, changes: object): Promise<void> {
  if ((await database(kind).where({ id, lease }).update(changes)) === 0)
    throw new LeaseLostError(`Somebody else is at ${kind} ${id} now, or it is gone.`);
}
