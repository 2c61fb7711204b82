import assert from "node:assert/strict";
import { test } from "node:test";

import { eventGroups } from "../../../src/repositories/accounts/events.ts";
import type { EventName } from "../../../src/repositories/accounts/events.ts";
import { password, startApp } from "../../support/app.ts";
import { logIn } from "../../support/forms.ts";
import { lineOf, linesOf, read } from "../../support/pages.ts";

/** An organization of Ann, who owns it, and Ben. */
async function start(t: Parameters<typeof startApp>[0]) {
  const app = await startApp(t);
  const ann = await app.signedIn({ email: "ann@example.com" });
  const ben = await app.repositories.users.create({ email: "ben@example.com", password });
  const log = async (query = "") => {
    const page = read(await ann.browser.get(`/organization/activity${query}`).expect(200));
    return { page, lines: linesOf(page, ".section li p:first-child") };
  };
  return { ...app, ann, ben, log };
}

test("activity log: the owner sees who logged in, who failed and where from, newest first", async (t) => {
  const { visitor, log } = await start(t);

  await logIn(visitor(), { email: "ben@example.com", password: "wrong password" }).expect(422);
  await logIn(visitor(), { email: "ben@example.com", password })
    .set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    .expect(303);
  await logIn(visitor(), { email: "nobody@example.com", password }).expect(422);

  const { page, lines } = await log();
  assert.deepEqual(lines, [
    "Somebody could not log in as nobody@example.com, which has no account",
    "ben@example.com logged in",
    "ben@example.com could not log in: wrong password",
  ]);
  assert.match(lineOf(page(".section li").eq(1)), /Firefox on Linux, (::ffff:)?127\.0\.0\.1/);
});

test("activity log: it can be narrowed to a kind and to a person, who may be nobody", async (t) => {
  const { repositories, ann, ben, log } = await start(t);
  await repositories.events.add({ name: "authn_logout", actor_id: ben.id, subject_id: ben.id, ip: "192.0.2.1" });
  await repositories.events.add({ name: "member_removed", actor_id: ann.user.id, subject_id: ben.id, ip: "192.0.2.1" });
  await repositories.events.add({
    name: "organization_renamed",
    actor_id: ann.user.id,
    subject_id: ann.user.id,
    ip: "192.0.2.1",
  });

  assert.deepEqual((await log("?show=people")).lines, ["ann@example.com removed ben@example.com"]);
  assert.deepEqual((await log("?q=BEN@example.com")).lines, [
    "ann@example.com removed ben@example.com",
    "ben@example.com logged out",
  ]);
  assert.deepEqual((await log(`?user=${ben.id}&show=login`)).lines, ["ben@example.com logged out"]);
  const nobody = await log("?q=nobody@example.com");
  assert.deepEqual(nobody.lines, []);
  assert.match(lineOf(nobody.page(".matches")), /Nobody has the email “nobody@example.com” Show everyone/);
});

test("activity log: 50 events are a page, and older ones follow", async (t) => {
  const { repositories, ben, log } = await start(t);
  for (let count = 0; count < 60; count++)
    await repositories.events.add({
      name: "authn_login_success",
      actor_id: ben.id,
      subject_id: ben.id,
      ip: "192.0.2.1",
    });

  const first = await log("?show=login");
  const older = first.page(".pager a[rel=next]").attr("href") ?? "";
  const rest = await log(older);

  assert.deepEqual([first.lines.length, rest.lines.length], [50, 10]);
  assert.equal(rest.page(".pager a[rel=prev]").attr("href"), "?show=login");
  assert.equal(rest.page(".pager a[rel=next]").attr("href"), undefined);
});

test("activity log: only the owner opens it, and members don't see where it is", async (t) => {
  const { browserOf, ben } = await start(t);
  const browser = await browserOf(ben);

  const refused = await browser.get("/organization/activity").expect(403);
  await browser.get("/organization/activity/csv").expect(403);

  assert.match(refused.text, /Only the owner can open this/);
  const general = read(await browser.get("/organization/general").expect(200));
  assert.ok(!linesOf(general, ".side a").includes("Activity log"));
});

test("activity log: as CSV it has what the page shows, all of it, and nothing that a spreadsheet computes", async (t) => {
  const { repositories, ann, ben } = await start(t);
  await repositories.events.add({
    name: "authn_login_fail",
    actor_id: null,
    subject_id: ben.id,
    ip: "192.0.2.1",
    user_agent: '=HYPERLINK("x")',
  });
  await repositories.events.add({
    name: "authn_logout",
    actor_id: ann.user.id,
    subject_id: ann.user.id,
    ip: "192.0.2.1",
  });

  const all = await ann.browser.get("/organization/activity/csv").expect(200);
  const narrow = await ann.browser.get("/organization/activity/csv?q=ben@example.com").expect(200);
  const nobody = await ann.browser.get("/organization/activity/csv?q=nobody@example.com").expect(200);

  assert.match(all.headers["content-disposition"] ?? "", /^attachment; filename="activity-[\d-]+\.csv"$/);
  const lines = all.text.trimEnd().split("\r\n");
  assert.equal(lines.length, 3);
  assert.match(lines[1] ?? "", /"authn_logout","logged out","ann@example.com","ann@example.com","192.0.2.1","","{}"$/);
  assert.match(
    lines[2] ?? "",
    /"authn_login_fail","log-in refused","","ben@example.com","192.0.2.1","'=HYPERLINK\(""x""\)","{}"$/,
  );
  assert.deepEqual(narrow.text.split("\r\n")[1], lines[2]);
  assert.equal(nobody.text, "");
});

for (const [group, names] of Object.entries(eventGroups))
  test(`activity log: each event of ${group} is told in words, by oneself, by another and at the command line`, async (t) => {
    const { repositories, ann, ben, log } = await start(t);
    const ip = "192.0.2.1";
    for (const name of Object.keys(names) as EventName[]) {
      await repositories.events.add({ name, actor_id: ben.id, subject_id: ben.id, ip, details: { name: "notebook" } });
      await repositories.events.add({ name, actor_id: ann.user.id, subject_id: ben.id, ip });
      await repositories.events.add({ name, actor_id: null, subject_id: ben.id });
    }

    const { lines } = await log();

    assert.equal(lines.length, Object.keys(names).length * 3);
    for (const line of lines) assert.match(line, /^\S+ \S+/);
  });

test("activity: everybody sees what happened to their own account, and nothing of others'", async (t) => {
  const { visitor, browserOf, ben } = await start(t);
  await logIn(visitor(), { email: "ben@example.com", password: "wrong password" }).expect(422);
  await logIn(visitor(), { email: "ann@example.com", password: "wrong password" }).expect(422);

  const page = read(await (await browserOf(ben)).get("/user/account/activity?user=1&q=ann@example.com").expect(200));

  assert.deepEqual(linesOf(page, ".section li p:first-child"), ["ben@example.com could not log in: wrong password"]);
});
