import createError from "http-errors";

/** Returns the record. Throws 404 if there is none; `message` is what the API answers then. */
export function orNotFound<Found>(record: Found | undefined | null, message = "Not Found"): Found {
  if (record === undefined || record === null) throw createError(404, message);
  return record;
}
