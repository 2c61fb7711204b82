import type { Knex } from "knex";

import { limits } from "../../common/limits.ts";
import { onlyMembers, qualifiedUserColumns } from "../accounts/user-columns.ts";
import type { User } from "../accounts/user-columns.ts";
import { isAnnotatorSql } from "../counters/counter-sql.ts";

/** How many annotations a person made in a project on a day (UTC). */
export interface PersonDay {
  user_id: number;
  /** `2026-11-22` */
  day: string;
  annotations: number;
}

/** An annotation of a task that several people annotated. */
interface SharedAnnotation {
  task_id: number;
  completed_by_id: number;
  /** JSON. */
  result: string;
}

/** Somebody who labeled or skipped tasks of a project. */
interface ProjectAnnotator {
  project_id: number;
  /** Tasks that they annotated. */
  tasks: number;
  /** Whether they are among the latest of the project. */
  is_latest: boolean;
  user: User;
}

/** What people did in projects. */
export function projectPeople(database: Knex) {
  return {
    /** Of each of these projects the `limit` members who labeled in it last, the latest first, and `user_id` if they labeled in it. */
    async listLatest(project_ids: number[], user_id: number, limit: number): Promise<ProjectAnnotator[]> {
      const position = "row_number() over (partition by project_id order by last_at desc, user_id) as position";
      const ranked = database("contributions")
        .whereIn("project_id", project_ids)
        .whereRaw(isAnnotatorSql)
        .select("project_id", "user_id", "tasks", database.raw(position));
      const rows: (User & { project_id: number; tasks: number; position: number | string })[] = await database
        .from(ranked.as("ranked"))
        .join("users", "users.id", "ranked.user_id")
        .modify(onlyMembers)
        .where((listed) => void listed.where("position", "<=", limit).orWhere({ "ranked.user_id": user_id }))
        .orderBy(["project_id", "position"])
        .select("project_id", "tasks", "position")
        .select(qualifiedUserColumns);
      return rows.map(({ project_id, tasks, position: at, ...user }) => ({
        project_id,
        tasks,
        is_latest: Number(at) <= limit,
        user,
      }));
    },

    /** Days with annotations of these people from `since` on. */
    async listDays(project_id: number, user_ids: number[], since: string): Promise<PersonDay[]> {
      return database("contribution_days")
        .where({ project_id })
        .whereIn("user_id", user_ids)
        .where("day", ">=", since)
        .where("annotations", ">", 0)
        .orderBy(["user_id", "day"])
        .select("user_id", "day", "annotations");
    },

    /**
     * Annotations without skips of the newest tasks that several people annotated, in the order of their ids: as many as are compared
     * at most.
     */
    async listShared(project_id: number): Promise<SharedAnnotation[]> {
      const tasks = database("tasks")
        .where({ project_id })
        .whereRaw("total_annotations > 1")
        .orderBy("id", "desc")
        .limit(limits.comparedTasks)
        .select("id");
      const order = "order by annotations.task_id desc, annotations.id desc";
      const sized = database
        .from(tasks.as("shared"))
        .join("annotations", "annotations.task_id", "shared.id")
        .where("annotations.was_cancelled", false)
        .whereNotNull("annotations.completed_by_id")
        .whereRaw("length(annotations.result) <= ?", [limits.comparedCharacters])
        .orderBy([
          { column: "annotations.task_id", order: "desc" },
          { column: "annotations.id", order: "desc" },
        ])
        .limit(limits.comparedAnnotations)
        .select("annotations.id", "annotations.task_id")
        .select(database.raw(`sum(length(annotations.result)) over (${order}) as characters`));
      const newest: SharedAnnotation[] = await database
        .from(sized.as("sized"))
        .join("annotations", "annotations.id", "sized.id")
        .where("sized.characters", "<=", limits.comparedText)
        .orderBy([
          { column: "sized.task_id", order: "desc" },
          { column: "sized.id", order: "desc" },
        ])
        .select("annotations.task_id", "annotations.completed_by_id", "annotations.result");
      return newest.toReversed();
    },
  };
}
