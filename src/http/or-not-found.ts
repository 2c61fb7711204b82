import createError from "http-errors";

/** The record, or the answer that says there is none; `message` is what the API says then. */
export function orNotFound<Thing>(thing: Thing | undefined | null, message = "Not Found"): Thing {
  if (thing === undefined || thing === null) throw createError(404, message);
  return thing;
}
