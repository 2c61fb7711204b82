import type { Knex } from "knex";

import { parseSearch, searchPage } from "./people-search.ts";
import { onlyMembers, qualifiedUserColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

export interface PeopleQuery {
  /** Words; each must be the beginning of a word of the name or the email. */
  search: string;
  sort: "email" | "sort_name" | "last_activity";
  descending: boolean;
  after?: Cursor | undefined;
  before?: Cursor | undefined;
  limit: number;
}

/** The position of a user in the sorted list (keyset pagination): the sort key, and the id for equal keys. */
export interface Cursor {
  key: string;
  id: number;
}

interface PeoplePage {
  people: User[];
  /** The cursors for the pages before and after; undefined at the ends of the list. */
  previous: Cursor | undefined;
  next: Cursor | undefined;
}

/** The members of the organization as the page People lists them. */
export function people(database: Knex) {
  /** Reads one row more than the page has, which tells whether the list goes on. */
  const selectPage = async (query: PeopleQuery): Promise<(User & { key: string })[]> => {
    const pageFilter = keysetFilter(query);
    const limit = query.limit + 1;
    const rows = database("users")
      .select(qualifiedUserColumns)
      .select(`users.${query.sort} as key`)
      .modify(pageFilter, limit);
    const prefixes = parseSearch(query.search);
    // A search of punctuation alone matches no one.
    if (prefixes.length === 0 && query.search.trim() !== "") return [];
    if (prefixes.length === 0) rows.modify(onlyMembers);
    else await searchPage(database, rows, prefixes, { sort: query.sort, pageFilter, limit });
    return rows;
  };

  return {
    async find(id: number): Promise<User | undefined> {
      return database("users").modify(onlyMembers).select(qualifiedUserColumns).where("users.id", id).first();
    },

    async list(query: PeopleQuery): Promise<PeoplePage> {
      const rows = await selectPage(query);
      const people = rows.slice(0, query.limit);
      const hasMore = rows.length > query.limit;
      const isBackwards = query.before !== undefined;
      const hasCursor = isBackwards || query.after !== undefined;
      if (isBackwards) people.reverse();
      const first = people[0];
      const last = people.at(-1);
      return {
        people,
        previous: first && (isBackwards ? hasMore : hasCursor) ? { key: first.key, id: first.id } : undefined,
        next: last && (isBackwards || hasMore) ? { key: last.key, id: last.id } : undefined,
      };
    },
  };
}

/** Sorts a query over `users`, and narrows it to `limit` rows from the cursor on; those before it in reverse order. */
function keysetFilter({ sort, descending, after, before }: PeopleQuery) {
  const direction = descending === (before === undefined) ? "desc" : "asc";
  const cursor = before ?? after;
  return (query: Knex.QueryBuilder, limit: number): void => {
    if (cursor) {
      const sign = direction === "asc" ? ">" : "<";
      query.whereRaw(`(??, users.id) ${sign} (?, ?)`, [`users.${sort}`, cursor.key, cursor.id]);
    }
    query
      .orderBy([
        { column: `users.${sort}`, order: direction },
        { column: "users.id", order: direction },
      ])
      .limit(limit);
  };
}
