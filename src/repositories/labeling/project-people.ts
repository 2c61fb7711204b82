import type { Knex } from "knex";

import { limits } from "../../common/limits.ts";

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

/** What people did in one project. */
export function projectPeople(database: Knex) {
  return {
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
      const newest: SharedAnnotation[] = await database
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
        .select("annotations.task_id", "annotations.completed_by_id", "annotations.result");
      return newest.toReversed();
    },
  };
}
