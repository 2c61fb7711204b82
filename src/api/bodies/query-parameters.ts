import * as z from "zod";

import { parseId } from "../../common/ids.ts";
import { parseTaskQueryText } from "../../forms/task-query.ts";

/** What `page_size=-1` stands for: more than any list has. */
const unlimited = 999_999_999;

/** The number of a page, from 1; 0, which no page has, for anything else. `emptyIsFirst`: an empty value is page 1. */
export function pageNumber({ emptyIsFirst = false } = {}) {
  return z
    .string()
    .transform((value) => {
      if (value === "last") return value;
      if (value === "" && emptyIsFirst) return 1;
      return /^\d{1,9}$/.test(value) ? Number(value) : 0;
    })
    .default(1)
    .meta({ type: ["integer", "string"], default: 1, description: "from 1, or `last`" });
}

/** The length of a page, at most `max`; `fallback` for what is no positive number. `allowAll`: -1 is the whole list. */
export function pageSize({ fallback, max, allowAll }: { fallback: number; max?: number; allowAll?: boolean }) {
  return z
    .string()
    .transform((value) => {
      if (value === "-1" && allowAll) return unlimited;
      return /^[1-9]\d{0,8}$/.test(value) ? Math.min(Number(value), max ?? Infinity) : fallback;
    })
    .default(fallback)
    .meta({
      type: ["integer", "string"],
      default: fallback,
      ...(max !== undefined && { description: `at most ${max}` }),
    });
}

/** The names of the fields that records are to have (sparse fieldsets). */
export function fieldNames() {
  return z
    .string()
    .transform((value) => value.split(",").map((name) => name.trim()))
    .optional()
    .meta({ type: "string", description: "names of fields, such as id,title" });
}

/** The id of a record; 0, which no record has, for what is no id. */
export function recordId() {
  return z
    .string()
    .transform(parseId)
    .optional()
    .meta({ type: ["integer", "string"] });
}

/** The id of a record, which `name` is for; what is no number is refused, as it may be a variable that a script forgot to set. */
export function numericId(name: string) {
  return z
    .string()
    .transform((value, context) => {
      if (/^\d+$/.test(value)) return parseId(value);
      context.addIssue(notDigits(name, value));
      return z.NEVER;
    })
    .optional()
    .meta({ type: ["integer", "string"], pattern: "^\\d+$" });
}

/** The number of a page, from 1; 0, which no page has, for larger numbers than there are pages. What is no number is refused. */
export function numericPage() {
  return z
    .string()
    .transform((value, context) => {
      if (/^\d+$/.test(value)) return value.length < 10 ? Number(value) : 0;
      context.addIssue(notDigits("page", value));
      return z.NEVER;
    })
    .default(1)
    .meta({ type: ["integer", "string"], pattern: "^\\d+$", default: 1, description: "from 1" });
}

/** Label Studio's words. */
function notDigits(name: string, value: string): string {
  return `Incorrect value in key "${name}" = "${value}". It should be digit string.`;
}

const trueWords = ["1", "true", "yes", "on"];
const falseWords = ["0", "false", "no", "off", "not"];

/** A boolean; false by default, and anything that is no boolean is refused. */
export function strictBoolean() {
  return z
    .string()
    .optional()
    .transform((value, context) => {
      const word = value?.toLowerCase() ?? "false";
      if (trueWords.includes(word)) return true;
      if (falseWords.includes(word)) return false;
      context.addIssue(`Incorrect bool value "${value}". It should be one of [1, 0, true, false, yes, no]`);
      return z.NEVER;
    })
    .meta({ type: "string", enum: ["1", "0", "true", "false", "yes", "no", "on", "off", "not"] });
}

/** A boolean; anything that is no boolean is false, as in Label Studio. */
export function lenientBoolean({ fallback = false } = {}) {
  return z
    .string()
    .optional()
    .transform((value) => (value === undefined ? fallback : trueWords.includes(value.toLowerCase())))
    .meta({ type: "string" });
}

/** Which tasks, as JSON. */
export function taskQueryText() {
  return z
    .string()
    .transform(async (text, context) => {
      const result = await parseTaskQueryText(text);
      if ("choice" in result) return result.choice;
      context.addIssue(result.error);
      return z.NEVER;
    })
    .meta({
      type: "string",
      description: "JSON with `filters`, `ordering` and `selectedItems`, as in the body of an action on many tasks",
    });
}
