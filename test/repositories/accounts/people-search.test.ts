import assert from "node:assert/strict";
import { test } from "node:test";

import type { PeopleQuery } from "../../../src/repositories/accounts/people.ts";
import { addManyPeople, commonFirstName, commonLastName } from "../../support/many-people.ts";
import { openRecords } from "../../support/records.ts";

const people = 16_000;

const query: PeopleQuery = { search: "", sort: "email", descending: false, limit: 20 };

test("people search: words that many have give the same people in the same order as any other", async (t) => {
  const { database, repositories, addPeople } = await openRecords(t);
  await addPeople(1);
  await addManyPeople(database, people);
  const emails = async (asked: Partial<PeopleQuery>) =>
    (await repositories.people.list({ ...query, ...asked })).people.map(({ email }) => email);
  const all: string[] = await database("users")
    .join("organization_members", "user_id", "users.id")
    .whereNull("deleted_at")
    .orderBy("email")
    .pluck("email");
  const { next } = await repositories.people.list({ ...query, search: "com" });

  // Everybody has it, and so few are looked at.
  assert.deepEqual(await emails({ search: "com" }), all.slice(0, 20));
  assert.deepEqual(await emails({ search: "com", descending: true }), all.toReversed().slice(0, 20));
  assert.deepEqual(await emails({ search: "com", after: next }), all.slice(20, 40));
  assert.deepEqual(await emails({ search: "com", before: next }), all.slice(0, 19));

  // Some have both.
  const both = all.filter((email) => email.startsWith(`${commonFirstName}.${commonLastName}.`));
  assert.deepEqual(await emails({ search: `${commonLastName} com ${commonFirstName}` }), both.slice(0, 20));

  // Many have it, and all of them come late.
  const late = 10_900;
  await database("user_words")
    .where({ word: "com" })
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
