import type { Knex } from "knex";

import { maxId } from "../../common/ids.ts";
import { isPostgres } from "../../database/open.ts";
import { containing } from "../like.ts";

/** A search among the tasks of a project. */
export interface TaskSearch {
  /** The task with this number in its project. */
  number: number | undefined;
  /** A part of the data; undefined for `#84`, which only means the number. */
  text: string | undefined;
  /** Fields of the data, whose names don't count as a part of it. */
  field_names: readonly string[];
}

/** Reads what was typed: `84` is a number or a part of the data, `#84` a number. Returns undefined for a blank. */
export function parseTaskSearch(typed: string, field_names: readonly string[] = []): TaskSearch | undefined {
  const text = typed.trim();
  const [, hash, digits = ""] = /^(#?)([1-9]\d{0,9})$/.exec(text) ?? [];
  const number = digits && Number(digits) <= maxId ? Number(digits) : undefined;
  if (!text) return undefined;
  return { number, text: number !== undefined && hash ? undefined : text, field_names };
}

/**
 * Narrows a query over `tasks` to those whose data has the text in it, in any case. The data is compared as it was sent, as JSON:
 * with letters as they are or as `\u00e9`, and without the names of the fields.
 */
export function dataContains(
  database: Knex,
  query: Knex.QueryBuilder,
  { text = "", field_names }: Pick<TaskSearch, "text" | "field_names">,
): void {
  const like = isPostgres(database) ? "ilike" : "like";
  const names = field_names
    .map((name) => `${JSON.stringify(name)}:`)
    .filter((name) => name.toLowerCase().includes(text.toLowerCase()));
  const data = names.reduce((sql) => `replace(${sql}, ?, '')`, "tasks.data");
  query.where((alternatives) => {
    for (const spelling of spellings(text))
      alternatives.orWhereRaw(`${data} ${like} ? escape '\\'`, [...names, containing(spelling)]);
  });
}

/** How JSON may have the text. Databases fold the case of ASCII letters; of others these are the usual ones. */
export function spellings(text: string): string[] {
  const cases = /^\p{ASCII}*$/u.test(text)
    ? [text]
    : [text, text.toLowerCase(), text.toUpperCase(), text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()];
  const written = cases.map((each) => JSON.stringify(each).slice(1, -1));
  return [...new Set([...written, ...written.map(escapeNonAscii)])];
}

/** As Python's `json` and others write it. */
function escapeNonAscii(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
