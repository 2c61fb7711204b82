import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { PeopleQuery } from "../../../src/repositories/accounts/people.ts";
import { password, startApp } from "../../support/app.ts";
import { addManyPeople, commonFirstName, commonLastName } from "../../support/many-people.ts";
import { openRecords } from "../../support/records.ts";

const people = 16_000;

const query: PeopleQuery = { search: "", sort: "email", descending: false, limit: 20 };

test("people search: common words find the same people in the same order as rare ones", async (t) => {
  const { database, repositories, addPeople } = await openRecords(t);
  await addPeople(1);
  await addManyPeople(database, people);
  const emails = async (changes: Partial<PeopleQuery>) =>
    (await repositories.people.list({ ...query, ...changes })).people.map(({ email }) => email);
  const all: string[] = await database("users")
    .join("organization_members", "user_id", "users.id")
    .whereNull("deleted_at")
    .orderBy("email")
    .pluck("email");
  const { next } = await repositories.people.list({ ...query, search: "com" });

  // Everyone matches, so the scan of the first rows fills the page.
  assert.deepEqual(await emails({ search: "com" }), all.slice(0, 20));
  assert.deepEqual(await emails({ search: "com", descending: true }), all.toReversed().slice(0, 20));
  assert.deepEqual(await emails({ search: "com", after: next }), all.slice(20, 40));
  assert.deepEqual(await emails({ search: "com", before: next }), all.slice(0, 19));

  // Some match both common words.
  const both = all.filter((email) => email.startsWith(`${commonFirstName}.${commonLastName}.`));
  assert.deepEqual(await emails({ search: `${commonLastName} com ${commonFirstName}` }), both.slice(0, 20));

  // Many match, and all of them come late in the list.
  const late = 10_900;
  await database("user_search_terms")
    .where({ term: "com" })
    .whereIn(
      "user_id",
      database("users").whereIn("email", database("users").orderBy("email").limit(late).select("email")).select("id"),
    )
    .delete();
  const last: string[] = await database("users").orderBy("email").offset(late).limit(1).pluck("email");
  assert.deepEqual(
    await emails({ search: "example com" }),
    all.filter((email) => email >= String(last[0])).slice(0, 20),
  );
});

const firstPage = { sort: "email", descending: false, limit: 50 } as const;

async function startWith(t: TestContext, email: string, first_name = "", last_name = "") {
  const { repositories, database } = await startApp(t);
  const person = await repositories.users.create({ email, password });
  await repositories.users.update(person.id, { first_name, last_name, phone: "" });
  return {
    storedTerms: async () =>
      ((await database("user_search_terms").orderBy("term").pluck("term")) as string[]).join(" "),
    isFound: async (search: string) => (await repositories.people.list({ search, ...firstPage })).people.length === 1,
  };
}

test("people search: the words of a name and an email are stored in lower case, each once", async (t) => {
  const { storedTerms } = await startWith(t, "ada.king@example.com", "Ada", "King-Noel ADA");

  assert.equal(await storedTerms(), "ada ada.king@example.com com example king noel");
});

test("people search: a word is found by each of its prefixes, whatever letters follow", async (t) => {
  const { isFound } = await startWith(t, "a@example.com", "Zoë", "𝒜nna \u{10fffd}");

  for (const search of ["z", "zo", "zoë", "𝒜", "𝒜n", "a@", "a@example.com", "com zo"])
    assert.ok(await isFound(search), search);
  for (const search of ["oë", "zoëy", "zo nobody", "b@"]) assert.ok(!(await isFound(search)), search);
});

test("people search: a search of very many words is cut, not refused", async (t) => {
  const { isFound } = await startWith(t, "a@example.com", "Ada");

  assert.ok(await isFound("ada ".repeat(2000)));
});
