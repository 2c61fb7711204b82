import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { minutesFromNow, now } from "../../common/timestamps.ts";
import { isForeignKeyViolation } from "../../database/errors.ts";
import { runStatement } from "../../database/transaction.ts";
import { notUndoneSql } from "../deleted-projects.ts";
import type { Project } from "./projects.ts";
import type { Task } from "./tasks.ts";
import { findUserTask } from "./user-tasks.ts";
import type { PredictionSettings, UserTask } from "./user-tasks.ts";

/** How long a task stays assigned; opening it again extends the assignment. */
const assignmentMinutes = 30;

/** Tasks among which the next one is looked for without assigning it, so that a page that only shows it stays fast. */
const peekedTasks = 1000;

interface Assignment {
  task_id: number;
  unique_id: string;
}

type AssignedRows = Pick<Assignment, "task_id">[];

/** The settings of a project that decide which task comes next. */
type QueueSettings = Pick<Project, "id" | "sampling" | "skip_queue">;

/** The task that a user gets next. */
export type NextTask = Pick<Task, "id" | "inner_id" | "data">;

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

  const assignedTo = (user_id: number) =>
    database("task_locks").where({ user_id }).where("expires_at", ">", now()).select("task_id");

  const alreadyAssigned = (queue: QueueSettings, user_id: number) =>
    unseen(queue, user_id).whereIn("tasks.id", assignedTo(user_id)).orderBy("tasks.id");

  const inSequence = (queue: QueueSettings, user_id: number) => unseen(queue, user_id).orderBy("tasks.id");

  /** Uniform sampling: the first task from a random number between the lowest and the highest id on. */
  const fromRandom = (queue: QueueSettings, user_id: number) => {
    const end = (order: "asc" | "desc") =>
      unseen(queue, user_id).orderBy("tasks.id", order).limit(1).select("tasks.id");
    const ends = database.raw("(select ? as lowest, ? as highest) as ends", [end("asc"), end("desc")]);
    const before = "lowest - 1 + cast(? as double precision) * (highest - lowest + 1)";
    const random = database.from(ends).select(database.raw(before, [Math.random()]));
    return inSequence(queue, user_id).where("tasks.id", ">", random);
  };

  /** Uncertainty sampling: the lowest prediction score first. */
  const uncertain = (queue: QueueSettings, user_id: number) =>
    unseen(queue, user_id)
      .join("predictions", "predictions.task_id", "tasks.id")
      .where("predictions.project_id", queue.id)
      .whereNotNull("predictions.score")
      .orderBy(["predictions.score", "tasks.id"]);

  /** Available tasks that the user skipped, the one skipped first first. */
  const skipped = (queue: QueueSettings, user_id: number) =>
    available(queue, user_id)
      .join("annotations as skips", "skips.task_id", "tasks.id")
      .where({ "skips.project_id": queue.id, "skips.completed_by_id": user_id })
      .whereNotExists(annotationsBy(user_id).where({ "annotations.was_cancelled": false }))
      .groupBy("tasks.id")
      .orderByRaw("max(skips.updated_at), tasks.id");

  /** The id of the task that the user gets next, or null. Databases run these queries one by one, until one finds a task. */
  const nextTaskId = (queue: QueueSettings, user_id: number): Knex.Raw => {
    const queries = [
      alreadyAssigned(queue, user_id),
      ...(queue.sampling === "Uniform sampling" ? [fromRandom(queue, user_id)] : []),
      ...(queue.sampling === "Uncertainty sampling" ? [uncertain(queue, user_id)] : []),
      inSequence(queue, user_id),
      ...(queue.skip_queue === "REQUEUE_FOR_ME" ? [skipped(queue, user_id)] : []),
    ];
    return database.raw(
      `coalesce(${queries.map(() => "?").join(", ")})`,
      queries.map((query) => query.limit(1).select("tasks.id")),
    );
  };

  /**
   * Assigns the task with this id, an expression; no task where it is null. Returns undefined also if another user was faster,
   * or the task was deleted at the same moment.
   */
  const assignTask = async (task_id: Knex.Raw, user_id: number): Promise<Assignment | undefined> => {
    const unique_id = randomUUID();
    const sql = `insert into task_locks (task_id, user_id, unique_id, expires_at)
      select id, ?, ?, ? from (select ? as id) as task where id is not null
      on conflict (task_id) do update
      set user_id = excluded.user_id, unique_id = excluded.unique_id, expires_at = excluded.expires_at
      where task_locks.user_id = excluded.user_id or task_locks.expires_at <= ?
      returning task_id`;
    const bindings = [user_id, unique_id, minutesFromNow(assignmentMinutes), task_id, now()];
    try {
      const answer: AssignedRows | { rows: AssignedRows } = await runStatement(database, (connection) =>
        connection.raw(sql, bindings),
      );
      const [assigned] = "rows" in answer ? answer.rows : answer;
      return assigned && { ...assigned, unique_id };
    } catch (error) {
      const isTaskGone = isForeignKeyViolation(error) && (await database("users").where({ id: user_id }).first("id"));
      if (isTaskGone) return undefined;
      throw error;
    }
  };

  const release = async (task_id: number, user_id: number): Promise<void> => {
    await database("task_locks").where({ task_id, user_id }).delete();
  };

  return {
    /** Returns the task that the user labels next, and the same task until it is labeled; undefined without any task. */
    async assignNext(
      project: QueueSettings & PredictionSettings,
      user_id: number,
    ): Promise<(Assignment & UserTask) | undefined> {
      for (;;) {
        const assignment = await assignTask(nextTaskId(project, user_id), user_id);
        if (assignment) {
          const task = available(project, user_id).where("tasks.id", assignment.task_id);
          const found = await findUserTask(database, task, user_id, project);
          if (found) return { ...assignment, ...found };
          // The task was labeled between the query and the assignment.
          await release(assignment.task_id, user_id);
        } else {
          // Either nothing is left, or another user was faster.
          const { id } = await database.first({ id: nextTaskId(project, user_id) });
          if (id === null) return undefined;
        }
      }
    },

    /** Assigns the first of these tasks that the user can label; undefined where all are labeled, seen or somebody else's. */
    async assignFirst(
      project: QueueSettings & PredictionSettings,
      user_id: number,
      ids: number[],
    ): Promise<(Assignment & UserTask) | undefined> {
      const free = new Set<number>(await unseen(project, user_id).whereIn("tasks.id", ids).pluck("tasks.id"));
      for (const id of ids.filter((each) => free.has(each))) {
        const assignment = await assignTask(database.raw("cast(? as integer)", [id]), user_id);
        if (!assignment) continue;
        const found = await findUserTask(
          database,
          available(project, user_id).where("tasks.id", assignment.task_id),
          user_id,
          project,
        );
        if (found) return { ...assignment, ...found };
        await release(assignment.task_id, user_id);
      }
      return undefined;
    },

    /**
     * Returns the task that `assignNext` would assign, and assigns nothing; undefined also where that is left to chance or to
     * scores, for skipped tasks that come back, and after a thousand tasks that the user has seen and others have not.
     */
    async peekNext(queue: QueueSettings, user_id: number): Promise<NextTask | undefined> {
      const columns = ["tasks.id", "tasks.inner_id", "tasks.data"];
      const assigned = alreadyAssigned(queue, user_id)
        .limit(1)
        .select(...columns, database.raw("0 as position"));
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
    async assign(task_id: number, user_id: number): Promise<Assignment | undefined> {
      return assignTask(database.raw("cast(? as integer)", [task_id]), user_id);
    },

    release,

    async deleteExpired(): Promise<void> {
      await database("task_locks").where("expires_at", "<=", now()).delete();
    },
  };
}
