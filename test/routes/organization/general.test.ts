import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../../support/app.ts";
import { describedBy, descriptionList, read } from "../../support/pages.ts";
import { addProject } from "../../support/projects.ts";

const page = "/organization/general";

test("organization: every member may name it, and invitations, log-in and the footer say so", async (t) => {
  const { signedIn, visitor, repositories } = await startApp(t);
  await signedIn();
  const { browser } = await signedIn();

  await browser.post(page).type("form").send({ title: "  Harbor Research " }).expect(303).expect("Location", page);

  assert.equal((await repositories.organizations.first())?.title, "Harbor Research");
  const rendered = read(await browser.get(page));
  assert.equal(rendered("[name=title]").val(), "Harbor Research");
  assert.match(rendered("#flash").text(), /Saved/);
  assert.equal(read(await visitor().get("/user/login/"))("h1").text(), "Log in to Harbor Research");
  const token = await repositories.organizations.inviteToken(1);
  assert.equal(read(await visitor().get(`/user/signup/?token=${token}`))("h1").text(), "Harbor Research");
  assert.match(read(await browser.get("/people/invite"))("main").text(), /can join Harbor Research/);
});

test("organization: one that is called Label Studio is Atelier on pages, and its field is empty", async (t) => {
  const { signedIn, visitor, repositories } = await startApp(t);
  const { browser } = await signedIn();
  await repositories.organizations.update(1, { title: "Label Studio" });

  assert.equal(read(await browser.get(page).expect(200))("[name=title]").val(), "");
  assert.equal(read(await visitor().get("/user/login/"))("h1").text(), "Log in to Atelier");
});

test("organization: the page says who owns it, since when it exists, and how many are in it", async (t) => {
  const app = await startApp(t);
  const { signedIn, repositories } = app;
  const owner = await signedIn({ email: "ada@example.com" });
  await repositories.users.create({ email: "never@example.com" });
  await addProject(app, owner.user);
  await repositories.users.update(owner.user.id, { first_name: "Ada" });
  const { browser } = await signedIn();

  const facts = descriptionList(read(await browser.get(page)));

  assert.equal(facts.Owner, "Ada ada@example.com");
  assert.equal(facts.Members, "3 of whom 1 never logged in");
  assert.equal(facts.Projects, "1");
  assert.ok(facts.Created);
});

for (const title of ["", "   ", "n".repeat(1001)]) {
  test(`organization: ${title.length} characters ${JSON.stringify(title.slice(0, 5))} are no name`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser } = await signedIn();

    const answer = await browser.post(page).type("form").send({ title });

    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), "title"), /Enter the name|Use at most 1,000 characters/);
    assert.equal((await repositories.organizations.first())?.title, "My team");
  });
}

test("organization: nothing else of it is taken (Z2)", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  const { updated_at: _, ...before } = await database("organizations").first();

  const more = { created_by_id: "2", max_session_age: "9", id: "2", password, api_tokens_enabled: "false" };
  await browser
    .post(page)
    .type("form")
    .send({ title: "Mine", ...more })
    .expect(303);

  const { updated_at: __, ...after } = await database("organizations").first();
  assert.deepEqual(after, { ...before, title: "Mine" });
});

test("organization: its former addresses lead to its pages, and the account menu to it by its name", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  await repositories.organizations.update(1, { title: "Harbor Research" });

  for (const [old, address] of [
    ["/user/account/organization", "/organization/general"],
    ["/user/account/access-token-settings", "/organization/access"],
    ["/organization", "/people/"],
  ] as const) {
    await browser.get(old).expect(302).expect("Location", address);
    await browser.get(`${old}/`).expect(302).expect("Location", address);
  }

  const rendered = read(await browser.get("/organization/access"));
  assert.equal(rendered('header a[href="/organization/general"]').text(), "Harbor Research");
  assert.equal(rendered("nav.side h2").first().text(), "Harbor Research");
  assert.equal(rendered("nav.side [aria-current=page]").first().text(), "Sign-up and access");
  assert.doesNotMatch(read(await browser.get("/user/account/"))("nav.side").text(), /Harbor Research/);
});
