import { z } from "zod";

/*
 * JSON of a body that is kept as it was sent, to the digits of its numbers: forms look at its shape, and it is kept from
 * the text it came in (`kept` of the API). Forms send JSON as text, which counts as what it says.
 */

export interface SubmittedJson<Value> {
  value: Value;
  /** The JSON, when it was sent as text. */
  text?: string;
}

const notAList = 'annotation "result" field in annotation must be list';
const noJson = `annotation "result" can't be parse from str to JSON`;

/** A list of answers. */
export function resultField() {
  return z
    .unknown()
    .transform((value, context): SubmittedJson<unknown[]> => {
      const sent = read(value);
      if (sent && Array.isArray(sent.value)) return { ...sent, value: sent.value };
      context.addIssue(missing(value) ?? (sent ? notAList : noJson));
      return z.NEVER;
    })
    .meta({ type: ["array", "string"], description: "a list, kept as it is sent" });
}

/** What should be an object or a list; the form refuses what is neither. */
export function jsonField() {
  return z
    .unknown()
    .transform((value): SubmittedJson<unknown> => read(value) ?? { value })
    .meta({ type: ["object", "array", "string"], description: "kept as it is sent" });
}

function missing(value: unknown): string | undefined {
  if (value === undefined) return "This field is required.";
  return value === null ? "This field may not be null." : undefined;
}

/** Undefined for text that is no JSON. */
function read(value: unknown): SubmittedJson<unknown> | undefined {
  if (typeof value !== "string") return { value };
  try {
    return { value: JSON.parse(value), text: value };
  } catch {
    return undefined;
  }
}
