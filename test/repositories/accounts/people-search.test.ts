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

test("people search: common words find page by page whom they say in the order of the last activity", async (t) => {
  const { database, repositories, addPeople } = await openRecords(t);
  await addPeople(1);
  await addManyPeople(database, people);
  // Many and not all, so that the first ones of the list are looked through, and two words with one beginning.
  await database("user_search_terms").where({ term: "com" }).whereRaw("user_id % 9 > 3").delete();
  await database("user_search_terms").where({ term: "example" }).whereRaw("user_id % 7 < 3").update({ term: "exams" });
  await database("users").whereRaw("id % 11 = 3").update({ is_active: false });
  const users: { id: number; key: string; deleted_at: string | null; is_active: boolean }[] = await database("users")
    .join("organization_members", "user_id", "users.id")
    .orderBy(["last_seen_at", "users.id"])
    .select("users.id", "last_seen_at as key", "deleted_at", "is_active");
  const members = users.filter(({ deleted_at }) => !deleted_at);
  const hasCom = ({ id }: { id: number }) => id % 9 < 4;

  const cases: [string, Partial<PeopleQuery>, { id: number }[]][] = [
    ["com", {}, members.filter(hasCom)],
    ["exam", {}, members],
    ["exams", {}, members.filter(({ id }) => id % 7 < 3)],
    ["com exam", {}, members.filter(hasCom)],
    ["com", { status: "active" }, members.filter((user) => hasCom(user) && user.is_active)],
    ["com", { status: "deactivated" }, members.filter((user) => hasCom(user) && !user.is_active)],
    ["com", { status: "removed" }, users.filter((user) => hasCom(user) && user.deleted_at)],
    ["com", { never_seen: true }, members.filter((user) => hasCom(user) && user.key === "")],
  ];
  for (const [search, filter, found] of cases)
    for (const descending of [false, true]) {
      const expected = (descending ? found.toReversed() : found).map(({ id }) => id);
      const list = async (cursors: Partial<PeopleQuery>) => {
        const asked = { ...query, ...filter, ...cursors, search, descending, sort: "last_activity" } as const;
        const page = await repositories.people.list(asked);
        return { ...page, ids: page.people.map(({ id }) => id) };
      };
      const what = `${search} ${JSON.stringify(filter)}${descending ? ", down" : ""}`;
      const first = await list({});
      assert.deepEqual(first.ids, expected.slice(0, 20), what);
      const second = await list({ after: first.next });
      assert.deepEqual(second.ids, expected.slice(20, 40), `${what}, second page`);
      assert.deepEqual((await list({ before: second.previous })).ids, first.ids, `${what}, back`);
      const end = { key: descending ? "" : "9", id: descending ? 0 : people * 2 };
      assert.deepEqual((await list({ before: end })).ids, expected.slice(-20), `${what}, last page`);
    }
});

test("people search: one word finds page by page whom words and emails say, in each order", async (t) => {
  const { database, repositories, addPeople } = await openRecords(t);
  await addPeople(1);
  await addManyPeople(database, 2_500);
  const { users, emailChanges, accountStatus } = repositories;
  // With several words of one beginning, with letters that are composed in words alone, and some who change.
  for (const [email, first_name, last_name] of [
    ["maria.marina@example.com", "Mariana", "Marija"],
    ["e\u0301lan@example.com", "É", "Lan"],
    ["nobody@maria.example", "", ""],
    ["\u{10400}@example.com", "Zoë", "Maria"],
  ] as const)
    await users.create({ email, first_name, last_name });
  const renamed = await users.create({ email: "renamed@example.com", first_name: "Maria" });
  await users.update(renamed.id, { first_name: "Mario", last_name: "Zuse" });
  await emailChanges.set((await users.create({ email: "zz@example.com", first_name: "Maria" })).id, "aa@example.com");
  await accountStatus.erase((await users.create({ email: "maria0@example.com" })).id);
  await users.delete((await users.create({ email: "maria1@example.com" })).id);

  const terms: { user_id: number; term: string }[] = await database("user_search_terms").select("user_id", "term");
  const members: Record<string, string | number>[] = await database("users")
    .join("organization_members", "user_id", "users.id")
    .whereNull("deleted_at")
    .select("users.id", "email", "sort_name");
  for (const search of [commonFirstName, "mari", "m", "e", "é", "com", "n1", "aa@e", "maria.", "zu"]) {
    const ids = new Set(
      terms.filter(({ term }) => term.startsWith(search.replace(".", ""))).map((each) => each.user_id),
    );
    for (const sort of ["email", "sort_name"] as const) {
      const all = members
        .filter(({ id }) => ids.has(Number(id)))
        .toSorted(
          (a, b) => Buffer.compare(Buffer.from(`${a[sort]}`), Buffer.from(`${b[sort]}`)) || Number(a.id) - Number(b.id),
        )
        .map(({ id }) => id);
      for (const descending of [false, true]) {
        const expected = descending ? all.toReversed() : all;
        const list = async (cursors: Partial<PeopleQuery> = {}) => {
          const page = await repositories.people.list({ ...query, search, sort, descending, ...cursors });
          return { ...page, ids: page.people.map(({ id }) => id) };
        };
        const what = `${search} by ${sort}${descending ? ", down" : ""}`;
        const first = await list();
        assert.deepEqual(first.ids, expected.slice(0, 20), what);
        assert.equal(first.matches, all.length, what);
        if (!first.next) continue;
        const second = await list({ after: first.next });
        assert.deepEqual(second.ids, expected.slice(20, 40), `${what}, second page`);
        assert.deepEqual((await list({ before: second.previous })).ids, first.ids, `${what}, back`);
      }
    }
  }
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
