import type { Knex } from "knex";

import { limits } from "../../common/limits.ts";
import { whereIdIn } from "../../database/where-id-in.ts";
import { listWords, selectIdsInOrder } from "./ordered-search-terms.ts";
import type { Page } from "./ordered-search-terms.ts";
import { sortName } from "./user-columns.ts";

/*
 * An inverted index (`user_search_terms`): a row for each search term of a user. A search finds terms by their prefixes along a
 * B-tree, without reading every user, and in the same way in every database (SQLite's lower() knows ASCII only).
 */

interface SearchedFields {
  email: string;
  first_name: string;
  last_name: string;
}

/** How a search is read: from its rarest word on. */
export interface SearchPlan {
  /** Whether the rarest word has few matches, so that all of them can be read. */
  is_selective: boolean;
  /** Narrows a query over `users` to those who match. */
  narrow: <Query extends Knex.QueryBuilder>(query: Query) => Query;
}

/** A term with at most this many matches is selective: all its matches are sorted. */
const selectiveMatches = 5_000;

/** Matches are counted up to this number; terms with more are equally common. */
const maxCountedMatches = 500_000;

/** How many rows are scanned in the order of the list where terms are common: they most likely hold a page of matches. */
const scanLimit = 10_000;

const maxTermLength = 256;

const noSortKeys = { email: null, sort_name: null };

/** Replaces the search terms of a user. */
export async function replaceSearchTerms(database: Knex, user_id: number, fields: SearchedFields): Promise<void> {
  await database("user_search_terms").where({ user_id }).delete();
  await database("user_search_terms").insert(searchTermRows(user_id, fields));
}

/** A row of `user_search_terms` for each of the distinct terms that a user is found by. */
export function searchTermRows(user_id: number, fields: SearchedFields): object[] {
  const sortKeys = { email: fields.email, sort_name: sortName(fields) };
  return searchTerms(fields).map((term) => ({ user_id, term, ...(isWholeEmail(term) ? noSortKeys : sortKeys) }));
}

function searchTerms({ email, first_name, last_name }: SearchedFields): string[] {
  return [...new Set([email, ...tokenize(email), ...tokenize(first_name), ...tokenize(last_name)])];
}

/** Splits a search into prefixes, all of which must match: an email as a whole, other text by words. */
export function parseSearch(search: string): string[] {
  return normalize(search)
    .split(/\s+/)
    .flatMap((part) => (part.indexOf("@") > 0 ? [part] : tokenize(part)))
    .slice(0, limits.searchWords);
}

/** Looks which of these prefixes is the rarest, with its matches counted up to `limit`. */
export async function planSearch(
  database: Knex,
  prefixes: string[],
  limit = selectiveMatches + 1,
): Promise<SearchPlan> {
  const [only = "", ...further] = prefixes;
  const bySelectivity = further.length > 0 ? await sortBySelectivity(database, prefixes, limit) : undefined;
  const [rarest = "", ...others] = bySelectivity?.map(({ prefix }) => prefix) ?? prefixes;
  return {
    is_selective: bySelectivity
      ? (bySelectivity[0]?.matches ?? 0) <= selectiveMatches
      : await isSelective(database, only),
    narrow: (query) => {
      query.modify(matchingAll, others);
      whereIdIn(database, query, "users.id", matchingIds(database, rarest));
      return query;
    },
  };
}

/**
 * Narrows a query over the users of a list to those on a page who have, for each prefix of the search, a term that starts with
 * it. It scans neither all users nor the whole index, whether the terms are rare or common. Returns the plan, if it made one.
 */
export async function searchPage(
  database: Knex,
  query: Knex.QueryBuilder,
  prefixes: string[],
  page: Page,
): Promise<SearchPlan | undefined> {
  const [prefix = "", ...others] = prefixes;
  const words = others.length === 0 ? await listWords(database, prefix, page) : undefined;
  if (words) {
    whereIdIn(database, query, "users.id", selectIdsInOrder(database, words, page));
    return undefined;
  }
  const plan = await planSearch(database, prefixes);
  if (plan.is_selective) {
    plan.narrow(query);
    return plan;
  }
  const ids = await scanForPage(database, prefixes, page);
  if (ids.length === page.limit) query.whereIn("users.id", ids);
  else (others.length > 0 ? await planSearch(database, prefixes, maxCountedMatches) : plan).narrow(query);
  return plan;
}

/** Returns the ids of the matches among the first rows after the cursor; fewer than a page when there may be more. */
async function scanForPage(
  database: Knex,
  prefixes: string[],
  { sort, filter, pageFilter, limit }: Page,
): Promise<number[]> {
  const scanned = database("users").modify(filter).modify(pageFilter, scanLimit).select("users.id", `users.${sort}`);
  return database.from(scanned.as("users")).modify(matchingAll, prefixes).modify(pageFilter, limit).pluck("users.id");
}

/** Skipping rows takes less than counting them. */
async function isSelective(database: Knex, prefix: string): Promise<boolean> {
  const following = matchingIds(database, prefix).orderBy(["term", "user_id"]).offset(selectiveMatches);
  return (await following.first()) === undefined;
}

/** Sorts prefixes by the number of their matches, the rarest first. Matches are counted up to `limit`. */
async function sortBySelectivity(
  database: Knex,
  prefixes: string[],
  limit: number,
): Promise<{ prefix: string; matches: number }[]> {
  const counts = prefixes.map((prefix, index) => {
    // In the order of the index: otherwise PostgreSQL may scan the table for a common prefix.
    const counted = matchingIds(database, prefix).orderBy(["term", "user_id"]).limit(limit);
    return database.from(counted.as("counted")).count("*").as(`count_${index}`);
  });
  const row = await database.select(counts).first<Record<string, number>>();
  return prefixes
    .map((prefix, index) => ({ prefix, matches: Number(row[`count_${index}`]) }))
    .sort((one, other) => one.matches - other.matches);
}

/** A query for the ids of users with a term that starts with `prefix`, repeated for each such term. */
function matchingIds(database: Knex, prefix: string): Knex.QueryBuilder {
  return database("user_search_terms").modify(startingWith, prefix).select("user_id");
}

/** Narrows a query over `users` to those who match all of these prefixes. */
function matchingAll(query: Knex.QueryBuilder, prefixes: string[]): void {
  for (const prefix of prefixes) {
    query.whereExists((terms: Knex.QueryBuilder) => {
      terms
        .from("user_search_terms")
        .whereRaw("user_search_terms.user_id = users.id")
        .modify(startingWith, prefix)
        .select("user_id");
    });
  }
}

function startingWith(query: Knex.QueryBuilder, prefix: string): void {
  query.where("term", ">=", prefix).where("term", "<", `${prefix}\u{10ffff}`);
}

/** One of other letters than ASCII's may not begin as its words do, which are normalized, so it is taken for a word. */
function isWholeEmail(term: string): boolean {
  return term.includes("@") && Buffer.byteLength(term) === term.length;
}

function tokenize(text: string): string[] {
  return normalize(text)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map((word) => word.slice(0, maxTermLength))
    .filter(Boolean);
}

/** NFC: a letter followed by a combining accent is the same as the accented letter. */
function normalize(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
