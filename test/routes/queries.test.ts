import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { accountSections } from "../support/addresses.ts";
import { startApp } from "../support/app.ts";

const pages = [
  "/",
  "/projects/",
  "/people/",
  "/people/?q=ada+example+com&sort=-last_activity",
  "/people/1",
  "/people/invite",
  "/organization/",
  "/user/account/",
  "/user/account/personal-info",
  ...accountSections,
  "/user/account/hotkeys",
  "/user/login/",
  "/user/signup/",
  "/logout",
  "/version",
  "/nothing-here",
];

/** Somebody who is signed in, and the number of queries that a page costs them. */
async function startCounting(t: TestContext) {
  const { signedIn, database } = await startApp(t, { disable_signup_without_link: true });
  const { browser } = await signedIn({ email: "ada@example.com" });
  await database("organizations").update({ legacy_api_tokens_enabled: true });

  return {
    database,
    queriesOf: async (page: string) => {
      const queries: string[] = [];
      const count = ({ sql }: { sql: string }) => void queries.push(sql);
      database.on("query", count);
      const { status } = await browser.get(page);
      database.off("query", count);
      assert.ok(status < 500);
      return queries;
    },
  };
}

for (const page of pages) {
  test(`queries: ${page} costs at most four`, async (t) => {
    const { queriesOf } = await startCounting(t);

    const usually = await queriesOf(page);
    assert.ok(usually.length <= 4, usually.join("\n"));
  });

  if (page === "/logout") continue;

  test(`queries: ${page} costs at most four, also while it notes that somebody was here`, async (t) => {
    const { queriesOf, database } = await startCounting(t);
    const long_ago = new Date(Date.now() - 3_600_000).toISOString().replace("Z", "000Z");
    await database("sessions").update({ last_seen_at: long_ago });
    await database("users").update({ last_activity: long_ago });

    const noting = await queriesOf(page);

    assert.ok(noting.length <= 4, noting.join("\n"));
    assert.ok((await database("sessions").first()).last_seen_at > long_ago);
    assert.ok((await database("users").first()).last_activity > long_ago);
  });
}
