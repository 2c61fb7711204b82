import { z } from "zod";

import { parseTimestamp } from "../common/timestamps.ts";
import { maxId } from "../common/ids.ts";
import type { Fields } from "../label-config/form/visibility.ts";

/** Before the names of controls, so that they never are those of the page's own fields. */
export const answerPrefix = "answer.";

const id = z.coerce.number().int().min(1).max(maxId).optional().catch(undefined);

/** What the label page says of itself when it is sent. */
export const labelPageForm = z.object({
  /** When the page was made. */
  started: z
    .string()
    .optional()
    .transform((text) => parseTimestamp(text ?? "")),
  /** The annotation that is changed, and when it was last changed as the page showed it. */
  annotation: id,
  seen: z.string().max(40).optional().catch(undefined),
  /** The prediction that was filled in. */
  prediction: id,
  /** The turn at the task. */
  unique_id: z.uuid().optional().catch(undefined),
});

export type LabelPage = z.output<typeof labelPageForm>;

/** What was sent: the page's own fields, and the answers by the names of their controls. */
export function labelingSent(body: string): { page: LabelPage; fields: Fields } {
  const sent = new URLSearchParams(body);
  const names = [...new Set(sent.keys())].filter((name) => name.startsWith(answerPrefix));
  return {
    page: labelPageForm.parse(Object.fromEntries(sent)),
    fields: Object.fromEntries(names.map((name) => [name.slice(answerPrefix.length), sent.getAll(name)])),
  };
}

const aDay = 24 * 60 * 60;

/** Seconds that were spent, with those of before; a page that was left open counts for a day at most. */
export function leadTime(started: string | undefined, before: number | null | undefined): number | null {
  if (started === undefined) return before ?? null;
  const seconds = (Date.now() - Date.parse(started)) / 1000;
  return Math.round(((before ?? 0) + Math.min(Math.max(seconds, 0), aDay)) * 1000) / 1000;
}
