import type { Knex } from "knex";

import { matchWords } from "./user-words.ts";
import { onlyMembers, userColumnsOfJoin } from "./users.ts";
import type { User } from "./users.ts";

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
  const select = () => database("users").modify(onlyMembers).select(userColumnsOfJoin);

  return {
    async find(id: number): Promise<User | undefined> {
      return select().where("users.id", id).first();
    },

    /** One page, by key: see PeopleQuery. */
    async list({ search, sort, descending, after, before, limit }: PeopleQuery): Promise<PeoplePage> {
      const backwards = before !== undefined;
      const direction = descending !== backwards ? "desc" : "asc";
      const cursor = before ?? after;
      const rows: (User & { key: string })[] = await select()
        .select(`users.${sort} as key`)
        .modify(matchWords, search)
        .modify((query) => {
          if (cursor)
            query.whereRaw(`(??, users.id) ${direction === "asc" ? ">" : "<"} (?, ?)`, [
              `users.${sort}`,
              cursor.key,
              cursor.id,
            ]);
        })
        .orderBy([
          { column: `users.${sort}`, order: direction },
          { column: "users.id", order: direction },
        ])
        .limit(limit + 1);

      const people = rows.slice(0, limit);
      if (backwards) people.reverse();
      const hasMore = rows.length > limit;
      const first = people[0];
      const last = people.at(-1);
      return {
        people,
        previous: first && (backwards ? hasMore : cursor !== undefined) ? { key: first.key, id: first.id } : undefined,
        next: last && (backwards || hasMore) ? { key: last.key, id: last.id } : undefined,
      };
    },
  };
}
