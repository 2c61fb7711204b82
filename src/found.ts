import createError from "http-errors";

/** The id in an address, written as addresses are; 0, which nothing has, for anything else. */
export function idIn(text: unknown): number {
  return typeof text === "string" && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}

/** The record, or the page that says there is none. */
export function found<Thing>(thing: Thing | undefined | null): Thing {
  if (thing === undefined || thing === null) throw createError(404);
  return thing;
}
