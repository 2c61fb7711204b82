import createError from "http-errors";
import * as z from "zod";

import { jsonDepthError } from "../../common/json-depth.ts";
import { limits } from "../../common/limits.ts";
import { compactJson, rawMembers } from "../../common/raw-json.ts";
import { resultEntryError, resultLimitError } from "../../label-config/results/result-limits.ts";

/*
 * JSON of a body that is stored exactly as it was submitted, down to the digits of its numbers. The schemas here check its
 * shape; `rawMember` then copies its text from the text of the body. A form submits JSON as the text of a field.
 */

export interface SubmittedJson<Value> {
  value: Value;
  /** The JSON text, if it was submitted as text. */
  text?: string;
}

const notAList = 'annotation "result" field in annotation must be list';
const invalidJson = `annotation "result" can't be parse from str to JSON`;

/** The result of an annotation, a draft or a prediction: a list. */
export function resultField() {
  return z
    .unknown()
    .transform((value, context): SubmittedJson<unknown[]> => {
      const submitted = parseSubmitted(value);
      const list = submitted && Array.isArray(submitted.value) ? submitted.value : undefined;
      const limitError = list && (resultLimitError(list) ?? resultEntryError(list));
      if (submitted && list && !limitError) return { ...submitted, value: list };
      context.addIssue(limitError ?? missingError(value) ?? (submitted ? notAList : invalidJson));
      return z.NEVER;
    })
    .meta({ type: ["array", "string"], description: "a list, kept as sent" });
}

/**
 * The result of a new prediction: a list, or in short what one control is answered with, such as "Positive", which is left as it
 * is.
 */
export function shortResultField() {
  return z
    .unknown()
    .transform((value, context): SubmittedJson<unknown> => {
      const parsed = parseSubmitted(value);
      const submitted = parsed && typeof parsed.value === "object" && parsed.value !== null ? parsed : { value };
      const limitError = Array.isArray(submitted.value) ? resultLimitError(submitted.value) : undefined;
      const error = limitError ?? missingError(value);
      if (error === undefined) return submitted;
      context.addIssue(error);
      return z.NEVER;
    })
    .meta({
      type: ["array", "string", "number", "object"],
      description: 'a list, kept as sent; or in short what one control is answered with, such as "Positive"',
    });
}

/** An object or a list; the schema that it is part of refuses anything else. */
export function jsonField() {
  return z
    .unknown()
    .transform((value): SubmittedJson<unknown> => parseSubmitted(value) ?? { value })
    .meta({ type: ["object", "array", "string"], description: "kept as sent" });
}

/**
 * Returns the text of a body's member to store, or undefined if it was left out. `rawBody`: the text of the body, if that
 * was JSON.
 */
export function rawMember(
  rawBody: string | undefined,
  name: string,
  submitted: SubmittedJson<unknown> | undefined,
): string | undefined {
  if (submitted === undefined) return undefined;
  const json = submitted.text ?? (rawBody === undefined ? undefined : rawMembers(rawBody).get(name));
  return json === undefined ? JSON.stringify(submitted.value) : compactJson(json);
}

/** Parses text that is JSON; returns any other value as it is. */
export function parseIfJson(value: unknown): unknown {
  const submitted = parseSubmitted(value);
  return submitted ? submitted.value : value;
}

function missingError(value: unknown): string | undefined {
  if (value === undefined) return "This field is required.";
  return value === null ? "This field may not be null." : undefined;
}

/** Returns undefined for text that is not JSON. Throws a 400 for JSON that is nested too deep. */
function parseSubmitted(value: unknown): SubmittedJson<unknown> | undefined {
  if (typeof value !== "string") return { value };
  const error = jsonDepthError(value, limits.jsonDepth);
  if (error) throw createError(400, error);
  try {
    return { value: JSON.parse(value), text: value };
  } catch {
    return undefined;
  }
}
