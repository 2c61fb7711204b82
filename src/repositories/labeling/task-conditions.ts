import type { Knex } from "knex";

import { isPostgres } from "../../database/open.ts";
import { compactPart, containing } from "../like.ts";
import { fieldCondition, fieldKey, fieldText } from "./task-fields.ts";
import { taskColumnKinds } from "./task-columns.ts";
import type { FilterTest, FilterValue, TaskColumn, TaskFilter, TaskPlace } from "./task-columns.ts";
import { spellings } from "./task-search.ts";

/*
 * Filters of the task list in SQL, as conditions over `tasks` that hold or don't for every task, never null. They are the same for
 * both databases: what a text has in it is compared without regard to the case of ASCII letters, all else as it is.
 */

const signs: Partial<Record<FilterTest, string>> = {
  equal: "=",
  less: "<",
  greater: ">",
  less_or_equal: "<=",
  greater_or_equal: ">=",
};

/** A number, moment or text of a task. Drafts are those of the user alone. */
const valueSql: Partial<Record<TaskColumn, string>> = {
  project: "tasks.project_id",
  comment_count: "0",
  unresolved_comment_count: "0",
  predictions_score: "(select avg(score) from predictions where predictions.task_id = tasks.id)",
  avg_lead_time: "(select avg(lead_time) from annotations where annotations.task_id = tasks.id)",
  completed_at:
    "(case when tasks.is_labeled then (select max(annotations.created_at) from annotations where annotations.task_id = tasks.id) end)",
  file_upload: "(select file_uploads.file from file_uploads where file_uploads.id = tasks.file_upload_id)",
  storage_filename:
    "(select local_storage_links.path from local_storage_links where local_storage_links.task_id = tasks.id)",
};

/** The rows of which a task has several, and the column that is compared. */
const partSql = {
  annotators: { from: "annotations", column: "completed_by_id" },
  annotations_ids: { from: "annotations", column: "id" },
  annotations_results: { from: "annotations", column: "result" },
  predictions_results: { from: "predictions", column: "result" },
  predictions_model_versions: { from: "predictions", column: "model_version" },
} as const;

type PartColumn = keyof typeof partSql;

/** A filter in SQL; `user_id` is whose drafts are meant. Not for `regex`, which no database does alike. */
export function filterCondition(database: Knex, filter: TaskFilter, user_id: number): Knex.Raw {
  const { place } = filter;
  if ("field" in place) return fieldCondition(database, place.field, filter);
  const condition = columnCondition(database, place.column, filter, user_id);
  return filter.is_negated ? database.raw("not ?", [condition]) : condition;
}

function columnCondition(database: Knex, column: TaskColumn, filter: TaskFilter, user_id: number): Knex.Raw {
  const kind = taskColumnKinds[column];
  const [value = ""] = filter.values;
  if (kind === "flag") {
    if (filter.test === "empty") return database.raw(value === true ? "(1 = 0)" : "(1 = 1)");
    return database.raw(value === true ? "(?)" : "(not ?)", [flagSql(database, column, user_id)]);
  }
  if (column === "updated_by") return updatedByCondition(database, filter);
  if (column in partSql) return partsCondition(database, column as PartColumn, filter);
  return valueCondition(database, column, filter);
}

function flagSql(database: Knex, column: TaskColumn, user_id: number): Knex.Raw {
  if (column === "is_labeled") return database.raw("tasks.is_labeled");
  return database.raw("exists (select 1 from drafts where drafts.task_id = tasks.id and drafts.user_id = ?)", [
    user_id,
  ]);
}

function columnSql(column: TaskColumn): string {
  return valueSql[column] ?? `tasks.${column}`;
}

function valueCondition(database: Knex, column: TaskColumn, { test, values }: TaskFilter): Knex.Raw {
  const kind = taskColumnKinds[column];
  const sql = columnSql(column);
  const [value = "", upper = ""] = values;
  if (test === "empty") {
    const isEmpty = {
      count: `${sql} = 0`,
      json: "1 = 0",
      // Labeled tasks are found by index, the moment of their last annotation is not.
      moment: column === "completed_at" ? "not tasks.is_labeled" : `${sql} is null`,
    }[kind as string];
    return database.raw(`${value === true ? "" : "not "}(${isEmpty ?? `${sql} is null`})`);
  }
  if (test === "contains") {
    if (kind === "json") return containsJson(database, sql, String(value));
    return database.raw(`coalesce(${like(database, `cast(${sql} as text)`)}, false)`, [containing(String(value))]);
  }
  const type = kind === "number" || kind === "count" ? "double precision" : "text";
  const one = `cast(? as ${type})`;
  if (test === "in") return database.raw(`coalesce(${sql} between ${one} and ${one}, false)`, [value, upper]);
  if (test === "in_list") {
    if (values.length === 0) return database.raw("(1 = 0)");
    return database.raw(`coalesce(${sql} in (${values.map(() => one).join(", ")}), false)`, values);
  }
  return database.raw(`coalesce(${sql} ${signs[test]} ${one}, false)`, [value]);
}

function updatedByCondition(database: Knex, { test, values }: TaskFilter): Knex.Raw {
  if (test === "empty") return database.raw(`(tasks.updated_by_id is ${values[0] === true ? "" : "not "}null)`);
  if (values.length === 0) return database.raw("(1 = 0)");
  const people = values.map(() => "cast(? as integer)").join(", ");
  return database.raw(`coalesce(tasks.updated_by_id in (${people}), false)`, values);
}

/** What holds of one of the annotations or predictions of a task. */
function partsCondition(database: Knex, name: PartColumn, { test, values }: TaskFilter): Knex.Raw {
  const { from, column } = partSql[name];
  const exists = (condition: string, bindings: Knex.RawBinding[] = []) =>
    database.raw(`exists (select 1 from ${from} where ${from}.task_id = tasks.id and ${condition})`, bindings);
  if (test === "empty") {
    const isFull = {
      annotators: "annotations.completed_by_id is not null",
      annotations_ids: "1 = 1",
      annotations_results: "annotations.result_count > 0",
      predictions_results: "predictions.result <> '[]'",
      predictions_model_versions: "predictions.model_version <> ''",
    }[name];
    return database.raw(values[0] === true ? "not ?" : "?", [exists(isFull)]);
  }
  if (values.length === 0) return database.raw("(1 = 0)");
  if (column === "result") {
    const text = String(values[0] ?? "");
    const compact = compactPart(text);
    if (test === "contains") return exists("?", [containsJson(database, `${from}.result`, text, compact)]);
    return exists(`${from}.result in (?, ?)`, [text, compact]);
  }
  const isVersion = column === "model_version";
  if (isVersion && test === "contains" && values.length === 1)
    return exists(like(database, `${from}.${column}`), [containing(String(values[0] ?? ""))]);
  const list = `${from}.${column} in (${values.map(() => `cast(? as ${isVersion ? "text" : "integer"})`).join(", ")})`;
  // Equal are those whom nobody else joined in.
  if (name === "annotators" && test === "equal")
    return database.raw("(? and not ?)", [exists(list, values), exists(`not (${list})`, values)]);
  return exists(list, values);
}

function like(database: Knex, sql: string): string {
  return isPostgres(database) ? `${sql} collate "C" ilike ? escape '\\'` : `${sql} like ? escape '\\'`;
}

/** Whether JSON has one of the texts in it, as they are, or as JSON may write them. */
function containsJson(database: Knex, sql: string, ...texts: string[]): Knex.Raw {
  const written = [...new Set(texts.flatMap((text) => [text, ...spellings(text)]))];
  const condition = written.map(() => like(database, sql)).join(" or ");
  return database.raw(`(${condition})`, written.map(containing));
}

/** The text of a place, in which an expression is looked for: that of all parts, a line each. */
export function placeText(database: Knex, place: TaskPlace): Knex.Raw {
  if ("field" in place) return fieldText(database, place.field);
  const { column } = place;
  if (column in partSql) return joinedParts(database, column as PartColumn, "\n");
  return database.raw(`cast(${columnSql(column)} as text)`);
}

/** What a list is ordered by: a number, a text, or null for what comes last. Not of fields that count as numbers. */
export function placeKey(database: Knex, place: TaskPlace, user_id: number): Knex.Raw {
  if ("field" in place) return fieldKey(database, place.field);
  const { column } = place;
  if (taskColumnKinds[column] === "flag")
    return database.raw("(case when ? then 1 else 0 end)", [flagSql(database, column, user_id)]);
  if (column === "updated_by") return database.raw("tasks.updated_by_id");
  // Nobody comes first, as in Label Studio.
  if (column === "annotators") return database.raw("coalesce(?, '')", [joinedParts(database, column, ",")]);
  if (column in partSql) return database.raw("substr(?, 1, 100)", [joinedParts(database, column as PartColumn, ",")]);
  const sql = columnSql(column);
  const kind = taskColumnKinds[column];
  return database.raw(kind === "json" || kind === "text" ? `substr(${sql}, 1, 100)` : sql);
}

function joinedParts(database: Knex, name: PartColumn, separator: string): Knex.Raw {
  const { from, column } = partSql[name];
  // Each person and each version once.
  const rows =
    name === "annotators" || name === "predictions_model_versions"
      ? `select distinct ${column} as part from ${from} where ${from}.task_id = tasks.id and ${column} is not null order by 1`
      : `select ${column} as part from ${from} where ${from}.task_id = tasks.id order by ${from}.id`;
  const join = isPostgres(database) ? "string_agg(cast(part as text), ?)" : "group_concat(part, ?)";
  return database.raw(`(select ${join} from (${rows}) as parts)`, [separator]);
}

/** The values of filters that have to hold for all, by which an index narrows a list: of ids, and of whether it is labeled. */
export interface IndexedValues {
  min: number;
  max: number;
  is_labeled: boolean | undefined;
}

/** Narrows what is known of the tasks by a filter that has to hold. */
export function narrowByIndex(known: IndexedValues, { place, test, is_negated, values }: TaskFilter): IndexedValues {
  if (is_negated || "field" in place) return known;
  const [value = 0, upper = 0] = values;
  if (place.column === "id" && typeof value === "number") {
    const [min, max] = idBounds(test, value, Number(upper), values);
    return { ...known, min: Math.max(known.min, Math.ceil(min)), max: Math.min(known.max, Math.floor(max)) };
  }
  const labels = place.column === "is_labeled" && test === "equal";
  if (labels) return { ...known, is_labeled: value === true };
  if (place.column === "completed_at" && test === "empty") return { ...known, is_labeled: value !== true };
  return known;
}

function idBounds(test: FilterTest, value: number, upper: number, values: FilterValue[]): [number, number] {
  if (test === "equal") return [value, value];
  if (test === "in") return [value, upper];
  if (test === "in_list") return [minOf(values), maxOf(values)];
  if (test === "less" || test === "less_or_equal") return [0, value];
  if (test === "greater" || test === "greater_or_equal") return [value, Infinity];
  return [0, Infinity];
}

function minOf(values: FilterValue[]): number {
  return values.reduce<number>((min, value) => Math.min(min, Number(value)), Infinity);
}

function maxOf(values: FilterValue[]): number {
  return values.reduce<number>((max, value) => Math.max(max, Number(value)), 0);
}
