import { z } from "zod";

import { pythonType } from "../../common/python-repr.ts";
import { parseTimestamp } from "../../common/timestamps.ts";
import { maxId } from "../../common/ids.ts";
import { emailPattern } from "../../forms/email.ts";
import { storageError } from "../../common/text-validation.ts";

/*
 * The fields of the API's bodies: what upstream takes for each, and the words in which it refuses. `meta` tells the API's
 * document what zod can't: that numbers pass as text, which words are booleans.
 */

type Issue = { code?: string; input?: unknown };

/** Refuses in upstream's words what is missing or null, and anything else with `otherwise`. */
function refusal(otherwise: string) {
  return ({ code, input }: Issue) => {
    if (input === undefined) return "This field is required.";
    if (input === null) return "This field may not be null.";
    return code === "invalid_type" ? otherwise : undefined;
  };
}

const blank = /^[\s\uFEFF]*$/;

/** Text of at most `max` characters; spaces around it are cut. A number is text, too. */
export function text({ max, required = false }: { max: number; required?: boolean }) {
  return z
    .preprocess(
      (value) => (typeof value === "number" ? String(value) : value),
      z
        .string({ error: refusal("Not a valid string.") })
        .superRefine((value, context) => {
          const problem = storageError(value);
          if (problem) context.addIssue(problem);
        })
        .refine((value) => [...value].length <= max, `Ensure this field has no more than ${max} characters.`)
        .refine((value) => !required || !blank.test(value), "This field may not be blank.")
        .transform((value) => value.trim()),
    )
    .meta({
      type: ["string", "number"],
      maxLength: max,
      pattern: required ? "^[^\\u0000]*[^\\s\\uFEFF\\u0000][^\\u0000]*$" : "^[^\\u0000]*$",
    });
}

/** The email that somebody logs in with, as it is kept: in lower case. */
export function loginEmail() {
  return email().transform((value) => value.toLowerCase());
}

export function email() {
  return z
    .string({ error: refusal("Not a valid string.") })
    .trim()
    .min(1, { abort: true, error: "This field may not be blank." })
    .max(254, { abort: true, error: "Ensure this field has no more than 254 characters." })
    .regex(emailPattern, "Enter a valid email address.")
    .meta({ type: "string", format: "idn-email", maxLength: 254 });
}

const yes = ["true", "True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "1"];
const no = ["false", "False", "FALSE", "f", "F", "no", "No", "NO", "n", "N", "off", "Off", "OFF", "0"];

const nothing = ["", "null", "Null", "NULL"];

function asBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 1 || yes.includes(value as string)) return true;
  if (value === false || value === 0 || no.includes(value as string)) return false;
  return undefined;
}

export function boolean() {
  return z
    .unknown()
    .transform((value, context) => {
      const said = asBoolean(value);
      if (said === undefined) {
        context.addIssue(value === null ? "This field may not be null." : "Must be a valid boolean.");
        return z.NEVER;
      }
      return said;
    })
    .meta({ type: ["boolean", "integer", "string"], enum: [true, false, 1, 0, ...yes, ...no] });
}

/** True, false or null: not said. */
export function nullableBoolean() {
  return z
    .unknown()
    .transform((value, context) => {
      const said = value === null || nothing.includes(value as string) ? null : asBoolean(value);
      if (said === undefined) {
        context.addIssue("Must be a valid boolean.");
        return z.NEVER;
      }
      return said;
    })
    .meta({
      type: ["boolean", "integer", "string", "null"],
      enum: [true, false, null, 1, 0, ...yes, ...no, ...nothing],
    });
}

export function integer({ min, max }: { min: number; max: number }) {
  const error = "A valid integer is required.";
  return z
    .preprocess(
      (value) => (typeof value === "string" && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value),
      z
        .number({ error: refusal(error) })
        .refine(Number.isInteger, { error, abort: true })
        .min(min, `Ensure this value is greater than or equal to ${min}.`)
        .max(max, `Ensure this value is less than or equal to ${max}.`),
    )
    .meta({ type: ["integer", "string"], minimum: min, maximum: max, pattern: "^\\d+$" });
}

/** The id of another record; whether there is such a one, the route says. */
export function primaryKey() {
  return z
    .unknown()
    .transform((value, context) => {
      const isKey = typeof value === "string" ? /^\d{1,15}$/.test(value) : Number.isInteger(value);
      if (isKey && Math.abs(Number(value)) <= maxId) return Number(value);
      if (isKey) context.addIssue(`Invalid pk "${String(value)}" - object does not exist.`);
      else if (value === undefined) context.addIssue("This field is required.");
      else if (value === null) context.addIssue("This field may not be null.");
      else context.addIssue(`Incorrect type. Expected pk value, received ${pythonType(value)}.`);
      return z.NEVER;
    })
    .meta({ type: ["integer", "string"], pattern: "^\\d+$" });
}

/** A moment in ISO 8601; UTC is meant where no offset is said. Forms send one that nobody filled in as empty text. */
export function dateTime() {
  return z
    .string({ error: refusal("Not a valid string.") })
    .transform((value, context) => {
      const moment = parseTimestamp(value);
      if (moment || value === "") return moment;
      context.addIssue(
        "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
      );
      return z.NEVER;
    })
    .meta({ type: "string", anyOf: [{ format: "date-time" }, { maxLength: 0 }] });
}

/** Forms send a field that nobody filled in as empty text. */
export function leftOutIfEmpty<Field extends z.ZodType>(field: Field) {
  return z.preprocess((value) => (value === "" ? undefined : value), field).optional();
}

const yesInQuery = ["1", "true", "yes", "on"];

/** Yes or no in an address. */
export function flagInQuery() {
  return z
    .string()
    .optional()
    .transform((value, context) => {
      const word = value?.toLowerCase() ?? "false";
      if (yesInQuery.includes(word)) return true;
      if (["0", "false", "no", "off", "not"].includes(word)) return false;
      context.addIssue(`Incorrect bool value "${value}". It should be one of [1, 0, true, false, yes, no]`);
      return z.NEVER;
    })
    .meta({ type: "string", enum: ["1", "0", "true", "false", "yes", "no", "on", "off", "not"] });
}

/** As `flagInQuery`, but anything else is no, as upstream ignores it. */
export function wishInQuery({ usual = false } = {}) {
  return z
    .string()
    .optional()
    .transform((value) => (value === undefined ? usual : yesInQuery.includes(value.toLowerCase())))
    .meta({ type: "string" });
}
