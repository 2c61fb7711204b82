import type { Knex } from "knex";

import { searchPage } from "./people-search.ts";
import { searchedWords } from "./search-index.ts";
import { onlyMembers, qualifiedUserColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

export interface PeopleQuery {
  /** Each word must begin a word of the name or the email. */
  search: string;
  sort: "email" | "sort_name" | "last_activity";
  descending: boolean;
  after?: Cursor | undefined;
  before?: Cursor | undefined;
  limit: number;
}

/** The place of a person in a sorted list. */
export interface Cursor {
  key: string;
  id: number;
}

export interface PeoplePage {
  people: User[];
  /** Where the page before ends, and the page after begins. */
  previous: Cursor | undefined;
  next: Cursor | undefined;
}

/** The members of the organization, as others see them. */
export function people(database: Knex) {
  const rowsOf = async (query: PeopleQuery): Promise<(User & { key: string })[]> => {
    const cut = cutOf(query);
    const limit = query.limit + 1;
    const rows = database("users").select(qualifiedUserColumns).select(`users.${query.sort} as key`).modify(cut, limit);
    const words = searchedWords(query.search);
    // Signs alone begin nobody's name.
    if (words.length === 0 && query.search.trim() !== "") return [];
    if (words.length === 0) rows.modify(onlyMembers);
    else await searchPage(database, rows, words, { sort: query.sort, cut, limit });
    return rows;
  };

  return {
    async find(id: number): Promise<User | undefined> {
      return database("users").modify(onlyMembers).select(qualifiedUserColumns).where("users.id", id).first();
    },

    /** One page, by key: see PeopleQuery. */
    async list(query: PeopleQuery): Promise<PeoplePage> {
      const rows = await rowsOf(query);
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

/** Orders a query over `users`, and narrows it to so many from the cursor on; those before it come in reverse. */
function cutOf({ sort, descending, after, before }: PeopleQuery) {
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
