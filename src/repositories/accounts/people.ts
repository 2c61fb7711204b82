import type { Knex } from "knex";

import type { Page } from "./ordered-search-terms.ts";
import { parseSearch, searchPage } from "./people-search.ts";
import type { SearchPlan } from "./people-search.ts";
import { onlyFormerMembers, onlyMembers, qualifiedUserColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

/** Whether a person may log in, and what they are to the organization. */
export type Status = "active" | "deactivated" | "removed";

export interface Person extends User {
  status: Status;
}

export interface PeopleQuery {
  /** Words; each must be the beginning of a word of the name or the email. */
  search: string;
  /** Only this user. */
  id?: number | undefined;
  /** Only those who never logged in. */
  never_seen?: boolean | undefined;
  /** Only these; by default all who are members. */
  status?: Status | undefined;
  sort: keyof typeof sortColumns;
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
  people: Person[];
  /** The cursors for the pages before and after; undefined at the ends of the list. */
  previous: Cursor | undefined;
  next: Cursor | undefined;
  /** How many people all pages have; undefined where they are too many to count, and for several pages without a search. */
  matches: number | undefined;
}

/** The columns of each order; the last activity is "" for people who never logged in. */
const sortColumns = {
  email: "email",
  sort_name: "sort_name",
  date_joined: "date_joined",
  last_activity: "last_seen_at",
} as const;

/** People who never logged in are counted up to this number. */
const maxCounted = 100_000;

const batchSize = 500;

/** The condition of the partial index, which it has to be letter by letter. */
const deactivatedSql = "not users.is_active";

const statusSql = `case
  when exists (select id from organization_members where user_id = users.id and deleted_at is not null) then 'removed'
  when users.is_active then 'active' else 'deactivated' end as status`;

/** The members of the organization, and those who were removed, as the page People lists them. */
export function people(database: Knex) {
  const columns = [...qualifiedUserColumns, database.raw(statusSql)];

  /** Reads one row more than the page has, which tells whether the list goes on. */
  const selectPage = async (
    query: PeopleQuery,
    prefixes: string[],
  ): Promise<{ rows: (Person & { key: string })[]; plan?: SearchPlan | undefined }> => {
    const page = pageOf(query);
    const select = () =>
      database("users")
        .select(columns)
        .select(`users.${page.sort} as key`)
        .modify(page.filter)
        .modify(page.pageFilter, page.limit);
    return prefixes.length > 0 ? searchPage(database, select, prefixes, page) : { rows: await select() };
  };

  const countMatches = async (query: PeopleQuery, plan: SearchPlan | undefined): Promise<number | undefined> => {
    if (!plan?.is_selective) return undefined;
    const row = await database("users")
      .modify(listFilter(query))
      .modify(plan.narrow)
      .count({ total: "*" })
      .first<{ total: number | string }>();
    return Number(row.total);
  };

  return {
    /** Members and those who were removed. */
    async find(id: number): Promise<Person | undefined> {
      return database("users").select(columns).where({ "users.id": id, "users.erased_at": null }).first();
    },

    async findByEmail(email: string): Promise<Person | undefined> {
      return database("users")
        .select(columns)
        .where({ "users.email": email.toLowerCase(), "users.erased_at": null })
        .first();
    },

    /** All of a list, read a batch at a time. */
    async *stream(query: Omit<PeopleQuery, "after" | "before" | "limit">): AsyncGenerator<Person> {
      let page: PeoplePage | undefined;
      do {
        page = await this.list({ ...query, after: page?.next, limit: batchSize });
        yield* page.people;
      } while (page.next);
    },

    /** One page; `matches` counts all pages of a search, unless its words are very common. */
    async list(query: PeopleQuery): Promise<PeoplePage> {
      const prefixes = parseSearch(query.search);
      const isSearch = query.search.trim() !== "";
      // A search of punctuation alone matches no one.
      if (isSearch && prefixes.length === 0) return { people: [], previous: undefined, next: undefined, matches: 0 };
      const { rows, plan } = await selectPage(query, prefixes);
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
        matches: hasMore || hasCursor ? await countMatches(query, plan) : people.length,
      };
    },

    /** Counts the members who never logged in, up to 100,000, those who are deactivated, and those who were removed. */
    async counts(): Promise<{ never: number; deactivated: number; removed: number }> {
      const never = database("users").where({ last_seen_at: "" });
      const removed = database("organization_members as members").whereNotNull("members.deleted_at");
      // Read from the users, of whom the index knows the few: those who were removed may be many.
      const deactivated = database("users").whereRaw(deactivatedSql);
      const isFormer = removed.clone().whereRaw("members.user_id = users.id").select("members.id");
      const row = await database
        .select(
          database.from(never.limit(maxCounted).select("id").as("never")).count("*").as("never"),
          removed
            .clone()
            .join("users", "users.id", "members.user_id")
            .where("users.last_seen_at", "")
            .count("*")
            .as("never_removed"),
          deactivated.clone().count("*").as("deactivated"),
          deactivated.clone().whereExists(isFormer).count("*").as("deactivated_removed"),
          removed.clone().count("*").as("removed"),
          database("users").whereNotNull("erased_at").count("*").as("erased"),
        )
        .first<Record<string, number | string>>();
      return {
        never: Number(row.never) - Number(row.never_removed),
        deactivated: Number(row.deactivated) - Number(row.deactivated_removed),
        removed: Number(row.removed) - Number(row.erased),
      };
    },
  };
}

function pageOf(query: PeopleQuery): Page {
  const { id, never_seen, status = "active" } = query;
  return {
    sort: sortColumns[query.sort],
    filter: listFilter(query),
    has_most: id === undefined && !never_seen && status === "active",
    pageFilter: keysetFilter(query),
    limit: query.limit + 1,
  };
}

/** Narrows a query over `users` to the people of a list, whatever is searched for. */
function listFilter({ id, never_seen, status }: PeopleQuery) {
  return (users: Knex.QueryBuilder): void => {
    users.modify(status === "removed" ? onlyFormerMembers : onlyMembers);
    if (id !== undefined) users.where("users.id", id);
    if (never_seen) users.where("users.last_seen_at", "");
    if (status === "active") users.where("users.is_active", true);
    if (status === "deactivated") users.whereRaw(deactivatedSql);
  };
}

/** Sorts a query over `users`, and narrows it to `limit` rows from the cursor on; those before it in reverse order. */
function keysetFilter({ sort, descending, after, before }: PeopleQuery) {
  const direction = descending === (before === undefined) ? "desc" : "asc";
  const cursor = before ?? after;
  return (
    query: Knex.QueryBuilder,
    limit: number,
    columns = { key: `users.${sortColumns[sort]}`, id: "users.id" },
  ): void => {
    if (cursor) {
      const sign = direction === "asc" ? ">" : "<";
      query.whereRaw(`(??, ??) ${sign} (?, ?)`, [columns.key, columns.id, cursor.key, cursor.id]);
    }
    query
      .orderBy([
        { column: columns.key, order: direction },
        { column: columns.id, order: direction },
      ])
      .limit(limit);
  };
}
