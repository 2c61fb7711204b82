/** What an integer column holds in every database. */
export const maxId = 2_147_483_647;

/** The id in an address, written as addresses are; 0, which nothing has, for anything else. */
export function parseId(text: unknown): number {
  const id = typeof text === "string" && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return id <= maxId ? id : 0;
}
