import type { ProjectCounts } from "../labeling/projects.ts";
import { labeledInSql } from "./counters.ts";

/*
 * How the numbers that are kept are counted, in SQL. Whether a task is labeled is found out again wherever it counts, since
 * what the task says may be wrong.
 */

/** Of a row of `tasks`. */
export const taskCountsInSql = {
  total_annotations: "(select count(*) from annotations where task_id = tasks.id and was_cancelled = false)",
  cancelled_annotations: "(select count(*) from annotations where task_id = tasks.id and was_cancelled = true)",
  total_predictions: "(select count(*) from predictions where task_id = tasks.id)",
  is_labeled: `(${labeledInSql})`,
};

/** Of a row of `projects`. */
export const projectCountsInSql = {
  task_number: ofProject("count(*) from tasks"),
  finished_task_number: ofProject("count(*) from tasks", labeledInSql),
  num_tasks_with_annotations: ofProject("count(distinct task_id) from annotations", "was_cancelled = false"),
  total_annotations_number: ofProject("count(*) from annotations", "was_cancelled = false"),
  skipped_annotations_number: ofProject("count(*) from annotations", "was_cancelled = true"),
  ground_truth_number: ofProject("count(*) from annotations", "ground_truth = true"),
  useful_annotation_number: ofProject("count(*) from annotations", "was_cancelled = false and ground_truth = false"),
  total_predictions_number: ofProject("count(*) from predictions"),
} satisfies Record<keyof ProjectCounts, string>;

/** Of a row of `organizations`. */
export const memberCountInSql =
  "(select count(*) from organization_members where organization_id = organizations.id and deleted_at is null)";

/** How many of a person's annotations are no skips, and when they made the latest of these. */
export const doneInSql = "sum(case when was_cancelled = false then 1 else 0 end)";
export const lastInSql = "max(case when was_cancelled = false then created_at else '' end)";

/** Of a person's annotations in a project. */
export const contributionsInSql = {
  annotations: doneInSql,
  tasks: tasksInSql("was_cancelled = false"),
  skipped_tasks: `${tasksInSql("true")} - ${tasksInSql("was_cancelled = false")}`,
  labeled_tasks: tasksInSql(`exists (select 1 from tasks where tasks.id = task_id and ${labeledInSql})`),
};

function ofProject(what: string, condition = "true"): string {
  return `(select ${what} where project_id = projects.id and ${condition})`;
}

/** The number of tasks with an annotation of this kind. */
function tasksInSql(condition: string): string {
  return `count(distinct case when ${condition} then task_id end)`;
}
