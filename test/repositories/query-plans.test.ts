import assert from "node:assert/strict";
import { test } from "node:test";

import type { Knex } from "knex";

import { formatPosition } from "../../src/forms/people.ts";
import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { addManyPeople, commonFirstName, commonLastName, rareName } from "../support/many-people.ts";
import { statementsOf, fullScans } from "../support/query-plans.ts";

/** Tables that grow with the number of users. */
const watched = [
  "users",
  "user_search_terms",
  "organization_members",
  "sessions",
  "legacy_tokens",
  "personal_tokens",
  "contributions",
  "contribution_days",
];

const people = 20_000;

/** Returns the number of rows by table. */
async function sizes(database: Knex): Promise<Map<string, number>> {
  const counts = await Promise.all(watched.map((table) => database(table).count({ total: "*" }).first()));
  return new Map(watched.map((table, index) => [table, Number(counts[index]?.total)]));
}

/** Cursors in the middle of the list of people. */
const moment = "2025-08-15T12:00:00.000000Z";
const far = { email: "thalokan.m", sort_name: "thalokan m", date_joined: moment, last_activity: moment };

const pages = [
  "/",
  ...Object.entries(far).flatMap(([sort, key]) =>
    [sort, `-${sort}`].flatMap((order) => [
      `/people/?sort=${order}`,
      `/people/?sort=${order}&after=${formatPosition({ key, id: 1, offset: 0 })}`,
      `/people/?sort=${order}&before=${formatPosition({ key, id: 1, offset: 0 })}`,
    ]),
  ),
  ...["e", "com", commonFirstName, rareName, "nobody", `com ${commonLastName} ${rareName}`, "nobody@example.com"].map(
    (search) => `/people/?q=${search}`,
  ),
  ...["email", "-email", "sort_name", "-sort_name"].flatMap((order) => [
    `/people/?q=com&sort=${order}`,
    `/people/?q=com&sort=${order}&after=${formatPosition({ key: "thalokan m", id: 1, offset: 0 })}`,
  ]),
  "/people/?q=com&sort=-last_activity",
  "/people/?q=e&sort=-last_activity",
  `/people/?q=com&sort=-last_activity&after=${formatPosition({ key: far.last_activity, id: 1, offset: 0 })}`,
  "/people/?show=owner",
  "/people/?show=never",
  `/people/?show=never&q=${rareName}`,
  `/people/${people - 5}`,
  "/people/invite",
  "/projects/",
  "/projects/7",
  "/user/account/sessions",
  "/user/account/personal-access-token",
];

const calls = [
  "/api/current-user/whoami",
  "/api/organizations/1/memberships",
  `/api/organizations/1/memberships?page=${people / 50}`,
  `/api/organizations/1/memberships?active=true&page=${people / 50}&contributed_to_projects=true`,
  `/api/organizations/1/memberships/${people - 5}/?contributed_to_projects=true`,
  `/api/users/${people - 5}/`,
  "/api/projects/7/annotators/",
  "/api/invite",
  "/api/invitations/",
];

test("query plans: no query scans or sorts all users", async (t) => {
  const { database, repositories, visitor, owner } = await startApi(t);
  await addManyPeople(database, people);
  const tables = await sizes(database);
  const browser = visitor();
  await logIn(browser, { email: owner.user.email, password }).expect(303);

  const assertByIndex = async (work: () => Promise<unknown>): Promise<void> => {
    const statements = await statementsOf(database, work);
    assert.ok(statements.length > 0);
    for (const statement of statements)
      assert.deepEqual(await fullScans(database, statement, tables), [], statement.sql);
  };

  for (const page of pages) await t.test(`at ${page}`, () => assertByIndex(async () => browser.get(page).expect(200)));
  for (const call of calls)
    await t.test(`at ${call}`, () => assertByIndex(async () => owner.script("get", call).expect(200)));
  await t.test("where the list of all users goes on", () =>
    assertByIndex(async () => repositories.members.listAfter(people - 600, 500)),
  );
  await t.test("when somebody logs in, or tries to", () =>
    assertByIndex(async () => {
      await logIn(visitor(), { email: owner.user.email, password }).expect(303);
      await logIn(visitor(), { email: "nobody@example.com", password }).expect(422);
    }),
  );
  await t.test("when a token is shown", () =>
    assertByIndex(async () => {
      await repositories.identities.findByLegacyToken("no such token");
      await repositories.identities.findByPersonalToken("no such token");
      await repositories.identities.findByUser(people - 5);
    }),
  );
  await t.test("when somebody comes, changes and goes", () =>
    assertByIndex(async () => {
      const { users, accountStatus, sessions } = repositories;
      const { id } = await users.create({ email: "new@example.com", password });
      await users.update(id, { first_name: "New" });
      await users.touch(id);
      await sessions.list(id);
      await sessions.deleteExpired();
      await accountStatus.remove(id);
      await users.delete(id);
    }),
  );
});
