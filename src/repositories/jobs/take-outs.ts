import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockUser } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import type { Annotation } from "../labeling/annotations.ts";
import { changeLeased, unfinishedJobs, updateLeased } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";
import { attachFiles, storedFiles } from "./stored-files.ts";

/** A zip of what is known of a person. */
export interface TakeOut {
  id: number;
  user_id: number;
  status: "created" | "in_progress" | "completed" | "failed";
  created_at: Timestamp;
  finished_at: Timestamp | null;
}

/** A project that the person created or labeled in. */
interface OwnProject {
  id: number;
  title: string | null;
  created_at: Timestamp;
  created_by_id: number | null;
}

type OwnAnnotation = Pick<Annotation, (typeof annotationColumns)[number]>;

const columns = ["id", "user_id", "status", "created_at", "finished_at"] as const;

const annotationColumns = [
  "id",
  "task_id",
  "result",
  "was_cancelled",
  "ground_truth",
  "lead_time",
  "created_at",
  "updated_at",
] as const;

/** Take-outs, of which a person has one, and what they are made of. */
export function takeOuts(database: Knex) {
  const remove = async (ids: number[]): Promise<void> => {
    const detached = await database("stored_files")
      .whereIn("take_out_id", ids)
      .update({ take_out_id: null })
      .returning<{ id: string }[]>("id");
    await database("take_outs").whereIn("id", ids).delete();
    // Bit by bit; what is left is deleted by the cleanup.
    await storedFiles(database).delete(detached.map(({ id }) => id));
  };

  return {
    /** Returns the take-out that is being made of the user, or a new one in place of the last. */
    async create(user_id: number): Promise<TakeOut> {
      const { takeOut, old } = await inTransaction(database, async (transaction) => {
        await lockUser(transaction, user_id);
        const running = await unfinishedJobs(transaction, "take_outs").where({ user_id }).first(columns);
        if (running) return { takeOut: running as TakeOut, old: [] };
        const old: number[] = await transaction("take_outs").where({ user_id }).pluck("id");
        const [created] = await transaction("take_outs")
          .insert({ user_id, status: "created", created_at: now() })
          .returning<TakeOut[]>(columns);
        if (!created) throw new Error("The take-out was not stored.");
        return { takeOut: created, old };
      });
      await remove(old);
      return takeOut;
    },

    async find(id: number): Promise<TakeOut | undefined> {
      return database("take_outs").where({ id }).first(columns);
    },

    /** The latest of a user. */
    async findByUser(user_id: number): Promise<TakeOut | undefined> {
      return database("take_outs").where({ user_id }).orderBy("id", "desc").first(columns);
    },

    async start(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "in_progress" });
    },

    /** Attaches its stored file. Throws LeaseLostError. */
    async complete(job: LeasedJob, file: { id: string }): Promise<void> {
      await changeLeased(database, job, { status: "completed", finished_at: now() }, (transaction) =>
        attachFiles(transaction, [file.id], { take_out_id: job.id }),
      );
    },

    async fail(job: LeasedJob): Promise<void> {
      await updateLeased(database, job, { status: "failed", finished_at: now() });
    },

    /** Deletes those that were finished a day ago, with their files. */
    async deleteOld(before: Timestamp = daysFromNow(-1)): Promise<void> {
      await remove(await database("take_outs").where("finished_at", "<", before).pluck("id"));
    },

    async listProjects(user_id: number): Promise<OwnProject[]> {
      const labeled = database("contributions").where({ user_id }).select("project_id");
      return database("projects")
        .where((query) => void query.where({ created_by_id: user_id }).orWhereIn("id", labeled))
        .whereRaw(notDeletedSql("projects.id"))
        .orderBy("id")
        .select("id", "title", "created_at", "created_by_id");
    },

    /** The next annotations of a user in a project by task, along an index. */
    async listAnnotations(
      { project_id, user_id }: { project_id: number; user_id: number },
      after: Pick<OwnAnnotation, "task_id" | "id"> | undefined,
      limit: number,
    ): Promise<OwnAnnotation[]> {
      return database("annotations")
        .where({ project_id, completed_by_id: user_id })
        .whereRaw("(task_id, id) > (?, ?)", [after?.task_id ?? 0, after?.id ?? 0])
        .orderBy(["task_id", "id"])
        .limit(limit)
        .select(annotationColumns);
    },
  };
}
