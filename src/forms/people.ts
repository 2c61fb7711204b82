import * as z from "zod";

import { limits } from "../common/limits.ts";
import { maxId } from "../common/ids.ts";
import { storageError } from "../common/text-validation.ts";
import type { Cursor } from "../repositories/accounts/people.ts";

const sorts = [
  "sort_name",
  "-sort_name",
  "email",
  "-email",
  "date_joined",
  "-date_joined",
  "last_activity",
  "-last_activity",
] as const;

/**
 * Where a page of a list starts or ends: the cursor beside it, and how many people come before the cursor's, which the page
 * shows. People who join meanwhile move that number by some, and the page not at all.
 */
export interface Position extends Cursor {
  offset: number;
}

/** A position in a URL: base64url of a JSON tuple of sort key, id and offset. */
const position = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    } catch {
      context.addIssue("Not a position");
      return z.NEVER;
    }
  })
  .pipe(
    z
      .tuple([
        z.string().refine((key) => storageError(key) === undefined),
        z.int().min(0).max(maxId),
        z.int().min(0).max(maxId).optional(),
      ])
      .transform(([key, id, offset = 0]): Position => ({ key, id, offset })),
  )
  .optional();

/** Search, filter, order and position of People; invalid parameters are ignored. */
export const peopleQuery = z.object({
  q: z.string().trim().max(limits.search).catch(""),
  show: z.enum(["everyone", "owner", "active", "never", "deactivated", "removed"]).catch("everyone"),
  sort: z.enum(sorts).catch("sort_name"),
  after: position.catch(undefined),
  before: position.catch(undefined),
});

/** The question that a link to a person's page opens. */
export const personQuery = z.object({
  ask: z.enum(["deactivate", "remove", "make-owner"]).optional().catch(undefined),
});

export type PeopleSort = (typeof sorts)[number];

/** Writes a position for the URL. */
export function formatPosition({ key, id, offset }: Position): string {
  return Buffer.from(JSON.stringify([key, id, offset])).toString("base64url");
}
