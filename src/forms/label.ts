import * as z from "zod";

import { maxId } from "../common/ids.ts";
import { limits } from "../common/limits.ts";
import { parseTimestamp } from "../common/timestamps.ts";
import type { Fields } from "../label-config/form/visibility.ts";
import type { RegionFields } from "../label-config/regions/region-state.ts";

/** Prefix of the fields of controls, whose names people choose, against clashes with the page's own fields. */
export const answerPrefix = "answer.";

/** Prefix of the fields of the list of regions. */
export const regionPrefix = "region.";

const id = z.coerce.number().int().min(1).max(maxId).optional().catch(undefined);

const backField = z.string().startsWith("?").max(limits.nextPath).optional().catch(undefined);

const hiddenFields = z.object({
  /** When the page was opened. */
  started: z
    .string()
    .optional()
    .transform((text) => parseTimestamp(text ?? "")),
  /** The annotation that is updated; without one, a new annotation is created. */
  annotation: id,
  /** The annotation's `updated_at` when the page was rendered, for detecting edit conflicts (optimistic locking). */
  seen: z.string().max(40).optional().catch(undefined),
  /** The prediction that the form was filled in from. */
  prediction: id,
  /** The task assignment; an annotation is saved only once for it. */
  unique_id: z.uuid().optional().catch(undefined),
  /** The query of the list, with its `?`, from which the task was opened on its own page; the way back leads there. */
  back: backField,
  /** The task that was saved before this one. */
  last: id,
});

/** The hidden fields of the label page: what it was rendered from. */
export type HiddenFields = z.output<typeof hiddenFields>;

/**
 * The label page's form: its hidden fields, the values of the controls' fields by the controls' names, and the fields of the list of
 * regions.
 */
export interface LabelSubmission {
  hidden: HiddenFields;
  fields: Fields;
  regions: RegionFields;
}

/** Reads `back` of the address of a label page; undefined if it is not the query of a list. */
export function readBack(value: unknown): string | undefined {
  return backField.parse(value);
}

/** Parses a urlencoded body. */
export function parseLabelForm(body: string): LabelSubmission {
  const parameters = new URLSearchParams(body);
  const fieldsOf = (prefix: string): [string, string[]][] => {
    const names = [...new Set(parameters.keys())].filter((name) => name.startsWith(prefix));
    return names.map((name) => [name.slice(prefix.length), parameters.getAll(name)]);
  };
  return {
    hidden: hiddenFields.parse(Object.fromEntries(parameters)),
    fields: Object.fromEntries(fieldsOf(answerPrefix)),
    regions: new Map(fieldsOf(regionPrefix)),
  };
}
