import type { Knex } from "knex";

/*
 * `user_search_terms` has the sort keys of each user beside their words, and an index by word and key: the users of a word are
 * read in the order of a list, and no more of them than a page takes.
 */

/** A page of a sorted list of users. */
export interface Page {
  /** A column of `users`. */
  sort: string;
  /** Narrows a query over `users` to the list. */
  filter: (query: Knex.QueryBuilder) => void;
  /** Whether most users are in the list. */
  has_most: boolean;
  /** Sorts a query over `users`, or by such columns, and narrows it to the first `limit` rows after the page's cursor. */
  pageFilter: (query: Knex.QueryBuilder, limit: number, columns?: SortColumns) => void;
  limit: number;
}

interface SortColumns {
  key: string;
  id: string;
}

/** The sort keys that terms have; others change too often. */
const sortKeys = ["email", "sort_name"];

/** Whether an index has the order of the page. Where most users are skipped, all of a word would be read. */
export function isOrdered({ sort, has_most }: Page): boolean {
  return has_most && sortKeys.includes(sort);
}

/**
 * A recursive query for the different words with a prefix, at most so many and one more, by a loose index scan. Words are the
 * terms with sort keys.
 */
export function selectWords(database: Knex, prefix: string, limit: number): Knex.QueryBuilder {
  const end = `${prefix}\u{10ffff}`;
  const next = "select min(term) from user_search_terms where email is not null and term < ? and term";
  const following = database.raw(
    `select (${next} >= ?), 1
     union all select (${next} > words.word), number + 1 from words where word is not null and number <= ?`,
    [end, prefix, end, limit],
  );
  return database
    .withRecursive("words", ["word", "number"], following)
    .from("words")
    .whereNotNull("word")
    .select("word");
}

/** A query for the ids of the users on a page who have one of these words. */
export function selectIdsInOrder(database: Knex, words: string[], page: Page): Knex.QueryBuilder {
  const [first, ...others] = words.map((word) => usersOfWord(database, word, page));
  if (!first) return database("users").whereRaw("false").select("id");
  return database
    .from(first.union(others).as("matches"))
    .modify(page.pageFilter, page.limit, { key: "matches.key", id: "matches.id" })
    .select("matches.id");
}

/** The first users of a word on the page. */
function usersOfWord(database: Knex, word: string, { sort, filter, pageFilter, limit }: Page): Knex.QueryBuilder {
  const key = `terms.${sort}`;
  const users = database("user_search_terms as terms")
    .join("users", "users.id", "terms.user_id")
    .where("terms.term", word)
    .whereNotNull(key)
    .modify(filter)
    .modify(pageFilter, limit, { key, id: "terms.user_id" })
    .select("terms.user_id as id", `${key} as key`);
  // In a query of its own, since parts of a union have no order and limit in SQLite.
  return database.from(users.as("users_of_word")).select("id", "key");
}
