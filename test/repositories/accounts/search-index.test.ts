import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { password, startApp } from "../../support/app.ts";

const everyone = { sort: "email", descending: false, limit: 50 } as const;

async function startWith(t: TestContext, email: string, first_name = "", last_name = "") {
  const { repositories, database } = await startApp(t);
  const person = await repositories.users.create({ email, password });
  await repositories.users.update(person.id, { first_name, last_name, phone: "" });
  return {
    wordsOf: async () => ((await database("user_words").orderBy("word").pluck("word")) as string[]).join(" "),
    isFound: async (search: string) => (await repositories.people.list({ search, ...everyone })).people.length === 1,
  };
}

test("words: those of a name and an email are kept in lower case, each once", async (t) => {
  const { wordsOf } = await startWith(t, "ada.king@example.com", "Ada", "King-Noel ADA");

  assert.equal(await wordsOf(), "ada ada.king@example.com com example king noel");
});

test("words: every beginning of a word is found, whatever letters come after", async (t) => {
  const { isFound } = await startWith(t, "a@example.com", "Zoë", "𝒜nna \u{10fffd}");

  for (const search of ["z", "zo", "zoë", "𝒜", "𝒜n", "a@", "a@example.com", "com zo"])
    assert.ok(await isFound(search), search);
  for (const search of ["oë", "zoëy", "zo nobody", "b@"]) assert.ok(!(await isFound(search)), search);
});

test("words: a search of very many words is cut, not refused", async (t) => {
  const { isFound } = await startWith(t, "a@example.com", "Ada");

  assert.ok(await isFound("ada ".repeat(2000)));
});
