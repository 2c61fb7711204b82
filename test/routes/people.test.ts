import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { issuePersonalToken } from "../../src/security/jwt.ts";
import { password, startApp } from "../support/app.ts";
import type { Browser, TestApp } from "../support/app.ts";
import { descriptionList, emailsOf, read } from "../support/pages.ts";

const link = "td a.person-name";

/** Emails in the order the page shows them. */
async function listedEmails(browser: Browser, address = "/people/"): Promise<string[]> {
  return emailsOf(read(await browser.get(address).expect(200)));
}

async function addPerson({ repositories }: TestApp, email: string, first_name = "", last_name = "") {
  const person = await repositories.users.create({ email, password });
  await repositories.users.update(person.id, { first_name, last_name, phone: "" });
  return person;
}

test("people: everyone is listed with name, email, role and dates, and leads to their page", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email: "ada@example.com" });
  const ben = await addPerson(app, "ben@example.com", "Ben", "Bolt");
  const last_seen_at = minutesFromNow(-90);
  await app.database("users").where({ id: ben.id }).update({ last_seen_at });

  const page = read(await browser.get("/people/").expect(200));

  const row = page("tbody tr").filter((_, each) => page(each).text().includes("ben@example.com"));
  assert.equal(row.find(link).attr("href"), `/people/${ben.id}`);
  assert.equal(row.find(link).text(), "Ben Bolt");
  assert.match(row.text(), /Member/);
  const times = row.find("time").toArray();
  assert.deepEqual(
    [...new Set(times.map((time) => page(time).attr("datetime")))],
    [ben.date_joined, last_seen_at].map((timestamp) => `${timestamp.slice(0, 19)}Z`),
  );
  assert.equal(page("h1 .count").text(), "2");
  assert.equal(page('a[href="/people/invite"]').first().text(), "+ Add People");
});

test("people: badges say who is oneself and who owns the organization", async (t) => {
  const app = await startApp(t);
  await addPerson(app, "ada@example.com");
  const { browser } = await app.signedIn({ email: "ben@example.com" });
  await addPerson(app, "cleo@example.com");

  const page = read(await browser.get("/people/"));

  const badges = page("tbody tr")
    .toArray()
    .map((row) => [
      page(row).find(link).text(),
      page(row).find("td:not(.people-time) .badge:not(.narrow-only)").text(),
    ]);
  assert.deepEqual(badges, [
    ["ada@example.com", "Owner"],
    ["ben@example.com", "You"],
    ["cleo@example.com", ""],
  ]);
});

test("people: somebody who never logged in is shown so until they do", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email: "ada@example.com" });
  const ben = await addPerson(app, "ben@example.com");
  const lastActivity = async () => {
    const page = read(await browser.get("/people/"));
    return page("tbody tr:contains('ben@example.com') .people-time").text().trim();
  };

  assert.equal(await lastActivity(), "Never");
  assert.match((await browser.get(`/people/${ben.id}`)).text, /Never logged in/);

  await app.visitor().post("/user/login/").type("form").send({ email: "ben@example.com", password }).expect(303);

  assert.match(await lastActivity(), /^Active now/);
});

test("people: signing up counts as activity, and so does a script with a personal token, but not with a legacy token", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email: "ada@example.com" });
  await app.visitor().post("/user/signup/").type("form").send({ email: "ben@example.com", password }).expect(303);
  const cleo = await addPerson(app, "cleo@example.com");
  const dora = await addPerson(app, "dora@example.com");
  await app.database("organizations").update({ legacy_api_tokens_enabled: true });
  const legacy = (await app.repositories.legacyTokens.findByUser(dora.id))?.token;
  const whoami = (token: string | undefined) =>
    app.request().get("/api/current-user/whoami").set("Authorization", `Token ${token}`).expect(200);
  const { token, record } = issuePersonalToken(app.config.secret_key, { user_id: cleo.id, name: "", days: 1 });
  await app.repositories.personalTokens.create(cleo.id, record);
  await whoami(token);
  await whoami(legacy);

  assert.deepEqual(await listedEmails(browser, "/people/?show=never"), ["dora@example.com"], "scripts run unattended");
});

test("people: a removed member is neither listed nor shown, and lists show the others", async (t) => {
  const app = await startApp(t);
  const owner = await addPerson(app, "owner@example.com");
  const { browser } = await app.signedIn({ email: "ada@example.com" });
  const ben = await addPerson(app, "ben@example.com");
  await app.database("organization_members").where({ user_id: ben.id }).update({ deleted_at: ben.date_joined });

  assert.deepEqual(await listedEmails(browser), ["ada@example.com", owner.email]);
  assert.deepEqual(await listedEmails(browser, "/people/?q=ben"), []);
  await browser.get(`/people/${ben.id}`).expect(404);
  assert.doesNotMatch((await browser.get("/")).text, /ben@example\.com/);
});

test("people: a person's page says who they are, and when they came and were here last", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email: "ada@example.com" });
  const ben = await app.repositories.users.create({ email: "ben@example.com", password });
  await app.repositories.users.update(ben.id, { first_name: "Ben", last_name: "Bolt", phone: "+1 555" });
  const last_seen_at = minutesFromNow(-90);
  await app.database("users").where({ id: ben.id }).update({ last_seen_at });

  const page = read(await browser.get(`/people/${ben.id}`).expect(200));

  assert.equal(page("h1").text(), "PeopleBen Bolt");
  assert.match(page(".profile").text(), /Member/);
  assert.equal(descriptionList(page).Email, "ben@example.com Change…");
  assert.equal(descriptionList(page).Phone, "+1 555");
  assert.equal(page(".profile time").eq(0).attr("datetime"), last_seen_at);
  assert.equal(page(".profile time").eq(1).attr("datetime"), ben.date_joined);
  assert.match(page("main").text(), /Created/);
  assert.match(page("main").text(), /Contributed to/);
});

test("people: one's own page says so, and that the first person is the owner", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser, user } = await signedIn({ email: "ada@example.com" });

  const page = read(await browser.get(`/people/${user.id}`).expect(200));

  assert.equal(page("h1 > bdi").text(), "ada@example.com");
  assert.deepEqual(
    page(".profile .badge")
      .toArray()
      .map((badge) => page(badge).text()),
    ["Owner", "You"],
  );
  assert.equal(page("main .title-row > a").text(), "Edit");
});

test("people: there is no page of somebody who is unknown or of what is no number", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const unknown = ["99", "0", "-1", "1.5", "ada", "1e999", "1%20or%201", "1;", "__proto__"];
  for (const id of unknown) await browser.get(`/people/${id}`).expect(404);
});

test("people: a person has one address only", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser, user } = await signedIn();

  const spellings = ["1e0", "0x1", "1.0", "+1", "%201"];
  assert.equal(user.id, 1);
  for (const id of spellings) await browser.get(`/people/${id}`).expect(404);
});

test("people: the address of Label Studio's newest version leads there", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  await browser.get("/organization/").expect(302).expect("Location", "/people/");
  await browser.get("/organization").expect(302).expect("Location", "/people/");
});

test("people: markup in a name is shown as text (H6)", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const ben = await addPerson(app, "ben@example.com", "</script><script>alert(1)</script>", `"><img src=x>`);

  for (const address of ["/", "/people/", `/people/${ben.id}`]) {
    const answer = await browser.get(address).expect(200);
    assert.doesNotMatch(answer.text, /<script>alert/);
    assert.equal(read(answer)("img[src=x]").length, 0);
  }
});
