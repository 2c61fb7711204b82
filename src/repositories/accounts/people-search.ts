import type { Knex } from "knex";

import { limits } from "../../common/limits.ts";
import { whereIdIn } from "../../database/where-id-in.ts";
import { isOrdered, selectIdsInOrder, selectWords } from "./ordered-search-terms.ts";
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
  /** The different words that begin as the only word of the search; undefined for several, whole emails, and too many. */
  words?: string[] | undefined;
  /** Narrows a query over `users` to those who match. */
  narrow: (query: Knex.QueryBuilder) => void;
}

/** A term with at most this many matches is selective: all its matches are sorted. */
const selectiveMatches = 5_000;

/** Matches are counted up to this number; terms with more are equally common. */
const maxCountedMatches = 500_000;

/** How many rows are scanned in the order of the list where terms are common: they most likely hold a page of matches. */
const scanLimit = 10_000;

/** A prefix of more different words is short, and of so many people that others find a page of them soon. */
const maxWords = 64;

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

/** Looks which of these prefixes is the rarest; the matches of each of several are counted up to `limit`. */
async function planSearch(database: Knex, prefixes: string[], limit = selectiveMatches + 1): Promise<SearchPlan> {
  const [only = "", ...further] = prefixes;
  const narrow = (rarest: string, others: string[]) => (query: Knex.QueryBuilder) => {
    query.modify(matchingAll, others.map(startingWith));
    whereIdIn(database, query, "users.id", matchingIds(database, rarest));
  };
  if (further.length === 0) return { ...(await lookUp(database, only)), narrow: narrow(only, []) };
  const bySelectivity = await sortBySelectivity(database, prefixes, limit);
  const [rarest = "", ...others] = bySelectivity.map(({ prefix }) => prefix);
  return { is_selective: (bySelectivity[0]?.matches ?? 0) <= selectiveMatches, narrow: narrow(rarest, others) };
}

/**
 * Reads a page of those who have, for each prefix of the search, a term that starts with it. `select` makes a query over the
 * users of the page. It scans neither all users nor the whole index, whether the terms are rare or common.
 */
export async function searchPage<Row>(
  database: Knex,
  select: () => Knex.QueryBuilder,
  prefixes: string[],
  page: Page,
): Promise<{ rows: Row[]; plan: SearchPlan }> {
  const plan = await planSearch(database, prefixes);
  const { words, is_selective } = plan;
  const read = async (narrow: (query: Knex.QueryBuilder) => void): Promise<Row[]> => {
    const query = select();
    narrow(query);
    return query;
  };
  const readThose = (ids: Knex.QueryBuilder) => read((query) => whereIdIn(database, query, "users.id", ids));
  if (words && isOrdered(page)) return { rows: await readThose(selectIdsInOrder(database, words, page)), plan };
  if (!is_selective) {
    const terms = words?.length === 1 ? words.map(equalTo) : prefixes.map(startingWith);
    const rows = await readThose(scanForPage(database, terms, page));
    if (rows.length === page.limit) return { rows, plan };
  }
  // Only now does it matter which of several common words is the rarest.
  const isPlanned = is_selective || prefixes.length === 1;
  const { narrow } = isPlanned ? plan : await planSearch(database, prefixes, maxCountedMatches);
  return { rows: await read(narrow), plan };
}

/**
 * A query for the ids of the matches among the first rows after the cursor; fewer than a page when there may be more. Terms are
 * looked up first: they are what most rows lack, and their index has all that is asked for, unlike that of the memberships.
 */
function scanForPage(
  database: Knex,
  terms: TermFilter[],
  { filter, has_most, pageFilter, limit, sort }: Page,
): Knex.QueryBuilder {
  const columns = { key: "users.key", id: "users.id" };
  const scanned = database("users").modify(pageFilter, scanLimit).select("users.id", `users.${sort} as key`);
  if (!has_most) scanned.modify(filter);
  const matches = database.from(scanned.as("users")).modify(matchingAll, terms).modify(pageFilter, scanLimit, columns);
  return database
    .from(matches.select("users.id", "users.key").as("matches"))
    .join("users", "users.id", "matches.id")
    .modify(filter)
    .modify(pageFilter, limit, { key: "matches.key", id: "matches.id" })
    .select("matches.id");
}

/** Looks whether a prefix has few matches, and which words it begins. */
async function lookUp(database: Knex, prefix: string): Promise<Pick<SearchPlan, "is_selective" | "words">> {
  // Skipping rows takes less than counting them.
  const further = matchingIds(database, prefix).orderBy(["term", "user_id"]).offset(selectiveMatches).limit(1);
  // A whole email is no word.
  if (prefix.includes("@")) return { is_selective: (await further).length === 0 };
  const rows: { word: string; further: number | null }[] = await selectWords(database, prefix, maxWords).select(
    further.as("further"),
  );
  const words = rows.length > maxWords ? undefined : rows.map(({ word }) => word);
  return { is_selective: !rows[0]?.further, words };
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

/** Narrows a query over `user_search_terms`. */
type TermFilter = (terms: Knex.QueryBuilder) => void;

/** A query for the ids of users with a term that starts with `prefix`, repeated for each such term. */
function matchingIds(database: Knex, prefix: string): Knex.QueryBuilder {
  return database("user_search_terms").modify(startingWith(prefix)).select("user_id");
}

/** Narrows a query over `users` to those with a term for each of these filters. */
function matchingAll(query: Knex.QueryBuilder, filters: TermFilter[]): void {
  for (const filter of filters) {
    query.whereExists((terms: Knex.QueryBuilder) => {
      terms.from("user_search_terms").whereRaw("user_search_terms.user_id = users.id").modify(filter).select("user_id");
    });
  }
}

function startingWith(prefix: string): TermFilter {
  return (terms) => void terms.where("term", ">=", prefix).where("term", "<", `${prefix}\u{10ffff}`);
}

/** The rows of one term lie together, so that they are read sooner than as many rows of a beginning. */
function equalTo(term: string): TermFilter {
  return (terms) => void terms.where({ term });
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
