import createError from "http-errors";

/** The record, or the page that says there is none. */
export function found<Thing>(thing: Thing | undefined | null): Thing {
  if (thing === undefined || thing === null) throw createError(404);
  return thing;
}
