import type { Timestamp } from "../common/timestamps.ts";
import type { Context } from "../context.ts";
import type { AnnotationSummary } from "../repositories/labeling/annotations.ts";
import type { PageCursor, Task, TaskFilter } from "../repositories/labeling/tasks.ts";
import { taskPreview } from "../rendering/task-preview.ts";

/** A task as a row of its project's table. */
export interface TaskRow extends Task {
  /** Its data. */
  short: string;
  /** Their ids, each once; null for people whose accounts are gone. */
  annotators: (number | null)[];
  annotated_at: Timestamp | undefined;
}

const tasksPerPage = 50;

/** One page by key, with the ids that the pages beside it begin at. */
export async function taskTable(
  { repositories }: Pick<Context, "repositories">,
  project_id: number,
  filter: TaskFilter,
  { after, before }: Omit<PageCursor, "limit">,
): Promise<{ tasks: TaskRow[]; previous: number | undefined; next: number | undefined }> {
  const limit = tasksPerPage + 1;
  const rows = await repositories.tasks.listPage(project_id, filter, { after, before, limit });
  const hasMore = rows.length > tasksPerPage;
  const tasks = before ? rows.slice(-tasksPerPage) : rows.slice(0, tasksPerPage);
  const marks = await repositories.annotations.listSummaries(tasks.map(({ id }) => id));
  return {
    tasks: tasks.map((task) => ({ ...task, short: taskPreview(task.data), ...whoAndWhen(task, marks) })),
    previous: (before ? hasMore : after !== undefined) ? tasks[0]?.id : undefined,
    next: before || hasMore ? tasks.at(-1)?.id : undefined,
  };
}

function whoAndWhen(task: Task, all: AnnotationSummary[]): Pick<TaskRow, "annotators" | "annotated_at"> {
  const marks = all.filter(({ task_id }) => task_id === task.id);
  return {
    annotators: [...new Set(marks.map(({ completed_by_id }) => completed_by_id))],
    annotated_at: marks
      .map(({ updated_at }) => updated_at)
      .sort()
      .at(-1),
  };
}
