import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { minutesFromNow, now } from "../clock.ts";
import type { Project } from "./projects.ts";

/** How long a task stays with the person it was given to, in minutes; whoever opens it again has it as long again. */
const lockMinutes = 30;

/** How many tasks are looked at together for one that nobody else takes at the same moment. */
const atATime = 10;

export interface Turn {
  task_id: number;
  unique_id: string;
}

type Queue = Pick<Project, "id" | "sampling" | "skip_queue">;

/** Whose turn it is at which task, so that two people never get the same one at once. */
export function taskLocks(database: Knex) {
  /** Tasks that are not labeled, not annotated by this person, and nobody else's turn. */
  const open = ({ id: project_id, skip_queue }: Queue, user_id: number, { skipped }: { skipped: boolean }) => {
    const mine = database("annotations").whereRaw("annotations.task_id = tasks.id").where("completed_by_id", user_id);
    const theirs = database("task_locks")
      .whereRaw("task_locks.task_id = tasks.id")
      .whereNot("task_locks.user_id", user_id)
      .where("task_locks.expires_at", ">", now());
    const query = database("tasks").where({ project_id, is_labeled: false }).whereNotExists(theirs.select("task_id"));
    if (!skipped) return query.whereNotExists(mine.select("task_id"));
    if (skip_queue !== "REQUEUE_FOR_ME") return query.whereRaw("1 = 0");
    const done = mine.clone().where({ was_cancelled: false });
    return query.whereExists(mine.select("task_id")).whereNotExists(done.select("task_id"));
  };

  const candidates = async (queue: Queue, user_id: number, skipped: boolean): Promise<number[]> => {
    const all = () => open(queue, user_id, { skipped }).limit(atATime);
    if (queue.sampling === "Uniform sampling") {
      const [range] = await open(queue, user_id, { skipped }).min({ least: "id" }).max({ most: "id" });
      const start = range ? range.least + Math.floor(Math.random() * (range.most - range.least + 1)) : 0;
      return all().where("id", ">=", start).orderBy("id").pluck("id");
    }
    if (queue.sampling === "Uncertainty sampling") {
      const scored: number[] = await all()
        .join("predictions", "predictions.task_id", "tasks.id")
        .whereNotNull("predictions.score")
        .orderBy("predictions.score")
        .pluck("tasks.id");
      if (scored.length > 0) return [...new Set(scored)];
    }
    return all().orderBy("id").pluck("id");
  };

  /** Undefined when somebody else was faster. */
  const take = async (task_id: number, user_id: number): Promise<Turn | undefined> => {
    const lock = { user_id, unique_id: randomUUID(), expires_at: minutesFromNow(lockMinutes) };
    await database("task_locks")
      .insert({ task_id, ...lock })
      .onConflict("task_id")
      .merge(lock)
      .where((old) => {
        old.where("task_locks.user_id", user_id).orWhere("task_locks.expires_at", "<=", now());
      });
    const kept = await database("task_locks").where({ task_id }).first("unique_id");
    return kept?.unique_id === lock.unique_id ? { task_id, unique_id: lock.unique_id } : undefined;
  };

  return {
    /** The task that this person labels next, which is theirs from now on; the same one again until it is done. */
    async next(queue: Queue, user_id: number): Promise<Turn | undefined> {
      const begun: number[] = await open(queue, user_id, { skipped: false })
        .join("task_locks as own", "own.task_id", "tasks.id")
        .where("own.user_id", user_id)
        .where("own.expires_at", ">", now())
        .limit(1)
        .pluck("tasks.id");
      for (const skipped of [false, true]) {
        for (const task_id of [...begun, ...(await candidates(queue, user_id, skipped))]) {
          const turn = await take(task_id, user_id);
          if (turn) return turn;
        }
      }
      return undefined;
    },

    /** For somebody who opens a task by its address. */
    take,

    async release(task_id: number, user_id: number): Promise<void> {
      await database("task_locks").where({ task_id, user_id }).delete();
    },

    async deleteExpired(): Promise<void> {
      await database("task_locks").where("expires_at", "<", now()).delete();
    },
  };
}
