import type { Knex } from "knex";

/*
 * An index of words, so that People is searched by the beginning of any word of a name or an email without reading
 * every row, and alike in every database (SQLite's own lower() knows ASCII only).
 */

/** Puts the words of a person's name and email in place of those that were there. */
export async function replaceWords(database: Knex, user_id: number, person: Named): Promise<void> {
  await database("user_words").where({ user_id }).delete();
  await database("user_words").insert(wordsOf(person).map((word) => ({ user_id, word })));
}

interface Named {
  email: string;
  first_name: string;
  last_name: string;
}

/** What a person is found by, each once. */
export function wordsOf({ email, first_name, last_name }: Named): string[] {
  return [...new Set([email, ...wordsIn(email), ...wordsIn(first_name), ...wordsIn(last_name)])];
}

/** The rarest of some beginnings of words first, with how many words begin so, counted up to `most`. */
export async function bySelectivity(
  database: Knex,
  words: string[],
  most: number,
): Promise<{ word: string; count: number }[]> {
  const counts = words.map((word, place) => {
    // In the order of an index: PostgreSQL would begin with any row where most fit.
    const some = idsOfThoseWith(database, word).orderBy(["word", "user_id"]).limit(most);
    return database.from(some.as("some")).count("*").as(`count_${place}`);
  });
  const row = await database.select(counts).first<Record<string, number>>();
  return words
    .map((word, place) => ({ word, count: Number(row[`count_${place}`]) }))
    .sort((one, other) => one.count - other.count);
}

/** The ids of those who have a word that begins so, some of them several times. */
export function idsOfThoseWith(database: Knex, word: string): Knex.QueryBuilder {
  return database("user_words").modify(beginningWith, word).select("user_id");
}

/** Narrows a query over `users` to those who have, for each of these, a word that begins so. */
export function matchingAllWords(query: Knex.QueryBuilder, words: string[]): void {
  for (const word of words) {
    query.whereExists((own: Knex.QueryBuilder) => {
      own.from("user_words").whereRaw("user_words.user_id = users.id").modify(beginningWith, word).select("user_id");
    });
  }
}

function beginningWith(query: Knex.QueryBuilder, word: string): void {
  query.where("word", ">=", word).where("word", "<", `${word}\u{10ffff}`);
}

/** A letter with its accent typed apart is the same letter. */
function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

function wordsIn(text: string): string[] {
  return folded(text)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map((word) => word.slice(0, 256))
    .filter(Boolean);
}

/** What somebody who is found must have, a word that begins so for each: an email as it is, other text by its words. */
export function searchedWords(search: string): string[] {
  return folded(search)
    .split(/\s+/)
    .flatMap((part) => (part.indexOf("@") > 0 ? [part] : wordsIn(part)))
    .slice(0, 8);
}
