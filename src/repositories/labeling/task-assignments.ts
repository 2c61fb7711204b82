import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { minutesFromNow, now } from "../../common/timestamps.ts";
import { isForeignKeyViolation } from "../../database/errors.ts";
import { runStatement } from "../../database/transaction.ts";
import { notUndoneSql } from "../deleted-projects.ts";
import type { Project } from "./projects.ts";
import { taskColumns } from "./tasks.ts";
import type { Task } from "./tasks.ts";

/** How long a task stays assigned; opening it again extends the assignment. */
const assignmentMinutes = 30;

/** Candidates that are read by one query, as others may assign some of them at the same time. */
const candidateLimit = 10;

/** Tasks among which the next one is looked for without assigning it, so that a page that only shows it stays fast. */
const peekedTasks = 1000;

interface Assignment {
  task_id: number;
  unique_id: string;
}

/** The task as it was after its assignment. */
interface NextAssignment extends Assignment {
  task: Task;
}

/** The settings of a project that decide which task comes next. */
type QueueSettings = Pick<Project, "id" | "sampling" | "skip_queue">;

/** The task that a user gets next. */
export type NextTask = Pick<Task, "id" | "inner_id" | "data">;

/** Finds the ids of tasks that the user may label next, the best candidate first. */
type CandidateQuery = (queue: QueueSettings, user_id: number) => Promise<number[]>;

/** Assigns tasks to annotators for a limited time (`task_locks`), so that two never get the same task at once. */
export function taskAssignments(database: Knex) {
  const annotationsBy = (user_id: number) =>
    database("annotations")
      .whereRaw("annotations.task_id = tasks.id")
      .where("annotations.completed_by_id", user_id)
      .select("annotations.id");

  /** Tasks that are not labeled, and not assigned to another user. */
  const available = ({ id }: QueueSettings, user_id: number) => {
    const ofOthers = database("task_locks")
      .whereRaw("task_locks.task_id = tasks.id")
      .whereNot("task_locks.user_id", user_id)
      .where("task_locks.expires_at", ">", now());
    return database("tasks")
      .where({ "tasks.project_id": id, "tasks.is_labeled": false })
      .whereRaw(notUndoneSql("tasks.id"))
      .whereNotExists(ofOthers.select("task_locks.task_id"));
  };

  /** Available tasks that the user has neither annotated nor skipped. */
  const unseen = (queue: QueueSettings, user_id: number) =>
    available(queue, user_id).whereNotExists(annotationsBy(user_id));

  /** Available tasks that the user skipped, if they come back to the same user: the one skipped first comes first. */
  const skipped: CandidateQuery = async (queue, user_id) => {
    if (queue.skip_queue !== "REQUEUE_FOR_ME") return [];
    return available(queue, user_id)
      .join("annotations as skips", "skips.task_id", "tasks.id")
      .where({ "skips.project_id": queue.id, "skips.completed_by_id": user_id })
      .whereNotExists(annotationsBy(user_id).where({ "annotations.was_cancelled": false }))
      .groupBy("tasks.id")
      .orderByRaw("max(skips.updated_at), tasks.id")
      .limit(candidateLimit)
      .pluck("tasks.id");
  };

  const assignedTo = (user_id: number) =>
    database("task_locks").where({ user_id }).where("expires_at", ">", now()).select("task_id");

  const firstAssigned = (queue: QueueSettings, user_id: number) =>
    unseen(queue, user_id).whereIn("tasks.id", assignedTo(user_id)).orderBy("tasks.id").limit(1);

  const alreadyAssigned: CandidateQuery = async (queue, user_id) => firstAssigned(queue, user_id).pluck("tasks.id");

  const inSequence = (queue: QueueSettings, user_id: number, firstId = 0) =>
    unseen(queue, user_id).where("tasks.id", ">=", firstId).orderBy("tasks.id");

  const sequential = async (queue: QueueSettings, user_id: number, firstId = 0): Promise<number[]> =>
    inSequence(queue, user_id, firstId).limit(candidateLimit).pluck("tasks.id");

  /** Uniform sampling: starts at a random number between the lowest and the highest id. */
  const random: CandidateQuery = async (queue, user_id) => {
    const end = (order: "asc" | "desc") => unseen(queue, user_id).orderBy("tasks.id", order).limit(1).pluck("tasks.id");
    const [first = 0] = await end("asc");
    const [last = 0] = await end("desc");
    const ids = await sequential(queue, user_id, first + Math.floor(Math.random() * (last - first + 1)));
    return ids.length > 0 ? ids : sequential(queue, user_id);
  };

  /** Uncertainty sampling: the lowest prediction score first. */
  const uncertain: CandidateQuery = async (queue, user_id) => {
    const ids: number[] = await unseen(queue, user_id)
      .join("predictions", "predictions.task_id", "tasks.id")
      .where("predictions.project_id", queue.id)
      .whereNotNull("predictions.score")
      .orderBy(["predictions.score", "tasks.id"])
      .limit(candidateLimit)
      .pluck("tasks.id");
    return [...new Set(ids)];
  };

  const sampled: CandidateQuery = async (queue, user_id) => {
    if (queue.sampling === "Uniform sampling") return random(queue, user_id);
    const ids = queue.sampling === "Uncertainty sampling" ? await uncertain(queue, user_id) : [];
    return ids.length > 0 ? ids : sequential(queue, user_id);
  };

  /** Returns undefined if another user was faster, or the task was deleted at the same moment. */
  const assign = async (task_id: number, user_id: number): Promise<Assignment | undefined> => {
    const lock = { user_id, unique_id: randomUUID(), expires_at: minutesFromNow(assignmentMinutes) };
    try {
      const assigned = await runStatement(database, (connection) =>
        connection("task_locks")
          .insert({ task_id, ...lock })
          .onConflict("task_id")
          .merge(lock)
          .where((existing) => {
            existing.where("task_locks.user_id", user_id).orWhere("task_locks.expires_at", "<=", now());
          })
          .returning("unique_id"),
      );
      return assigned.length ? { task_id, unique_id: lock.unique_id } : undefined;
    } catch (error) {
      const isTaskGone = isForeignKeyViolation(error) && !(await database("tasks").where({ id: task_id }).first("id"));
      if (isTaskGone) return undefined;
      throw error;
    }
  };

  const release = async (task_id: number, user_id: number): Promise<void> => {
    await database("task_locks").where({ task_id, user_id }).delete();
  };

  /** Assigns the first candidate that no one else gets at the same time; repeats the query until it finds none. */
  const assignFirst = async (
    findCandidates: CandidateQuery,
    queue: QueueSettings,
    user_id: number,
  ): Promise<NextAssignment | undefined> => {
    for (let ids = await findCandidates(queue, user_id); ids.length > 0; ids = await findCandidates(queue, user_id)) {
      for (const task_id of ids) {
        const assignment = await assign(task_id, user_id);
        if (!assignment) continue;
        const task: Task | undefined = await available(queue, user_id).where("tasks.id", task_id).first(taskColumns);
        if (task) return { ...assignment, task };
        // The task was labeled between the query and the assignment.
        await release(task_id, user_id);
      }
    }
    return undefined;
  };

  return {
    /** Returns the task that the user labels next, and the same task until it is labeled; undefined without any task. */
    async assignNext(queue: QueueSettings, user_id: number): Promise<NextAssignment | undefined> {
      for (const findCandidates of [alreadyAssigned, sampled, skipped]) {
        const assignment = await assignFirst(findCandidates, queue, user_id);
        if (assignment) return assignment;
      }
      return undefined;
    },

    /**
     * Returns the task that `assignNext` would assign, and assigns nothing; undefined also where that is left to chance or to
     * scores, for skipped tasks that come back, and after a thousand tasks that the user has seen and others have not.
     */
    async peekNext(queue: QueueSettings, user_id: number): Promise<NextTask | undefined> {
      const columns = ["tasks.id", "tasks.inner_id", "tasks.data"];
      const assigned = firstAssigned(queue, user_id).select(...columns, database.raw("0 as position"));
      const unlabeled = database("tasks").where({ project_id: queue.id, is_labeled: false });
      const next = inSequence(queue, user_id)
        .whereIn("tasks.id", unlabeled.orderBy("id").limit(peekedTasks).select("id"))
        .limit(1)
        .select(...columns, database.raw("1 as position"));
      const candidates = database.select("*").from(assigned.as("assigned"));
      if (queue.sampling === "Sequential sampling") candidates.unionAll(database.select("*").from(next.as("next")));
      return database.from(candidates.as("candidates")).orderBy("position").first("id", "inner_id", "data");
    },

    /** Assigns a chosen task, or extends its assignment. Returns undefined if it is assigned to another user. */
    assign,

    release,

    async deleteExpired(): Promise<void> {
      await database("task_locks").where("expires_at", "<=", now()).delete();
    },
  };
}
