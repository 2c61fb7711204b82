import { maxId } from "../common/ids.ts";
import { isObject } from "../common/is-object.ts";
import { limits } from "../common/limits.ts";
import { linearPattern, PatternError } from "../common/linear-pattern.ts";
import { storageError } from "../common/text-validation.ts";
import { parseTimestamp } from "../common/timestamps.ts";
import { taskColumnKinds } from "../repositories/labeling/task-columns.ts";
import type {
  ColumnKind,
  FilterTest,
  FilterValue,
  TaskChoice,
  TaskColumn,
  TaskFilter,
  TaskPlace,
} from "../repositories/labeling/task-columns.ts";

/** Why a query can't be applied; the message is a sentence for whoever wrote it. */
export class QueryError extends Error {}

const tests: readonly FilterTest[] = [
  "equal",
  "less",
  "greater",
  "less_or_equal",
  "greater_or_equal",
  "in",
  "in_list",
  "contains",
  "regex",
  "empty",
];

/** Tests that can be turned around by `not_`. */
const negatable: readonly FilterTest[] = ["equal", "in", "in_list", "contains"];

const operators = tests.flatMap((test) => (negatable.includes(test) ? [test, `not_${test}`] : [test]));

const comparisons: readonly FilterTest[] = ["equal", "less", "greater", "less_or_equal", "greater_or_equal", "in"];

/** The tests that each kind of column knows. */
const testsOfKind: Record<ColumnKind, readonly FilterTest[]> = {
  number: tests,
  count: tests,
  moment: [...comparisons, "empty"],
  flag: ["equal", "empty"],
  list: ["equal", "contains", "in_list", "empty"],
  ids: ["equal", "contains", "in_list", "regex", "empty"],
  results: ["equal", "contains", "regex", "empty"],
  versions: ["equal", "contains", "in_list", "regex", "empty"],
  text: ["equal", "contains", "in_list", "regex", "empty"],
  json: ["equal", "contains", "regex", "empty"],
};

/**
 * Reads the filters of a query: `{"conjunction": "and", "items": [{filter, operator, type, value, child_filter}]}`. Returns
 * undefined without any, and throws a QueryError where one can't be applied.
 */
export async function readFilters(value: unknown): Promise<TaskChoice["filters"]> {
  const filters = readConditions(value);
  for (const [index, leaves] of (filters?.items ?? []).entries())
    for (const { test, values } of leaves)
      if (test === "regex") await assertPattern(String(values[0]), `Filter ${index + 1}`);
  return filters;
}

async function assertPattern(source: string, name: string): Promise<void> {
  try {
    await linearPattern(source);
  } catch (error) {
    if (error instanceof PatternError)
      throw new QueryError(`${name}: this regular expression can't be used: ${error.message}.`);
    throw error;
  }
}

function readConditions(value: unknown): TaskChoice["filters"] {
  if (value === null || value === undefined) return undefined;
  if (!isObject(value)) throw new QueryError("Filters are an object with a conjunction and items.");
  const { conjunction, items } = value;
  if (conjunction !== "and" && conjunction !== "or")
    throw new QueryError("The conjunction of filters is either `and` or `or`.");
  if (!Array.isArray(items)) throw new QueryError("The items of filters are a list.");
  if (items.length > limits.taskFilters) throw new QueryError(`Use at most ${limits.taskFilters} filters.`);
  if (items.length === 0) return undefined;
  const read = items.map((item, index) => readItem(item, `Filter ${index + 1}`, 1));
  const count = read.flat().reduce((sum, { values }) => sum + values.length, 0);
  if (count > limits.filterValues) throw new QueryError(`Use at most ${limits.filterValues} values in all filters.`);
  return { conjunction, items: read };
}

function readItem(item: unknown, name: string, depth: number): TaskFilter[] {
  if (depth > limits.filterDepth)
    throw new QueryError(`${name}: nest child filters at most ${limits.filterDepth} levels deep.`);
  if (!isObject(item)) throw new QueryError(`${name} is no object with filter, operator, type and value.`);
  const { child_filter } = item;
  const isAlone = child_filter === null || child_filter === undefined;
  return [readFilter(item, name), ...(isAlone ? [] : readItem(child_filter, `The child of ${name}`, depth + 1))];
}

const filterPrefix = "filter:tasks:";

function readFilter({ filter, operator, type, value }: Record<string, unknown>, name: string): TaskFilter {
  if (typeof filter !== "string" || !filter.startsWith(filterPrefix))
    throw new QueryError(`${name}: "filter" starts with ${filterPrefix} and names a column.`);
  if (typeof type !== "string" || type === "") throw new QueryError(`${name}: "type" is missing, such as String.`);
  if (value === null || value === undefined) throw new QueryError(`${name}: "value" is missing.`);
  const place = readPlace(filter.slice(filterPrefix.length), name);
  const { test, is_negated } = readOperator(operator, name);
  const kind = kindOf(place);
  if (kind && !testsOfKind[kind].includes(test))
    throw new QueryError(
      `${name}: the column ${filter.slice(filterPrefix.length)} has no ${String(operator)}: use one of ${testsOfKind[kind].join(", ")}.`,
    );
  const as_number = type === "Number" && kind === undefined;
  const values = readValues(value, { kind, test, type }, name);
  return { place, test, is_negated, values, as_number, blank_is_empty: type === "String" || type === "Unknown" };
}

/** Undefined for a field of the data, which can hold anything. */
function kindOf(place: TaskPlace): ColumnKind | undefined {
  return "column" in place ? taskColumnKinds[place.column] : undefined;
}

/** Reads the name of a column, or of a field of the data as `data.X`. `name` says in errors whose it is. */
export function readPlace(column: string, name: string): TaskPlace {
  if (column.length > limits.columnName || storageError(column))
    throw new QueryError(`${name}: this is no name of a column.`);
  if (Object.hasOwn(taskColumnKinds, column)) return { column: column as TaskColumn };
  if (column.startsWith("data.")) {
    const field = column.slice("data.".length).split("__");
    if (field.every((part) => part !== "") && field.length <= limits.filterDepth) return { field };
  }
  throw new QueryError(
    `${name}: there is no column "${column}". There are ${Object.keys(taskColumnKinds).join(", ")}, and data.X for a field X of the data.`,
  );
}

function readOperator(operator: unknown, name: string): { test: FilterTest; is_negated: boolean } {
  const is_negated = typeof operator === "string" && operator.startsWith("not_");
  const word = is_negated ? operator.slice("not_".length) : operator;
  const test = tests.find((each) => each === word);
  if (!test || (is_negated && !negatable.includes(test)))
    throw new QueryError(`${name}: there is no operator "${String(operator)}". Use one of ${operators.join(", ")}.`);
  return { test, is_negated };
}

interface Reading {
  kind: ColumnKind | undefined;
  test: FilterTest;
  type: string;
}

function readValues(value: unknown, { kind, test, type }: Reading, name: string): FilterValue[] {
  if (test === "empty") return [readFlag(value, name)];
  if (test === "regex" || (test === "contains" && kind !== "list" && kind !== "ids" && kind !== "versions"))
    return [readText(value, name, limits.filterSearch)];
  const read = reader(kind, type, name);
  if (test === "in") {
    const { min, max } = Object(value) as { min?: unknown; max?: unknown };
    if (!isObject(value) || isMissing(min) || isMissing(max))
      throw new QueryError(`${name}: the value of in and not_in is {"min": …, "max": …}.`);
    return [read(min), read(max)];
  }
  if (test === "in_list") {
    if (!Array.isArray(value)) throw new QueryError(`${name}: the value of in_list and not_in_list is a list.`);
    return readAll(value, read, name);
  }
  if (kind === "ids" && typeof value === "string") return readIds(value);
  if (kind === "list" || kind === "ids" || kind === "versions") return readAll([value].flat(), read, name);
  return [read(value)];
}

export function isMissing(value: unknown): boolean {
  return value === null || value === undefined;
}

function readAll(values: unknown[], read: (value: unknown) => FilterValue, name: string): FilterValue[] {
  if (values.length > limits.filterValues) throw new QueryError(`${name}: use at most ${limits.filterValues} values.`);
  return values.map(read);
}

/** What reads a single value of a column. */
function reader(kind: ColumnKind | undefined, type: string, name: string): (value: unknown) => FilterValue {
  if (kind === "number" || kind === "count" || (kind === undefined && type === "Number"))
    return (value) => readNumber(value, name);
  if (kind === "moment") return (value) => readMoment(value, name);
  if (kind === "flag" || (kind === undefined && type === "Boolean")) return (value) => readFlag(value, name);
  if (kind === "list") return (value) => readId(value, `${name}: people are named by their ids, such as 1.`);
  if (kind === "ids") return (value) => readId(value, `${name}: annotations are named by their ids, such as 1.`);
  if (kind !== undefined) return (value) => readText(value, name, limits.filterText);
  return (value) =>
    typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
      ? value
      : readText(value, name, limits.filterText);
}

function readNumber(value: unknown, name: string): number {
  const number =
    typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number))
    throw new QueryError(`${name}: "${show(value)}" is no number.`);
  return number;
}

function readId(value: unknown, message: string): number {
  const id = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof id !== "number" || !Number.isInteger(id)) throw new QueryError(message);
  return id >= 0 && id <= maxId ? id : 0;
}

/** Ids in a text with commas, as the column shows them; words, which no id is, are 0. */
function readIds(value: string): number[] {
  return value
    .slice(0, limits.filterSearch)
    .split(",")
    .map((id) => (/^\s*\d{1,10}\s*$/.test(id) && Number(id) <= maxId ? Number(id) : 0));
}

function readMoment(value: unknown, name: string): string {
  const moment = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (!moment) throw new QueryError(`${name}: write the moment like 2020-01-31T12:30:00.000000Z.`);
  return moment;
}

function readFlag(value: unknown, name: string): boolean {
  const word = String(value).toLowerCase();
  if (["true", "yes", "on", "1"].includes(word)) return true;
  if (["false", "no", "off", "0"].includes(word)) return false;
  throw new QueryError(`${name}: "${show(value)}" is neither true nor false.`);
}

function readText(value: unknown, name: string, max: number): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw new QueryError(`${name}: the value is a text here.`);
  const text = String(value);
  if (text.length > max) throw new QueryError(`${name}: the value has more than ${max} characters.`);
  if (storageError(text)) throw new QueryError(`${name}: no data has these characters.`);
  return text;
}

function show(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 50);
}
