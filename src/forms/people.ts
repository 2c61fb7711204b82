import { z } from "zod";

import { limits } from "../common/limits.ts";
import { maxId } from "../common/ids.ts";
import { storageError } from "../common/text-validation.ts";
import type { Cursor } from "../repositories/accounts/people.ts";

const sorts = ["email", "-email", "sort_name", "-sort_name", "last_activity", "-last_activity"] as const;

/** A keyset pagination cursor in a URL: base64url of a JSON tuple of sort key and id. */
const cursor = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    } catch {
      context.addIssue("Not a cursor");
      return z.NEVER;
    }
  })
  .pipe(
    z
      .tuple([z.string().refine((key) => storageError(key) === undefined), z.int().min(0).max(maxId)])
      .transform(([key, id]): Cursor => ({ key, id })),
  )
  .optional();

/** Search, order and cursor of People; invalid parameters are ignored. */
export const peopleQuery = z.object({
  q: z.string().trim().max(limits.search).catch(""),
  sort: z.enum(sorts).catch("email"),
  after: cursor.catch(undefined),
  before: cursor.catch(undefined),
});

export type PeopleSort = (typeof sorts)[number];

/** Writes a cursor for the URL. */
export function formatCursor({ key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([key, id])).toString("base64url");
}
