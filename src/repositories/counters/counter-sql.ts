import type { ProjectCounts } from "./project-counts.ts";

/*
 * The one definition of every counter, in SQL: for the transactions that update counters, for `check`, which compares them, and
 * for what rebuilds them.
 */

/**
 * Whether a row of `tasks` is labeled: so many people annotated it. Each of them counts once, and so does each annotation
 * whose author was deleted; skips count where a skipped task is not assigned again.
 */
export const labeledSql = `((
  select count(distinct completed_by_id) + count(*) - count(completed_by_id) from annotations
  where annotations.task_id = tasks.id and (annotations.was_cancelled = false or exists (
    select 1 from projects where projects.id = tasks.project_id and projects.skip_queue = 'IGNORE_SKIPPED'
  ))
) >= tasks.overlap)`;

/** SQL conditions on rows of `tasks`. */
interface TaskConditions {
  labeled: string;
  skipped: string;
}

/** Whether a task is labeled, by the stored counter of its row; right once the task is recounted. */
export const storedLabeledSql = "(tasks.is_labeled = true)";

/** Whether somebody skipped a row of `tasks` and nobody annotated it. */
const skippedSql = `(
  exists (select 1 from annotations where annotations.task_id = tasks.id)
  and not exists (select 1 from annotations where annotations.task_id = tasks.id and annotations.was_cancelled = false)
)`;

/** The same by the stored counters of its row, as the condition of the indexes of skipped tasks has it. */
export const storedSkippedSql = "cancelled_annotations > 0 and total_annotations = 0";

/** Both by the stored counters. */
export const storedConditions: TaskConditions = { labeled: storedLabeledSql, skipped: storedSkippedSql };

/** Whether the user of a row of `contributions` annotated or skipped tasks of its project. */
export const isAnnotatorSql = "contributions.tasks + contributions.skipped_tasks > 0";

/** The counters of a row of `tasks`, by column. */
export const taskCounterSql = {
  total_annotations: "(select count(*) from annotations where task_id = tasks.id and was_cancelled = false)",
  cancelled_annotations: "(select count(*) from annotations where task_id = tasks.id and was_cancelled = true)",
  total_predictions: "(select count(*) from predictions where task_id = tasks.id)",
  is_labeled: labeledSql,
};

/**
 * The counters of a project, by the table whose rows they count; each is an aggregate of these rows. Stored counters of tasks
 * may stand in for what is counted, once they are right.
 */
export function projectCounters({ labeled, skipped }: TaskConditions = { labeled: labeledSql, skipped: skippedSql }) {
  return {
    tasks: {
      task_number: "count(*)",
      finished_task_number: countIf(labeled),
      skipped_task_number: countIf(skipped),
    },
    annotations: {
      num_tasks_with_annotations: countTasksIf("was_cancelled = false"),
      total_annotations_number: countIf("was_cancelled = false"),
      skipped_annotations_number: countIf("was_cancelled = true"),
      ground_truth_number: countIf("ground_truth = true"),
      useful_annotation_number: countIf("was_cancelled = false and ground_truth = false"),
    },
    predictions: {
      total_predictions_number: "count(*)",
    },
  };
}

/** The same of a row of `projects`, by column. */
export function projectCounterSql(conditions?: TaskConditions): Record<keyof ProjectCounts, string> {
  const { tasks, annotations, predictions } = projectCounters(conditions);
  const select = <Counters extends object>(table: string, counters: Counters) =>
    Object.fromEntries(
      Object.entries(counters).map(([column, sql]) => [
        column,
        `(select ${sql} from ${table} where project_id = projects.id)`,
      ]),
    ) as Record<keyof Counters, string>;
  return { ...select("tasks", tasks), ...select("annotations", annotations), ...select("predictions", predictions) };
}

/** The number of annotations that are no skips, and the time of the latest of them, among grouped annotations. */
export const submittedSql = countIf("was_cancelled = false");
export const lastSubmittedSql = "max(case when was_cancelled = false then created_at else '' end)";

/** The counters of a user's contribution to a project, among their annotations, by column. */
export function contributionCounterSql(labeled = labeledSql) {
  return {
    annotations: submittedSql,
    tasks: countTasksIf("was_cancelled = false"),
    skipped_tasks: `${countTasksIf("true")} - ${countTasksIf("was_cancelled = false")}`,
    labeled_tasks: countTasksIf(`exists (select 1 from tasks where tasks.id = task_id and ${labeled})`),
  };
}

/** The day in UTC of an annotation, for `contribution_days`. */
export const daySql = "substr(created_at, 1, 10)";

/** The counter of a row of `organizations`. */
export const memberCountSql =
  "(select count(*) from organization_members where organization_id = organizations.id and deleted_at is null)";

function countIf(condition: string): string {
  return `count(case when ${condition} then 1 end)`;
}

function countTasksIf(condition: string): string {
  return `count(distinct case when ${condition} then task_id end)`;
}
