import type { Context } from "../context.ts";
import type { TasksQuery } from "../forms/projects.ts";
import { taskPreview } from "../rendering/task-preview.ts";
import type { ProjectMember } from "../repositories/accounts/members.ts";
import type { AnnotationSummary } from "../repositories/labeling/annotations.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { TaskListQuery, TaskState } from "../repositories/labeling/task-list.ts";
import { parseTaskSearch } from "../repositories/labeling/task-search.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { shownKeys } from "../label-config/task-data.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";

/** A task as a row of its project's table. */
export interface TaskRow extends Task {
  /** The data in short. */
  preview: string;
  state: TaskState;
  /** User ids, each once; null for a deleted account. */
  annotators: (number | null)[];
}

/** A page of a project's tasks, with the places of its rows in the list, from 1. */
interface TaskTable {
  tasks: TaskRow[];
  from: number;
  to: number;
  /** The queries of the pages before and after; undefined at the ends of the list. */
  previous: TasksQuery | undefined;
  next: TasksQuery | undefined;
  /** The query to go on with, where a search took too long. */
  rest: TasksQuery | undefined;
}

export const tasksPerPage = 50;

/** The query of an address as the repository takes it. */
export function taskListQuery(
  { label_config }: Pick<Project, "label_config">,
  { state, person, q, sort }: TasksQuery,
): TaskListQuery {
  const search = q ? parseTaskSearch(q, shownKeys(parseLabelConfig(label_config).root)) : undefined;
  return { state, annotator_id: person, search, sort };
}

/** Returns a page of a project's tasks by keyset pagination. */
export async function taskTable(
  { repositories }: Pick<Context, "repositories">,
  project: Project,
  query: TasksQuery,
): Promise<TaskTable> {
  const { after, before } = query;
  const cursor = { after, before, limit: tasksPerPage };
  const page = await repositories.taskList.page(project, taskListQuery(project, query), cursor);
  const first = page.tasks[0];
  const last = page.tasks.at(-1);
  const from = page.has_previous ? placeOfFirst(query, page.tasks.length) : 1;
  const to = from + page.tasks.length - 1;
  return {
    tasks: await taskRows(repositories, page.tasks),
    from,
    to,
    previous:
      first && page.has_previous ? { ...query, before: { ...first, place: from }, after: undefined } : undefined,
    next: last && page.has_next ? { ...query, after: { ...last, place: to }, before: undefined } : undefined,
    rest: page.stopped_at && { ...query, after: { ...page.stopped_at, place: to }, before: undefined },
  };
}

/** Tasks as rows of a table. */
export async function taskRows(
  { annotations }: Pick<Context["repositories"], "annotations">,
  tasks: Task[],
): Promise<TaskRow[]> {
  const summaries = await annotations.listSummaries(tasks.map(({ id }) => id));
  return tasks.map((task) =>
    Object.assign({}, task, {
      preview: taskPreview(task.data),
      state: taskState(task),
      annotators: annotatorsOf(task, summaries),
    }),
  );
}

/** A task that was only skipped is called skipped, even where a skip counts as a label. */
export function taskState(task: Pick<Task, "is_labeled" | "total_annotations" | "cancelled_annotations">): TaskState {
  if (task.cancelled_annotations > 0 && task.total_annotations === 0) return "skipped";
  return task.is_labeled ? "labeled" : "to-label";
}

/** How many tasks the filter leaves, if counters know it. */
export function countTasks(
  { state, person, q }: TasksQuery,
  { task_number, finished_task_number, skipped_task_number }: Project,
  people: ProjectMember[],
): number | undefined {
  if (q) return undefined;
  if (person === undefined)
    return {
      all: task_number,
      "to-label": task_number - finished_task_number,
      labeled: finished_task_number,
      skipped: skipped_task_number,
    }[state ?? "all"];
  const { tasks, skipped_tasks, labeled_tasks } = people.find(({ user }) => user.id === person)?.progress ?? {
    tasks: 0,
    skipped_tasks: 0,
    labeled_tasks: 0,
  };
  const all = tasks + skipped_tasks;
  return { all, "to-label": all - labeled_tasks, labeled: labeled_tasks, skipped: undefined }[state ?? "all"];
}

function placeOfFirst({ after, before }: TasksQuery, rows: number): number {
  return before ? Math.max(1, before.place - rows) : (after?.place ?? 0) + 1;
}

function annotatorsOf(task: Task, annotations: AnnotationSummary[]): TaskRow["annotators"] {
  const own = annotations.filter(({ task_id }) => task_id === task.id);
  return [...new Set(own.map(({ completed_by_id }) => completed_by_id))];
}
