import type { Context } from "../context.ts";
import type { TasksQuery } from "../forms/projects.ts";
import { viewChoice } from "../forms/task-query.ts";
import { orNotFound } from "../http/or-not-found.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { SlowPatternError } from "../repositories/labeling/regex-conditions.ts";
import { parseTaskSearch } from "../repositories/labeling/task-search.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import type { View } from "../repositories/labeling/views.ts";
import { taskRows, tasksPerPage } from "./task-table.ts";
import type { TaskRow } from "./task-table.ts";

/** A page of the tasks that a saved filter finds, or why it finds none. */
interface SavedFilterPage {
  tasks: TaskRow[];
  total: number;
  from: number;
  to: number;
  problem: string | undefined;
}

/** Filters of people, which programs see as views: a name, and what the filters of the list mean. */
export function savedFilterData(title: string, { state, person, q, sort }: TasksQuery): Record<string, unknown> {
  const search = q ? parseTaskSearch(q) : undefined;
  const items = [
    state === "labeled" && filter("is_labeled", "Boolean", "equal", true),
    state === "to-label" && filter("is_labeled", "Boolean", "equal", false),
    state === "skipped" && filter("cancelled_annotations", "Number", "greater", 0),
    state === "skipped" && filter("total_annotations", "Number", "equal", 0),
    person !== undefined && filter("annotators", "List", "contains", person),
    search?.text !== undefined && filter("data", "String", "contains", search.text),
    search && search.text === undefined && filter("inner_id", "Number", "equal", search.number ?? 0),
  ].filter((item) => item !== false && item !== undefined);
  const order = {
    number: "tasks:inner_id",
    "-number": "-tasks:inner_id",
    changed: "tasks:updated_at",
    "-changed": "-tasks:updated_at",
  };
  return { title, filters: { conjunction: "and", items }, ordering: [order[sort]] };
}

function filter(column: string, type: string, operator: string, value: unknown): object {
  return { filter: `filter:tasks:${column}`, operator, type, value };
}

/** The name of a view, whoever made it. */
export function viewTitle({ id, data }: Pick<View, "id" | "data">): string {
  const { title } = data;
  return typeof title === "string" && title.trim() ? title : `Filter ${id}`;
}

/** Returns the view of a project with this id, or throws a 404. */
export async function findViewOf(
  { repositories }: Pick<Context, "repositories">,
  project: Pick<Project, "id">,
  id: number,
): Promise<View> {
  const view = await repositories.views.find(id);
  return orNotFound(view?.project_id === project.id ? view : undefined);
}

type ViewContext = Pick<Context, "repositories"> & { state: { user: { id: number } } };

type Search = Parameters<Context["repositories"]["chosenTasks"]["listForStep"]>[0];

/** What `read` returns of the tasks of a view, or why the view can't be applied, as a sentence. */
async function readView<Result>(
  { state }: ViewContext,
  project: Project,
  view: View,
  read: (search: Search) => Promise<Result>,
): Promise<Result | { failure: string }> {
  const result = await viewChoice(view);
  if ("error" in result) return { failure: result.error };
  const { choice } = result;
  try {
    return await read({ project_id: project.id, choice, user_id: state.user.id, task_number: project.task_number });
  } catch (error) {
    if (!(error instanceof SlowPatternError)) throw error;
    return { failure: "Its regular expression takes too long on these tasks." };
  }
}

/** The tasks before and after one in the list of a view; none where the view can't be applied. */
export async function savedFilterNeighbors(
  ctx: ViewContext,
  project: Project,
  view: View,
  task: Pick<Task, "id">,
): Promise<{ previous: Task | undefined; next: Task | undefined }> {
  const { chosenTasks, tasks } = ctx.repositories;
  const result = await readView(ctx, project, view, async (search) => {
    const ids = await chosenTasks.listForStep(search);
    const { previousId, nextId } = idsAround(ids, task.id, search.choice.order === undefined);
    const near = await tasks.listByIds(
      project.id,
      [previousId, nextId].filter((id) => id !== undefined),
    );
    const withId = (id: number | undefined) => near.find((each) => each.id === id);
    return { previous: withId(previousId), next: withId(nextId) };
  });
  return "failure" in result ? { previous: undefined, next: undefined } : result;
}

/** A task that is not in a list still has its place in one that is in the order of ids. */
function idsAround(
  ids: number[],
  id: number,
  isById: boolean,
): { previousId?: number | undefined; nextId?: number | undefined } {
  const at = ids.indexOf(id);
  if (at >= 0) return { previousId: ids[at - 1], nextId: ids[at + 1] };
  if (!isById) return {};
  const larger = ids.findIndex((each) => each > id);
  return larger < 0 ? { previousId: ids.at(-1) } : { previousId: ids[larger - 1], nextId: ids[larger] };
}

/** The tasks of a view, by the same filters that programs list them by. */
export async function savedFilterPage(
  ctx: ViewContext,
  project: Project,
  view: View,
  page: number,
): Promise<SavedFilterPage> {
  const { repositories } = ctx;
  const result = await readView(ctx, project, view, async (search) => {
    const { ids } = await repositories.chosenTasks.listForPage(search, page);
    const start = (page - 1) * tasksPerPage;
    const tasks = await repositories.tasks.listByIds(project.id, ids.slice(start, start + tasksPerPage));
    const rows = await taskRows(repositories, tasks);
    return { tasks: rows, total: ids.length, from: start + 1, to: start + rows.length, problem: undefined };
  });
  return "failure" in result ? { tasks: [], total: 0, from: 0, to: 0, problem: result.failure } : result;
}
