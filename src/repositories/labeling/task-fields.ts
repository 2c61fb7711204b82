import type { Knex } from "knex";

import { isPostgres } from "../../database/open.ts";
import { limits } from "../../common/limits.ts";
import { compactPart, containing } from "../like.ts";
import type { FilterTest, FilterValue, TaskFilter } from "./task-columns.ts";

/*
 * Fields of the data of tasks in SQL, so that both databases answer alike: `field.type` is that of JSON, `field.text` the text, or
 * the JSON of what is no text, and null for a JSON null. A field that is not there has neither.
 */

/** Escapes in JSON that are no character, for which PostgreSQL refuses the whole text. */
const unstorableEscapes = String.raw`\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}`;

/** SQLite compares texts up to a NUL only. */
const storable = String.raw`case when instr(tasks.data, '\u0000') > 0 then replace(tasks.data, '\u0000', '\ufffd') else tasks.data end`;

const mayHaveUnstorable = String.raw`tasks.data like '%\\u0000%' or tasks.data like '%\\ud%' or tasks.data like '%\\uD%'`;

/** A text in JSON, which is kept, or blanks between its parts, which SQLite leaves out. */
const blanksInJson = String.raw`("(?:[^"\\]|\\.)*")|\s+`;

/** The number at the start of a text, as SQLite's casts read it. */
const leadingNumber = String.raw`^\s*([+-]?(?:\d{1,250}(?:\.\d{0,250})?|\.\d{1,250})(?:[eE][+-]?\d{1,3}(?!\d))?)`;

const opposites: Partial<Record<FilterTest, string>> = {
  less: "<",
  greater: ">",
  less_or_equal: "<=",
  greater_or_equal: ">=",
};

/** One row, `field`, with the type and the text of a field of a task. */
function fieldRow(database: Knex, names: string[]): Knex.Raw {
  if (isPostgres(database)) {
    const data = database.raw(
      `(case when ${mayHaveUnstorable} then regexp_replace(tasks.data, ?, ?, 'g') else tasks.data end)::json`,
      [unstorableEscapes, String.raw`\ufffd`],
    );
    const steps = names.map(() => "-> cast(? as text)").join(" ");
    return database.raw(
      `(select type, (case when type in ('object', 'array') then regexp_replace(text, ?, ?, 'g') else text end) collate "C" as text
        from (select json_typeof(value) as type, value #>> '{}' as text
          from (select ? ${steps} as value offset 0) as parsed offset 0) as typed offset 0) as field`,
      [blanksInJson, String.raw`\1`, data, ...names],
    );
  }
  const path = `$${names.map((name) => `.${JSON.stringify(name)}`).join("")}`;
  return database.raw(
    `(select case type when 'text' then 'string' when 'integer' then 'number' when 'real' then 'number'
        when 'true' then 'boolean' when 'false' then 'boolean' else type end as type,
        case type when 'null' then null when 'text' then json_extract(${storable}, ?) else tasks.data -> ? end as text
      from (select json_type(tasks.data, ?) as type)) as field`,
    [path, path, path],
  );
}

/** The value of a field as a number: a text that is none is 0, null stays null. */
function numberSql(database: Knex): Knex.Raw {
  const cast = isPostgres(database)
    ? database.raw("coalesce(cast(substring(field.text from cast(? as text)) as numeric), 0)", [leadingNumber])
    : database.raw("cast(field.text as real)");
  return database.raw(
    `(case field.type when 'null' then null when 'boolean' then case field.text when 'true' then 1 else 0 end
      when 'object' then 0 when 'array' then 0 else ? end)`,
    [cast],
  );
}

/** A condition over `tasks`. A field that is not there matches nothing but `empty`, not even what is negated. */
export function fieldCondition(database: Knex, names: string[], filter: TaskFilter): Knex.Raw {
  const row = fieldRow(database, names);
  if (filter.test === "empty") {
    const text = filter.blank_is_empty ? " and (field.type <> 'string' or field.text <> '')" : "";
    const isFull = `exists (select 1 from ? where field.type is not null and field.type <> 'null'${text})`;
    return database.raw(filter.values[0] === true ? `not ${isFull}` : isFull, [row]);
  }
  return database.raw(
    `exists (select 1 from ? where field.type is not null and ${filter.is_negated ? "not " : ""}coalesce(?, false))`,
    [row, comparison(database, filter)],
  );
}

function comparison(database: Knex, { test, values, as_number }: TaskFilter): Knex.Raw {
  const [value = "", upper = ""] = values;
  if (test === "contains") return fieldContains(database, String(value));
  if (test === "equal" || test === "in_list") return isOneOf(database, values, as_number);
  if (test === "in")
    return database.raw("(? and ?)", [
      isOrdered(database, ">=", value, as_number),
      isOrdered(database, "<=", upper, as_number),
    ]);
  return isOrdered(database, opposites[test] ?? "=", value, as_number);
}

function fieldContains(database: Knex, text: string): Knex.Raw {
  const like = isPostgres(database) ? "ilike" : "like";
  const condition = `field.text ${like} ? escape '\\'`;
  return database.raw(`(${condition} or ${condition})`, [containing(text), containing(compactPart(text))]);
}

function isOneOf(database: Knex, values: FilterValue[], as_number: boolean): Knex.Raw {
  const numbers = values.filter((value) => typeof value === "number");
  const texts = values.filter((value) => typeof value !== "number").map(String);
  const sorts = [
    numbers.length > 0 &&
      database.raw(`(${as_number ? "" : "field.type = 'number' and "}? in (${placeholders(numbers, "numeric")}))`, [
        numberSql(database),
        ...numbers.map((number) => numberBinding(database, number)),
      ]),
    // A word finds the JSON value true, too.
    texts.length > 0 &&
      database.raw(`(field.type in ('string', 'boolean') and field.text in (${placeholders(texts, "text")}))`, texts),
  ].filter((each) => each !== false);
  if (sorts.length === 0) return database.raw("(1 = 0)");
  return database.raw(`(${sorts.map(() => "?").join(" or ")})`, sorts);
}

/** Numbers come before texts, as in the order of a list. */
function isOrdered(database: Knex, sign: string, value: FilterValue, as_number: boolean): Knex.Raw {
  if (typeof value === "number") {
    const number = database.raw(`? ${sign} cast(? as numeric)`, [numberSql(database), numberBinding(database, value)]);
    if (as_number) return number;
    const others = sign.startsWith(">") ? "field.type not in ('number', 'null')" : "1 = 0";
    return database.raw(`(case when field.type = 'number' then ? else ${others} end)`, [number]);
  }
  const text = database.raw(`field.text ${sign} cast(? as text)`, [String(value)]);
  return database.raw(`(case when field.type = 'number' then ${sign.startsWith("<") ? "1 = 1" : "1 = 0"} else ? end)`, [
    text,
  ]);
}

function placeholders(values: unknown[], type: string): string {
  return values.map(() => `cast(? as ${type})`).join(", ");
}

/** PostgreSQL's driver sends numbers as text, SQLite's as they are. */
function numberBinding(database: Knex, number: number): number | string {
  return isPostgres(database) ? String(number) : number;
}

/** What a list is ordered by: the type and the start of the text; null for a field that is not there. */
export function fieldKey(database: Knex, names: string[]): Knex.Raw {
  return database.raw(
    `(select field.type || ':' || substr(coalesce(field.text, 'null'), 1, ${limits.orderedText}) from ?)`,
    [fieldRow(database, names)],
  );
}

/** The text of a field, in which an expression is looked for. */
export function fieldText(database: Knex, names: string[]): Knex.Raw {
  return database.raw("(select field.text from ?)", [fieldRow(database, names)]);
}
