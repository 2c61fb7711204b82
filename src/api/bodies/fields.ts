import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { maxId } from "../../common/ids.ts";
import { pythonType } from "../../common/python-repr.ts";
import { storageError } from "../../common/text-validation.ts";
import { parseTimestamp } from "../../common/timestamps.ts";
import { emailPattern } from "../../forms/email.ts";

/*
 * The fields of the API's bodies: they accept what Label Studio accepts, and refuse it with the same messages. `meta` adds
 * to the OpenAPI document what zod can't tell: that a number is accepted as text, which words are booleans.
 */

type Issue = { code?: string; input?: unknown };

/** The messages for a missing value and for null; `typeMessage` is for a value of another type. */
function requiredError(typeMessage: string) {
  return ({ code, input }: Issue) => {
    if (input === undefined) return "This field is required.";
    if (input === null) return "This field may not be null.";
    return code === "invalid_type" ? typeMessage : undefined;
  };
}

const blank = /^[\s\uFEFF]*$/;

/** Text of at most `max` characters, trimmed. A number is accepted as text. */
export function text({ max, required = false }: { max: number; required?: boolean }) {
  return z
    .preprocess(
      (value) => (typeof value === "number" ? String(value) : value),
      z
        .string({ error: requiredError("Not a valid string.") })
        .superRefine((value, context) => {
          const error = storageError(value);
          if (error) context.addIssue(error);
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

/** An email to log in with; stored in lower case, so that it is unique in any case. */
export function lowerCaseEmail() {
  return email().transform((value) => value.toLowerCase());
}

export function email() {
  return z
    .string({ error: requiredError("Not a valid string.") })
    .trim()
    .min(1, { abort: true, error: "This field may not be blank." })
    .max(limits.email, { abort: true, error: `Ensure this field has no more than ${limits.email} characters.` })
    .regex(emailPattern, "Enter a valid email address.")
    .meta({ type: "string", format: "idn-email", maxLength: limits.email });
}

const trueWords = ["true", "True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "1"];
const falseWords = ["false", "False", "FALSE", "f", "F", "no", "No", "NO", "n", "N", "off", "Off", "OFF", "0"];

const nullWords = ["", "null", "Null", "NULL"];

function asBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 1 || trueWords.includes(value as string)) return true;
  if (value === false || value === 0 || falseWords.includes(value as string)) return false;
  return undefined;
}

export function boolean() {
  return z
    .unknown()
    .transform((value, context) => {
      const parsed = asBoolean(value);
      if (parsed === undefined) {
        context.addIssue(value === null ? "This field may not be null." : "Must be a valid boolean.");
        return z.NEVER;
      }
      return parsed;
    })
    .meta({ type: ["boolean", "integer", "string"], enum: [true, false, 1, 0, ...trueWords, ...falseWords] });
}

export function nullableBoolean() {
  return z
    .unknown()
    .transform((value, context) => {
      const parsed = value === null || nullWords.includes(value as string) ? null : asBoolean(value);
      if (parsed === undefined) {
        context.addIssue("Must be a valid boolean.");
        return z.NEVER;
      }
      return parsed;
    })
    .meta({
      type: ["boolean", "integer", "string", "null"],
      enum: [true, false, null, 1, 0, ...trueWords, ...falseWords, ...nullWords],
    });
}

/** A number; text that is one is accepted. */
export function number() {
  return z.preprocess(
    (value) => (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value),
    z.number({
      error: ({ input }) => (input === null ? "This field may not be null." : "A valid number is required."),
    }),
  );
}

export function integer({ min, max }: { min: number; max: number }) {
  const error = "A valid integer is required.";
  return z
    .preprocess(
      (value) => (typeof value === "string" && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value),
      z
        .number({ error: requiredError(error) })
        .refine(Number.isInteger, { error, abort: true })
        .min(min, `Ensure this value is greater than or equal to ${min}.`)
        .max(max, `Ensure this value is less than or equal to ${max}.`),
    )
    .meta({ type: ["integer", "string"], minimum: min, maximum: max, pattern: "^\\d+$" });
}

/** The id of another record; the handler checks whether that exists. */
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

/** A timestamp in ISO 8601, in UTC if it has no offset. Empty text, as forms submit an empty field, is undefined. */
export function dateTime() {
  return z
    .string({ error: requiredError("Not a valid string.") })
    .transform((value, context) => {
      const timestamp = parseTimestamp(value);
      if (timestamp || value === "") return timestamp;
      context.addIssue(
        "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
      );
      return z.NEVER;
    })
    .meta({ type: "string", anyOf: [{ format: "date-time" }, { maxLength: 0 }] });
}

/** A field that may be left out; forms submit an empty field as empty text. */
export function optionalIfEmpty<Field extends z.ZodType>(field: Field) {
  return z.preprocess((value) => (value === "" ? undefined : value), field).optional();
}
