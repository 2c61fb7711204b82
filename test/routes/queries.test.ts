import assert from "node:assert/strict";
import { test } from "node:test";

import { settingsPages } from "../support/addresses.ts";
import { share, startApp } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

const pages = [
  "/",
  "/projects/",
  "/projects/?q=reviews",
  "/projects/new",
  "/projects/1",
  "/projects/1?state=labeled&person=1",
  "/projects/1?q=1",
  "/projects/1?view=1",
  "/projects/1/tasks/1",
  "/projects/1/label",
  "/projects/1/label?last=1",
  "/projects/1/tasks/1/label",
  "/projects/1/tasks/2/label",
  "/projects/1/settings",
  "/projects/1/export",
  "/people/",
  "/people/?q=ada+example+com&sort=-last_activity",
  "/people/1",
  "/people/invite",
  "/organization/",
  "/user/account/",
  "/user/account/personal-info",
  ...settingsPages,
  "/user/account/hotkeys",
  "/user/login/",
  "/user/signup/",
  "/logout",
  "/version",
  "/nothing-here",
];

/**
 * Home, and the pages of a project, show people, tasks and annotations; everything else takes less. A search among more than a
 * thousand tasks takes two more for each of its parts, so that nobody waits for all of it.
 */
const most = (page: string) => {
  // A saved filter finds the ids of all its tasks first, for how many they are.
  if (page.includes("?view=")) return 7;
  if (page === "/" || /^\/projects\/1(\/label|\/tasks|\?|$)/.test(page)) return 6;
  // Log-out replaces the session, and records that.
  return page.startsWith("/projects/1") || page === "/logout" ? 5 : 4;
};

/** To note that somebody was here takes two more; a search looks first which of its words is the rarest. */
const mostWhileNoting = (page: string) =>
  /^\/(projects\/.*|people\/(1|invite|\?q=.*)?|.*\/membership-info|organization\/general)?$/.test(page)
    ? most(page) + 2
    : 4;

/** Somebody who is signed in, with a project, and the number of queries that a page costs them. */
async function startCounting(t: TestHooks) {
  const app = await startApp(t, { disable_signup_without_link: true });
  const { signedIn, database } = app;
  const { browser, user } = await signedIn({ email: "ada@example.com" });
  const project = await addProject(app, user);
  const [task] = await addTasks(app, project, ["one", "two"]);
  await app.repositories.views.create(project.id, user.id, { data: { ordering: ["tasks:data.text"] } });
  await addAnswer(app, task, user, "Positive");
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

/** For all but who logs out. */
const shared = share(startCounting);

for (const page of pages) {
  test(`queries: ${page} costs at most ${most(page)}`, async (t) => {
    const { queriesOf } = await (page === "/logout" ? startCounting(t) : shared());

    const usually = await queriesOf(page);
    assert.ok(usually.length <= most(page), usually.join("\n"));
  });

  if (page === "/logout") continue;

  test(`queries: ${page} costs at most ${mostWhileNoting(page)}, also while it notes that somebody was here`, async () => {
    const { queriesOf, database } = await shared();
    const long_ago = new Date(Date.now() - 3_600_000).toISOString().replace("Z", "000Z");
    await database("sessions").update({ last_seen_at: long_ago });
    await database("users").update({ last_activity: long_ago, last_seen_at: long_ago });

    const noting = await queriesOf(page);

    assert.ok(noting.length <= mostWhileNoting(page), noting.join("\n"));
    assert.ok((await database("sessions").first()).last_seen_at > long_ago);
    assert.ok((await database("users").first()).last_activity > long_ago);
  });
}
