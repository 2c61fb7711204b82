import assert from "node:assert/strict";
import { test } from "node:test";

import type { Cursor, PeopleQuery } from "../../../src/repositories/accounts/people.ts";
import { password, startApp } from "../../support/app.ts";
import { addManyPeople } from "../../support/many-people.ts";

const sorts = ["email", "sort_name", "date_joined", "last_activity"] as const;

for (const sort of sorts) {
  for (const descending of [false, true]) {
    test(`people: pages of two by ${sort}, ${descending ? "down" : "up"}, lose and repeat no one with equal keys`, async (t) => {
      const { repositories, database } = await startApp(t);
      for (let number = 0; number < 7; number++)
        await repositories.users.create({ email: `p${number}@example.com`, password });
      const moment = "2026-11-01T00:00:00.000000Z";
      await database("users").update({ sort_name: "same", date_joined: moment, last_seen_at: moment });
      const query: PeopleQuery = { search: "", sort, descending, limit: 2 };

      const forwards: number[][] = [];
      let page = await repositories.people.list(query);
      assert.equal(page.previous, undefined);
      assert.equal(page.matches, undefined, "only searches are counted");
      while (forwards.length < 10) {
        forwards.push(page.people.map(({ id }) => id));
        if (!page.next) break;
        page = await repositories.people.list({ ...query, after: page.next });
      }
      const backwards: number[][] = [];
      for (let before: Cursor | undefined = page.previous; before; before = page.previous) {
        page = await repositories.people.list({ ...query, before });
        backwards.unshift(page.people.map(({ id }) => id));
      }

      const ids = [1, 2, 3, 4, 5, 6, 7];
      assert.deepEqual(forwards.flat(), descending ? ids.toReversed() : ids);
      assert.deepEqual(backwards, forwards.slice(0, -1));
    });
  }
}

test("people: those who never logged in are counted and listed, and those who were removed are not", async (t) => {
  const { repositories } = await startApp(t);
  const { people, users, accountStatus } = repositories;
  const list = { search: "", sort: "last_activity", descending: true, limit: 10 } as const;
  const [owner, never, removed] = [
    await users.create({ email: "owner@example.com" }),
    await users.create({ email: "never@example.com" }),
    await users.create({ email: "removed@example.com" }),
  ];
  assert.deepEqual(await people.counts(), { never: 3, deactivated: 0, removed: 0 });

  await users.touch(owner.id);
  await accountStatus.remove(removed.id);

  assert.deepEqual(await people.counts(), { never: 1, deactivated: 0, removed: 1 });
  const emails = async (query: Partial<PeopleQuery>) =>
    (await people.list({ ...list, ...query })).people.map(({ email }) => email);
  assert.deepEqual(await emails({}), [owner.email, never.email], "who never logged in is last");
  assert.deepEqual(await emails({ never_seen: true }), [never.email]);
  assert.deepEqual(await emails({ never_seen: true, search: "owner" }), []);
  assert.deepEqual(await emails({ id: owner.id, search: "example" }), [owner.email]);
  assert.equal((await users.find(owner.id))?.last_seen_at, (await users.find(owner.id))?.last_activity);
});

test("people: a search counts all that match it, on whatever page", async (t) => {
  const { repositories } = await startApp(t);
  const { people, users } = repositories;
  for (let number = 0; number < 7; number++) await users.create({ email: `p${number}@example.com` });
  const query: PeopleQuery = { search: "example com", sort: "email", descending: false, limit: 3 };

  const first = await people.list(query);
  const second = await people.list({ ...query, after: first.next });

  assert.deepEqual([first.matches, second.matches], [7, 7]);
  assert.equal((await people.list({ ...query, search: "p1" })).matches, 1);
  assert.equal((await people.list({ ...query, search: "example", id: 2 })).matches, 1);
  assert.equal((await people.list({ ...query, search: "." })).matches, 0);
});

test("people: a whole list is read to its end, in its order", async (t) => {
  const { repositories, database } = await startApp(t);
  await repositories.users.create({ email: "owner@example.com" });
  await addManyPeople(database, 1200);
  const query = { search: "", sort: "email", descending: true } as const;

  const read: string[] = [];
  for await (const { email } of repositories.people.stream(query)) read.push(email);

  const members = database("organization_members").whereNull("deleted_at").select("user_id");
  const emails: string[] = await database("users").whereIn("id", members).pluck("email");
  assert.equal(new Set(read).size, emails.length);
  assert.equal(read.length, emails.length);
  assert.deepEqual(new Set(read), new Set(emails));
});
