import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { minutesFromNow, now } from "../../common/timestamps.ts";
import { isForeignKeyViolation } from "../../database/errors.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Project } from "./projects.ts";

/** How long a task stays with the person it was given to, in minutes; whoever opens it again has it as long again. */
const assignmentMinutes = 30;

/** How many tasks are looked at together for one that nobody else takes at the same moment. */
const candidateLimit = 10;

interface Assignment {
  task_id: number;
  unique_id: string;
}

type Queue = Pick<Project, "id" | "sampling" | "skip_queue">;

/** Whose turn it is at which task, so that two people never get the same one at once. */
export function taskAssignments(database: Knex) {
  const annotatedBy = (user_id: number) =>
    database("annotations")
      .whereRaw("annotations.task_id = tasks.id")
      .where("annotations.completed_by_id", user_id)
      .select("annotations.id");

  /** Tasks that are neither labeled nor somebody else's turn. */
  const unassigned = ({ id }: Queue, user_id: number) => {
    const theirs = database("task_locks")
      .whereRaw("task_locks.task_id = tasks.id")
      .whereNot("task_locks.user_id", user_id)
      .where("task_locks.expires_at", ">", now());
    return database("tasks")
      .where({ "tasks.project_id": id, "tasks.is_labeled": false })
      .whereNotExists(theirs.select("task_locks.task_id"));
  };

  /** Of these, those that this person has not annotated. */
  const assignable = (queue: Queue, user_id: number) => unassigned(queue, user_id).whereNotExists(annotatedBy(user_id));

  /** Of these, those that this person only skipped; the one that was skipped first comes first. */
  const skipped = async (queue: Queue, user_id: number): Promise<number[]> => {
    if (queue.skip_queue !== "REQUEUE_FOR_ME") return [];
    return unassigned(queue, user_id)
      .join("annotations as skips", "skips.task_id", "tasks.id")
      .where({ "skips.project_id": queue.id, "skips.completed_by_id": user_id })
      .whereNotExists(annotatedBy(user_id).where({ "annotations.was_cancelled": false }))
      .groupBy("tasks.id")
      .orderByRaw("max(skips.updated_at), tasks.id")
      .limit(candidateLimit)
      .pluck("tasks.id");
  };

  const alreadyAssigned = async (queue: Queue, user_id: number): Promise<number[]> => {
    const own = database("task_locks").where({ user_id }).where("expires_at", ">", now()).select("task_id");
    return assignable(queue, user_id).whereIn("tasks.id", own).orderBy("tasks.id").limit(1).pluck("tasks.id");
  };

  const sequential = async (queue: Queue, user_id: number, from = 0): Promise<number[]> =>
    assignable(queue, user_id)
      .where("tasks.id", ">=", from)
      .orderBy("tasks.id")
      .limit(candidateLimit)
      .pluck("tasks.id");

  /** From a number between the first and the last one on. */
  const uniform = async (queue: Queue, user_id: number): Promise<number[]> => {
    const end = (order: "asc" | "desc") =>
      assignable(queue, user_id).orderBy("tasks.id", order).limit(1).pluck("tasks.id");
    const [first = 0] = await end("asc");
    const [last = 0] = await end("desc");
    const found = await sequential(queue, user_id, first + Math.floor(Math.random() * (last - first + 1)));
    return found.length > 0 ? found : sequential(queue, user_id);
  };

  /** Those that a program was least sure of. */
  const uncertain = async (queue: Queue, user_id: number): Promise<number[]> => {
    const scored: number[] = await assignable(queue, user_id)
      .join("predictions", "predictions.task_id", "tasks.id")
      .where("predictions.project_id", queue.id)
      .whereNotNull("predictions.score")
      .orderBy(["predictions.score", "tasks.id"])
      .limit(candidateLimit)
      .pluck("tasks.id");
    return [...new Set(scored)];
  };

  const sampled = async (queue: Queue, user_id: number): Promise<number[]> => {
    if (queue.sampling === "Uniform sampling") return uniform(queue, user_id);
    const scored = queue.sampling === "Uncertainty sampling" ? await uncertain(queue, user_id) : [];
    return scored.length > 0 ? scored : sequential(queue, user_id);
  };

  /** Undefined when somebody else was faster, or the task was deleted at the same moment. */
  const assign = async (task_id: number, user_id: number): Promise<Assignment | undefined> => {
    const lock = { user_id, unique_id: randomUUID(), expires_at: minutesFromNow(assignmentMinutes) };
    try {
      await inTransaction(database, async (transaction) =>
        transaction("task_locks")
          .insert({ task_id, ...lock })
          .onConflict("task_id")
          .merge(lock)
          .where((old) => {
            old.where("task_locks.user_id", user_id).orWhere("task_locks.expires_at", "<=", now());
          }),
      );
    } catch (error) {
      const isTaskGone = isForeignKeyViolation(error) && !(await database("tasks").where({ id: task_id }).first("id"));
      if (isTaskGone) return undefined;
      throw error;
    }
    const kept = await database("task_locks").where({ task_id }).first("unique_id");
    return kept?.unique_id === lock.unique_id ? { task_id, unique_id: lock.unique_id } : undefined;
  };

  const release = async (task_id: number, user_id: number): Promise<void> => {
    await database("task_locks").where({ task_id, user_id }).delete();
  };

  /** The first of these that nobody else takes at the same moment; looks again as long as there are any. */
  const assignFirst = async (find: typeof sampled, queue: Queue, user_id: number): Promise<Assignment | undefined> => {
    for (let ids = await find(queue, user_id); ids.length > 0; ids = await find(queue, user_id)) {
      for (const task_id of ids) {
        const assignment = await assign(task_id, user_id);
        if (assignment && (await unassigned(queue, user_id).where("tasks.id", task_id).first("tasks.id")))
          return assignment;
        // Whoever had it labeled it meanwhile.
        if (assignment) await release(task_id, user_id);
      }
    }
    return undefined;
  };

  return {
    /** The task that this person labels next, which is theirs from now on; the same one again until it is done. */
    async assignNext(queue: Queue, user_id: number): Promise<Assignment | undefined> {
      for (const find of [alreadyAssigned, sampled, skipped]) {
        const assignment = await assignFirst(find, queue, user_id);
        if (assignment) return assignment;
      }
      return undefined;
    },

    /** For somebody who opens a task by its address. */
    assign: assign,

    release,

    async deleteExpired(): Promise<void> {
      await database("task_locks").where("expires_at", "<=", now()).delete();
    },
  };
}
