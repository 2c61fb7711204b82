import type { Knex } from "knex";

import { batchSize } from "../../common/batch-size.ts";
import { turnTaking } from "../../common/event-loop.ts";
import { maxId } from "../../common/ids.ts";
import { limits } from "../../common/limits.ts";
import { sortInTurns } from "../../common/sort-in-turns.ts";
import { isPostgres } from "../../database/open.ts";
import { isSql, leavesOf, rowMatcher } from "./regex-conditions.ts";
import type { ScannedRow } from "./regex-conditions.ts";
import { filterCondition, narrowByIndex, placeKey, placeText } from "./task-conditions.ts";
import type { IndexedValues } from "./task-conditions.ts";
import type { ChosenTasks, TaskChoice, TaskFilter } from "./task-columns.ts";
import { taskListCache } from "./task-list-cache.ts";
import { isById, orderComparison, orderKey } from "./task-order.ts";

/** Tasks that one statement looks at, and how long it takes in milliseconds: others wait for it meanwhile. */
const scanned = { first: 2000, min: 100, max: 50_000, milliseconds: 40 };

/** Included ids in a statement. */
const idsAtOnce = 1000;

/** Everything there is to know to read a part of a project. */
interface Search {
  project_id: number;
  choice: TaskChoice;
  user_id: number;
  /** How many tasks the project has, if that is known: few are looked through at once. */
  task_number?: number;
  signal?: AbortSignal | undefined;
}

type Narrow = (query: Knex.QueryBuilder) => void;

/**
 * The tasks of a project that somebody chose by filters or one by one. A project is looked through in parts that take
 * milliseconds, so that nobody waits for a long one; ids, and whether tasks are labeled, are found by index.
 */
export function chosenTasks(database: Knex) {
  const cache = taskListCache();

  /** The parts of a project in the order of ids, each as what narrows a query to it. */
  async function* parts({
    project_id,
    choice,
    task_number = Infinity,
    signal,
  }: Search): AsyncGenerator<Narrow, void, void> {
    const known = indexedValues(choice);
    if (choice.included) {
      const ids = [...new Set(choice.included)].filter((id) => id > 0).sort((one, other) => one - other);
      for (let at = 0; at < ids.length; at += idsAtOnce) {
        signal?.throwIfAborted();
        yield (query) =>
          void query.where("tasks.project_id", project_id).whereIn("tasks.id", ids.slice(at, at + idsAtOnce));
      }
      return;
    }
    const ofProject = (query: Knex.QueryBuilder, after: number, end: number) => {
      query.where("tasks.project_id", project_id).where("tasks.id", ">", after).where("tasks.id", "<=", end);
      if (known.is_labeled !== undefined) query.where("tasks.is_labeled", known.is_labeled);
    };
    if (task_number <= scanned.first) {
      yield (query) => ofProject(query, known.min - 1, known.max);
      return;
    }
    const size = batchSize(scanned);
    for (let after = known.min - 1; after < known.max;) {
      signal?.throwIfAborted();
      const from = after;
      const started = performance.now();
      const last: { id: number } | undefined = await database("tasks")
        .modify(ofProject, from, known.max)
        .orderBy("tasks.id")
        .offset(size.current - 1)
        .first("tasks.id");
      const end = last?.id ?? known.max;
      yield (query) => ofProject(query, from, end);
      size.took(performance.now() - started);
      after = end;
    }
  }

  const scan = async (search: Search, onPart: (part: ChosenTasks, rows: ScannedRow[]) => void): Promise<void> => {
    const { choice, user_id } = search;
    const excluded = new Set(choice.excluded);
    const match = await rowMatcher(choice);
    const takeTurn = turnTaking();
    const isByRow = choice.order !== undefined || match !== undefined || excluded.size > 0;
    for await (const part of parts(search)) {
      const query = database("tasks").modify(part).modify(withFilters, choice, user_id);
      if (!isByRow) {
        onPart(readSums(await query.first(sums())), []);
        await takeTurn();
        continue;
      }
      const rows: ScannedRow[] = await query
        .orderBy("tasks.id")
        .select("tasks.id", "tasks.total_annotations", "tasks.total_predictions", ...rowColumns(choice, user_id));
      const matches: ScannedRow[] = [];
      for (const row of rows) {
        if (!excluded.has(row.id) && (!match || match(row))) matches.push(row);
        await takeTurn();
      }
      onPart(
        {
          ids: matches.map(({ id }) => id),
          total_annotations: matches.reduce((sum, row) => sum + row.total_annotations, 0),
          total_predictions: matches.reduce((sum, row) => sum + row.total_predictions, 0),
        },
        matches,
      );
    }
  };

  /** The ids of a part in one row, as a million rows would keep the event loop long. */
  const sums = () => ({
    ids: database.raw(isPostgres(database) ? "string_agg(cast(tasks.id as text), ',')" : "group_concat(tasks.id, ',')"),
    total_annotations: database.raw("sum(tasks.total_annotations)"),
    total_predictions: database.raw("sum(tasks.total_predictions)"),
  });

  const withFilters = (query: Knex.QueryBuilder, { filters }: TaskChoice, user_id: number): void => {
    if (!filters) return;
    const conditions = filters.items.map((leaves) => leaves.filter(isSql).map((leaf) => condition(leaf, user_id)));
    if (filters.conjunction === "and") for (const each of conditions.flat()) query.whereRaw("?", [each]);
    else if (filters.items.every((leaves) => leaves.every(isSql)))
      query.where((alternatives) => {
        for (const each of conditions) alternatives.orWhereRaw(`(${each.map(() => "?").join(" and ")})`, each);
      });
  };

  const condition = (filter: TaskFilter, user_id: number) => filterCondition(database, filter, user_id);

  /** What is needed of each row: of alternatives with an expression whether the others hold, of expressions their texts. */
  const rowColumns = ({ filters, order }: TaskChoice, user_id: number): Knex.Raw[] => {
    const isMatched = filters?.items.some((leaves) => !leaves.every(isSql));
    const leaves = isMatched ? leavesOf(filters?.items ?? []) : [];
    const columns = leaves.flatMap(({ name, filter }) => {
      if (!isSql(filter))
        return database.raw("substr(?, 1, ?) as ??", [placeText(database, filter.place), limits.matchedText, name]);
      if (filters?.conjunction === "and") return [];
      return database.raw("case when ? then 1 else 0 end as ??", [condition(filter, user_id), name]);
    });
    return order ? [...columns, database.raw("? as key", [placeKey(database, order.place, user_id)])] : columns;
  };

  const list = async (search: Search): Promise<ChosenTasks> => {
    const { order, ...choice } = search.choice;
    if (order && isById(order)) {
      const chosen = await list({ ...search, choice });
      return order.is_descending ? { ...chosen, ids: chosen.ids.reverse() } : chosen;
    }
    const all: ChosenTasks = { ids: [], total_annotations: 0, total_predictions: 0 };
    const keys: { id: number; key: string | number | null }[] = [];
    await scan(search, (part, rows) => {
      all.total_annotations += part.total_annotations;
      all.total_predictions += part.total_predictions;
      if (order) for (const { id, key } of rows) keys.push({ id, key: orderKey(order, key ?? null) });
      else for (const id of part.ids) all.ids.push(id);
    });
    if (!order) return all;
    return { ...all, ids: (await sortInTurns(keys, orderComparison(order))).map(({ id }) => id) };
  };

  return {
    list,

    /**
     * As `list`, for a page of it, from 1. The page after the one that was read last, in the next minute, is of the same list: so
     * whoever reads page by page gets each task once, and the project is looked through once.
     */
    async listForPage(search: Search, page: number): Promise<ChosenTasks> {
      const key = cacheKey(search);
      const chosen = cache.findForPage(key, page) ?? (await list(search));
      cache.store(key, chosen, page);
      return chosen;
    },

    /**
     * As `list`, for a step from one task to another: for a minute it is the list that was read last, so that a task that was labeled
     * on the way is still in it.
     */
    async listForStep(search: Search): Promise<number[]> {
      const key = cacheKey(search);
      const known = cache.find(key);
      if (known) return known.ids;
      const chosen = await list(search);
      cache.store(key, chosen, 1);
      return chosen.ids;
    },
  };
}

function cacheKey({ project_id, user_id, choice }: Search): string {
  return JSON.stringify([project_id, user_id, choice]);
}

function readSums(
  row: { ids: string | null; total_annotations: number | null; total_predictions: number | null } | undefined,
) {
  const ids = row?.ids ? row.ids.split(",").map(Number) : [];
  return {
    ids: ids.sort((one, other) => one - other),
    total_annotations: row?.total_annotations ?? 0,
    total_predictions: row?.total_predictions ?? 0,
  };
}

function indexedValues({ filters }: TaskChoice): IndexedValues {
  const known: IndexedValues = { min: 1, max: maxId, is_labeled: undefined };
  return filters?.conjunction === "and" ? filters.items.flat().reduce(narrowByIndex, known) : known;
}
