import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { limits } from "../../src/common/limits.ts";
import { password, startApp } from "../support/app.ts";
import { addManyPeople } from "../support/many-people.ts";
import { emailsOf, linesOf, read } from "../support/pages.ts";

/** The owner, a member, Ann who is deactivated, and Ben who was removed. */
async function startWithFormer(t: TestContext) {
  const app = await startApp(t);
  const { repositories } = app;
  const owner = await app.signedIn({ email: "owner@example.com" });
  const member = await app.signedIn({ email: "member@example.com" });
  const [ann, ben] = [
    await repositories.users.create({ email: "ann@example.com", first_name: "=HYPERLINK(1)", password }),
    await repositories.users.create({ email: "ben@example.com", first_name: 'Ben "B"', password }),
  ];
  await repositories.accountStatus.deactivate(ann.id);
  await repositories.accountStatus.remove(ben.id);
  return { ...app, owner, member };
}

test("people lists: filters show who is active, deactivated or removed, with counts, those who were removed to the owner only", async (t) => {
  const { owner, member } = await startWithFormer(t);
  const listed = async (show: string, browser = owner.browser) =>
    emailsOf(read(await browser.get(`/people/?show=${show}`).expect(200))).sort();

  const page = read(await owner.browser.get("/people/").expect(200));
  assert.deepEqual(linesOf(page, "#pills a"), [
    "Everyone 3",
    "Owner 1",
    "Active 2",
    "Never logged in 1",
    "Deactivated 1",
    "Removed 1",
  ]);
  assert.deepEqual(linesOf(page, "tbody tr:contains('ann@example.com') .wide-only .badge.bad"), ["Deactivated"]);
  assert.deepEqual(await listed("active"), ["member@example.com", "owner@example.com"]);
  assert.deepEqual(await listed("deactivated"), ["ann@example.com"]);
  assert.deepEqual(await listed("removed"), ["ben@example.com"]);
  assert.deepEqual(await listed("removed&q=ben"), ["ben@example.com"]);
  assert.deepEqual(await listed("removed&q=ann"), []);
  assert.deepEqual(await listed("deactivated&q=ann"), ["ann@example.com"]);
  const everyone = ["ann@example.com", "member@example.com", "owner@example.com"];
  assert.deepEqual(await listed("removed", member.browser), everyone);
  assert.equal(linesOf(read(await member.browser.get("/people/")), "#pills a").includes("Removed 1"), false);
});

test("people lists: the file has the list that is shown, in its order, and no cell is a formula", async (t) => {
  const { owner, member, database } = await startWithFormer(t);
  const file = async (query: string, browser = owner.browser) => {
    const answer = await browser.get(`/people/people.csv${query}`).expect(200);
    assert.match(String(answer.headers["content-type"]), /^text\/csv/);
    assert.match(String(answer.headers["content-disposition"]), /attachment; filename="people\.csv"/);
    return answer.text.trimEnd().split("\n");
  };
  await database("users").update({ date_joined: "2026-01-02T03:04:05.000000Z" });

  const [head, first, ...rest] = await file("?sort=email");
  assert.equal(head, "id,email,first_name,last_name,role,status,date_joined,invited_by,last_activity");
  const joined = '"2026-01-02T03:04:05Z"';
  assert.equal(first, `3,"ann@example.com","'=HYPERLINK(1)","","member","deactivated",${joined},"","never"`);
  assert.equal(rest.length, 2);
  assert.match(rest[1] ?? "", /^1,"owner@example\.com","","","owner","active","2026-01-02T03:04:05Z","","2\d{3}-/);
  assert.deepEqual((await file("?show=removed")).slice(1), [
    `4,"ben@example.com","Ben ""B""","","member","removed",${joined},"","never"`,
  ]);
  assert.equal((await file("?show=removed", member.browser)).length, 4);
  assert.equal((await file("?q=owner")).length, 2);
});

test("people lists: the file and the emails go beyond a page, the emails up to their limit", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email: "owner@example.com" });
  await addManyPeople(app.database, limits.copiedEmails + 200);

  const { text } = await browser.get("/people/people.csv?sort=-last_activity").expect(200);
  const lines = text.trimEnd().split("\n");
  const ids = new Set(lines.slice(1).map((line) => line.split(",")[0]));
  const members = await app.database("organization_members").whereNull("deleted_at").pluck("user_id");
  assert.equal(lines.length, members.length + 1);
  assert.equal(ids.size, members.length);
  const page = read(await browser.get("/people/emails").expect(200));
  assert.equal(page("textarea").text().split(",\n").length, limits.copiedEmails);
  assert.match(page("main").text(), /The first 5,000\. Export CSV has all\./);
});

test("people lists: emails of the list that is shown can be copied without a script", async (t) => {
  const { owner } = await startWithFormer(t);
  const list = read(await owner.browser.get("/people/?q=example&sort=email").expect(200));
  const [emails, csv] = list("#list-links a")
    .toArray()
    .map((link) => list(link).attr("href"));
  assert.equal(csv, "/people/people.csv?q=example&sort=email");

  const page = read(await owner.browser.get(String(emails)).expect(200));

  assert.equal(page("textarea").text(), "ann@example.com,\nmember@example.com,\nowner@example.com");
  assert.equal(page("h1 a").attr("href"), "/people/?q=example&sort=email");
  assert.match(read(await owner.browser.get("/people/emails?q=nobody"))("main").text(), /Nobody is in this list/);
});
