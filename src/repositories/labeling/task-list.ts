import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";
import { storedSkippedSql } from "../counters/counter-sql.ts";
import { dataContains } from "./task-search.ts";
import type { TaskSearch } from "./task-search.ts";
import { taskColumns } from "./tasks.ts";
import type { Task } from "./tasks.ts";

/** By the number in the project or by the last change; with a minus, the largest or latest first. */
export type TaskSort = "number" | "-number" | "changed" | "-changed";

/** `skipped`: somebody skipped it and nobody annotated it. */
export type TaskState = "to-label" | "labeled" | "skipped";

/** Which tasks of a project are listed, and in which order. */
export interface TaskListQuery {
  state?: TaskState | undefined;
  /** Who annotated or skipped them. */
  annotator_id?: number | undefined;
  search?: TaskSearch | undefined;
  sort: TaskSort;
}

/** The position of a task in the list (keyset pagination). */
export interface TaskPosition {
  id: number;
  updated_at: Timestamp;
}

/** The page after a position, or before it; else the first one. */
export interface TaskCursor {
  after?: TaskPosition | undefined;
  before?: TaskPosition | undefined;
  /** Tasks of a page. */
  limit: number;
}

interface TaskPage {
  tasks: Task[];
  has_previous: boolean;
  has_next: boolean;
  /** The last position that was looked at, where a search took too long to find a page; the cursor to go on from. */
  stopped_at: TaskPosition | undefined;
}

/** What a link to a task needs. */
export type TaskLink = Pick<Task, "id" | "inner_id">;

/** What decides whether a task is listed. */
type Conditions = Omit<TaskListQuery, "sort"> & {
  /** One that is listed elsewhere. */
  excluded_id?: number | undefined;
};

/** A project, and how many tasks it has. */
type ListedProject = { id: number; task_number: number };

/** Where to go on, and in which direction. */
interface Scan {
  from: TaskPosition | undefined;
  backwards: boolean;
  limit: number;
}

/** Rows that one statement scans for what no index finds, and how long it takes in milliseconds: others wait for it meanwhile. */
const scanned = { first: 1000, growth: 25, min: 100, milliseconds: 100 };

/** How long a list is scanned for a page, in milliseconds. */
const scanMilliseconds = 500;

/** How far a neighbor is looked for, in tasks, where no index finds it. */
const neighborDistance = 20_000;

/** The list of a project's tasks, a page at a time. No page scans a project without a bound. */
export function taskList(database: Knex) {
  const rowsOf = (project_id: number) => database("tasks").where({ project_id });

  const annotationsOf = (project_id: number, annotator_id: number) =>
    database("annotations").where({ project_id, completed_by_id: annotator_id });

  const withState = (query: Knex.QueryBuilder, state: TaskState | undefined): void => {
    if (state === "skipped") query.whereRaw(storedSkippedSql);
    else if (state) query.where({ is_labeled: state === "labeled" });
  };

  const withAnnotator = (query: Knex.QueryBuilder, annotator_id: number | undefined): void => {
    if (annotator_id === undefined) return;
    const own = database("annotations").whereRaw("annotations.task_id = tasks.id");
    query.whereExists(own.where({ completed_by_id: annotator_id }).select("annotations.id"));
  };

  const withSearch = (query: Knex.QueryBuilder, search: TaskSearch | undefined): void => {
    if (!search) return;
    query.where((alternatives) => {
      if (search.number !== undefined) alternatives.orWhere({ inner_id: search.number });
      if (search.text !== undefined) alternatives.orWhere((data) => dataContains(database, data, search));
    });
  };

  /** All conditions, whether an index finds them or not. */
  const withAll = (query: Knex.QueryBuilder, { state, annotator_id, search, excluded_id }: Conditions): void => {
    query.modify(withState, state).modify(withAnnotator, annotator_id).modify(withSearch, search);
    if (excluded_id !== undefined) query.whereNot("tasks.id", excluded_id);
  };

  /** Tasks from a position on up to another one, in the order of the list or the reverse. */
  const select = (
    project_id: number,
    { annotator_id, sort, ...query }: Conditions & Pick<TaskListQuery, "sort">,
    { from, backwards, limit }: Scan,
    until?: TaskPosition,
  ): Knex.QueryBuilder => {
    const order = orderOf(sort, backwards);
    const tasks = rowsOf(project_id).modify(keyset, order, { from, until, limit });
    if (annotator_id === undefined || !isByNumber(sort)) return tasks.modify(withAll, { annotator_id, ...query });
    // The page is cut in this subquery already, so that it only scans an index of annotations in the order of task ids.
    const matching = database("tasks").whereRaw("tasks.id = annotations.task_id").modify(withAll, query);
    const ids = annotationsOf(project_id, annotator_id)
      .whereExists(matching.select("tasks.id"))
      .modify(keyset, { ...order, column: "task_id" }, { from, until, limit })
      .distinct("task_id");
    return tasks.whereIn("id", ids);
  };

  /** The position after so many rows that an index gives; undefined if there are not so many. */
  const findEnd = async (
    project_id: number,
    { state, annotator_id, sort }: TaskListQuery,
    { from, backwards }: Scan,
    count: number,
  ): Promise<TaskPosition | undefined> => {
    const order = orderOf(sort, backwards);
    if (isByNumber(sort) && annotator_id !== undefined)
      return annotationsOf(project_id, annotator_id)
        .modify(keyset, { ...order, column: "task_id" }, { from, limit: 1 })
        .offset(count - 1)
        .select("task_id as id", database.raw("'' as updated_at"))
        .first();
    return rowsOf(project_id)
      .modify(withState, isByNumber(sort) || state === "skipped" ? state : undefined)
      .modify(keyset, order, { from, limit: 1 })
      .offset(count - 1)
      .select("id", "updated_at")
      .first();
  };

  /** Reads up to `limit` tasks, and scans for them in parts until the time is over where no index finds them. */
  const scan = async (
    project: ListedProject,
    query: Conditions & Pick<TaskListQuery, "sort">,
    start: Scan,
    milliseconds: number,
  ): Promise<Pick<TaskPage, "tasks" | "stopped_at">> => {
    const began = performance.now();
    const tasks: Task[] = [];
    let { from } = start;
    let rows = 0;
    let size = isFoundByIndex(query) || project.task_number <= scanned.first ? Infinity : scanned.first;
    for (;;) {
      const part = { ...start, from, limit: start.limit - tasks.length };
      const end = size === Infinity ? undefined : await findEnd(project.id, query, part, size);
      tasks.push(...(await select(project.id, query, part, end).select(taskColumns)));
      if (!end || tasks.length === start.limit) return { tasks, stopped_at: undefined };
      const elapsed = performance.now() - began;
      if (elapsed >= milliseconds) return { tasks, stopped_at: end };
      from = end;
      rows += size;
      const affordable = Math.floor((rows * Math.min(scanned.milliseconds, milliseconds - elapsed)) / elapsed);
      size = Math.max(scanned.min, Math.min(size * scanned.growth, affordable));
    }
  };

  const page = async (
    project: ListedProject,
    query: TaskListQuery,
    { after, before, limit }: TaskCursor,
    milliseconds = scanMilliseconds,
  ): Promise<TaskPage> => {
    const backwards = before !== undefined;
    const start = { from: before ?? after, backwards, limit: limit + 1 };
    const { first, rest } = await splitNumber(project, query);
    const { tasks: matches, stopped_at } = await scan(project, rest, start, milliseconds);
    // Nothing is left before: the first page, whole.
    if (backwards && matches.length < limit && !stopped_at) return page(project, query, { limit }, milliseconds);
    const isFirst = !backwards && after === undefined;
    const all = isFirst ? [...first, ...matches] : matches;
    const tasks = all.slice(0, limit);
    const hasMore = all.length > limit;
    return {
      tasks: backwards ? tasks.toReversed() : tasks,
      has_previous: backwards ? hasMore : !isFirst,
      has_next: backwards || hasMore,
      stopped_at,
    };
  };

  /** The task whose number is searched, and the query for those after it, which have the digits in their data. */
  const splitNumber = async (
    project: ListedProject,
    query: TaskListQuery,
  ): Promise<{ first: Task[]; rest: Conditions & Pick<TaskListQuery, "sort"> }> => {
    const { search, ...filter } = query;
    if (search?.number === undefined || search.text === undefined) return { first: [], rest: query };
    const numbered = rowsOf(project.id).where({ inner_id: search.number }).modify(withAll, filter);
    const first: Task[] = await numbered.select(taskColumns);
    return { first, rest: { ...query, search: { ...search, number: undefined }, excluded_id: first[0]?.id } };
  };

  return {
    /** A page of the tasks. One that is searched by its number comes first. */
    page,

    /** The tasks before and after one in the list, whether that one is in it or not. */
    async neighbors(
      { id: project_id }: ListedProject,
      query: TaskListQuery,
      from: TaskPosition,
    ): Promise<{ previous: TaskLink | undefined; next: TaskLink | undefined }> {
      const find = (side: "previous" | "next") => {
        const start = { from, backwards: side === "previous", limit: 1 };
        const nearest = isFoundByIndex(query)
          ? select(project_id, query, start)
          : database
              .from(
                select(project_id, { sort: query.sort }, { ...start, limit: neighborDistance })
                  .select(taskColumns)
                  .as("tasks"),
              )
              .modify(withAll, query)
              .modify(sorted, orderOf(query.sort, start.backwards), 1);
        return database
          .from(nearest.select("id", "inner_id").as(side))
          .select("id", "inner_id", database.raw(`'${side}' as side`));
      };
      const links: (TaskLink & { side: string })[] = await find("previous").unionAll(find("next"));
      const linkTo = (side: string) => {
        const link = links.find((each) => each.side === side);
        return link && { id: link.id, inner_id: link.inner_id };
      };
      return { previous: linkTo("previous"), next: linkTo("next") };
    },
  };
}

interface Order {
  column: "id" | "task_id" | "updated_at";
  direction: "asc" | "desc";
}

/** Numbers are given in the order of ids, which indexes have. */
function isByNumber(sort: TaskSort): boolean {
  return sort.endsWith("number");
}

/** Whether no more rows are read than there are on a page. */
function isFoundByIndex({ state, annotator_id, search, sort }: TaskListQuery): boolean {
  if (search) return search.text === undefined;
  return isByNumber(sort) || (annotator_id === undefined && (state === undefined || state === "skipped"));
}

function orderOf(sort: TaskSort, backwards: boolean): Order {
  const isDescending = sort.startsWith("-") !== backwards;
  return { column: isByNumber(sort) ? "id" : "updated_at", direction: isDescending ? "desc" : "asc" };
}

/** Sorts a query, and narrows it to rows after one position and up to another one. */
function keyset(
  query: Knex.QueryBuilder,
  order: Order,
  { from, until, limit }: { from?: TaskPosition | undefined; until?: TaskPosition | undefined; limit: number },
): void {
  const sign = order.direction === "asc" ? ">" : "<";
  const opposite = order.direction === "asc" ? "<=" : ">=";
  for (const [position, comparison] of [
    [from, sign],
    [until, opposite],
  ] as const) {
    if (!position) continue;
    if (order.column === "updated_at")
      query.whereRaw(`(updated_at, id) ${comparison} (?, ?)`, [position.updated_at, position.id]);
    else query.where(order.column, comparison, position.id);
  }
  query.modify(sorted, order, limit);
}

function sorted(query: Knex.QueryBuilder, { column, direction }: Order, limit: number): void {
  query.orderBy(column, direction).limit(limit);
  if (column === "updated_at") query.orderBy("id", direction);
}
