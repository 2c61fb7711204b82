/** The largest value of an integer column of PostgreSQL. */
export const maxId = 2_147_483_647;

/** Parses an id from a URL. Returns 0, which no row has, for anything else. */
export function parseId(text: unknown): number {
  const id = typeof text === "string" && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return id <= maxId ? id : 0;
}
