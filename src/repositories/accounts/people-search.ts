import type { Knex } from "knex";

import { whereIdIn } from "../../database/where-id-in.ts";
import { matchingAllWords, idsOfThoseWith, bySelectivity } from "./search-index.ts";
import { onlyMembers } from "./user-columns.ts";

/** So many people who have a word are all looked at. */
const few = 5_000;

/** Words that so many have are common alike. */
const many = 500_000;

/** Where a word is had by more, so many people of the list are looked at first: most likely enough of them have it. */
const nearby = 10_000;

/** The order of a list, and where in it a page begins. */
export interface Page {
  sort: string;
  /** Orders a query over `users`, and narrows it to this many from there on. */
  cut: (query: Knex.QueryBuilder, limit: number) => void;
  limit: number;
}

/**
 * Narrows a query over `users` to the members on a page who have, for each of these words, a word that begins so. It reads
 * neither all people nor all words, whether the words are rare or common.
 */
export async function searchPage(database: Knex, query: Knex.QueryBuilder, words: string[], page: Page): Promise<void> {
  let found = await bySelectivity(database, words, few + 1);
  if (found[0] && found[0].count > few) {
    const ids = await idsNearby(database, words, page);
    if (ids.length === page.limit) return void query.whereIn("users.id", ids);
    if (words.length > 1) found = await bySelectivity(database, words, many);
  }
  const [rarest = "", ...others] = found.map(({ word }) => word);
  query.modify(onlyMembers).modify(matchingAllWords, others);
  whereIdIn(database, query, "users.id", idsOfThoseWith(database, rarest));
}

/** Those on the page who are found without going far; fewer than its limit when there may be more. */
async function idsNearby(database: Knex, words: string[], { sort, cut, limit }: Page): Promise<number[]> {
  const some = database("users").modify(cut, nearby).select("users.id", `users.${sort}`);
  return database
    .from(some.as("users"))
    .modify(onlyMembers)
    .modify(matchingAllWords, words)
    .modify(cut, limit)
    .pluck("users.id");
}
