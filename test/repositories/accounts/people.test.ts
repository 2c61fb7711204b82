import assert from "node:assert/strict";
import { test } from "node:test";

import type { Cursor, PeopleQuery } from "../../../src/repositories/accounts/people.ts";
import { password, startApp } from "../../support/app.ts";

const sorts = ["email", "sort_name", "last_activity"] as const;

for (const sort of sorts) {
  for (const descending of [false, true]) {
    test(`people: pages of two by ${sort}, ${descending ? "down" : "up"}, lose and repeat no one with equal keys`, async (t) => {
      const { repositories, database } = await startApp(t);
      for (let number = 0; number < 7; number++)
        await repositories.users.create({ email: `p${number}@example.com`, password });
      await database("users").update({ sort_name: "same", last_activity: "2026-11-01T00:00:00.000000Z" });
      const query: PeopleQuery = { search: "", sort, descending, limit: 2 };

      const forwards: number[][] = [];
      let page = await repositories.people.list(query);
      assert.equal(page.previous, undefined);
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
