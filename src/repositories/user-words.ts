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

/** Narrows a query over `users` to those who have, for each word that is searched for, a word that begins so. */
export function matchWords(query: Knex.QueryBuilder, search: string): void {
  const words = searched(search);
  // Signs alone begin nobody's name.
  if (search.trim() !== "" && words.length === 0) query.whereRaw("1 = 0");
  for (const word of words) {
    query.whereIn("users.id", (words: Knex.QueryBuilder) => {
      words.from("user_words").where("word", ">=", word).where("word", "<", `${word}\u{10ffff}`).select("user_id");
    });
  }
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

/** An email is searched for as it is; other text by its words. */
function searched(search: string): string[] {
  return folded(search)
    .split(/\s+/)
    .flatMap((part) => (part.indexOf("@") > 0 ? [part] : wordsIn(part)))
    .slice(0, 8);
}
