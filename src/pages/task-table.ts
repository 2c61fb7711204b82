import type { Timestamp } from "../common/timestamps.ts";
import type { Context } from "../context.ts";
import { taskPreview } from "../rendering/task-preview.ts";
import type { AnnotationSummary } from "../repositories/labeling/annotations.ts";
import type { PageCursor, Task, TaskFilter } from "../repositories/labeling/tasks.ts";

/** A task as a row of its project's table. */
interface TaskRow extends Task {
  /** The data in short. */
  preview: string;
  /** User ids, each once; null for a deleted account. */
  annotators: (number | null)[];
  annotated_at: Timestamp | undefined;
}

const tasksPerPage = 50;

/** Returns a page of a project's tasks by keyset pagination, and the ids to continue from in either direction. */
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
  const annotations = await repositories.annotations.listSummaries(tasks.map(({ id }) => id));
  return {
    tasks: tasks.map((task) => ({
      ...task,
      preview: taskPreview(task.data),
      ...annotatorsAndTime(annotations.filter(({ task_id }) => task_id === task.id)),
    })),
    previous: (before ? hasMore : after !== undefined) ? tasks[0]?.id : undefined,
    next: before || hasMore ? tasks.at(-1)?.id : undefined,
  };
}

function annotatorsAndTime(annotations: AnnotationSummary[]): Pick<TaskRow, "annotators" | "annotated_at"> {
  return {
    annotators: [...new Set(annotations.map(({ completed_by_id }) => completed_by_id))],
    annotated_at: annotations
      .map(({ updated_at }) => updated_at)
      .sort()
      .at(-1),
  };
}
