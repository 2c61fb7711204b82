import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { linesOf, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

/** An organization with a name, its owner, and a member. */
async function startHome(t: TestContext) {
  const app = await startApp(t);
  const owner = await app.signedIn({ email: "ada@example.com" });
  const member = await app.signedIn({ email: "ben@example.com" });
  await app.repositories.organizations.update(1, { title: "Harbor Research" });
  return { ...app, owner, member };
}

test("home: the owner of an empty server sees three steps, with what is done, until there is something to label", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const home = async () => read(await browser.get("/").expect(200));
  const solid = (page: Page) => linesOf(page, "main .primary");

  const first = await home();
  assert.equal(first("h1").text(), "Welcome");
  assert.deepEqual(linesOf(first, ".first-step h2"), ["Name your organization", "Start a project", "Invite your team"]);
  assert.deepEqual(solid(first), ["Name it"]);
  for (const link of first(".first-step a").toArray()) await browser.get(link.attribs.href ?? "").expect(200);
  assert.equal(first(".is-done").length, 0);

  await app.repositories.organizations.update(1, { title: "Harbor Research" });
  const named = await home();
  assert.deepEqual(linesOf(named, ".is-done + div h2"), ["Harbor Research"]);
  assert.deepEqual(solid(named), ["New project"]);

  const project = await addProject(app, user);
  const begun = await home();
  assert.deepEqual(linesOf(begun, ".is-done + div h2"), ["Harbor Research", "Reviews"]);
  assert.equal(begun(".primary").attr("href"), `/projects/${project.id}/import`);

  await addTasks(app, project, ["one"]);
  assert.equal((await home())(".first-step").length, 0);
});

test("home: a member of an empty server reads what a project is, without the owner's steps", async (t) => {
  const { member } = await startHome(t);

  const page = read(await member.browser.get("/").expect(200));

  assert.equal(page("h1").text(), "Hello");
  assert.match(page(".empty").text(), /No projects yet/);
  assert.equal(page(".first-step").length, 0);
});

test("home: first comes the project that was labeled last, with its next task and the one solid button", async (t) => {
  const { owner, member, ...app } = await startHome(t);
  const [older, latest, done] = [
    await addProject(app, owner.user, { title: "Older" }),
    await addProject(app, owner.user, { title: "Latest" }),
    await addProject(app, owner.user, { title: "Finished" }),
  ];
  const [one] = await addTasks(app, older, ["1", "2"]);
  const [two, three] = await addTasks(app, latest, ["The soup was cold.", "another", "The third text.", "4"]);
  const [four] = await addTasks(app, done, ["5"]);
  await addAnswer(app, one, member.user, "Positive");
  await addAnswer(app, two, member.user, "Positive");
  await addAnswer(app, three, owner.user, "Positive");
  await addAnswer(app, four, member.user, "Positive");

  const page = read(await member.browser.get("/").expect(200));

  assert.match(page(".hero").text(), /Continue labeling\s+Latest\s+Next: “The third text\.”/);
  assert.equal(page("main .primary").length, 1);
  assert.equal(page("main .primary").attr("href"), `/projects/${latest.id}/label`);
  assert.deepEqual(linesOf(page, ".hero .bar-numbers span"), ["1 by you", "2 by everyone", "2 left of 4"]);
  assert.deepEqual(linesOf(page, ".home-row"), ["Finished Done You labeled all", "Older 1 left Label"]);
  assert.match(linesOf(page, ".week")[0] ?? "", /3 annotations since Monday/);
  assert.deepEqual(linesOf(page, "aside .person-name").sort(), ["ada@example.com", "ben@example.com"]);
});

test("home: somebody who never labeled starts with a project that has tasks", async (t) => {
  const { owner, member, ...app } = await startHome(t);
  const project = await addProject(app, owner.user);
  await addTasks(app, project, ["one"]);
  await addProject(app, owner.user, { title: "Empty" });

  const page = read(await member.browser.get("/").expect(200));

  assert.match(page(".hero").text(), /Start labeling\s+Reviews/);
  assert.deepEqual(linesOf(page, "#projects-title"), ["Projects"]);
  assert.deepEqual(linesOf(page, ".home-row"), ["Empty No tasks yet Import"]);
  assert.match(page(".week").text(), /Nothing labeled since Monday/);
});

test("home: when all of one's own is done it says so, and offers what others need", async (t) => {
  const { owner, member, ...app } = await startHome(t);
  const project = await addProject(app, owner.user);
  const [task] = await addTasks(app, project, ["one"]);
  await addAnswer(app, task, member.user, "Positive");

  assert.match(read(await member.browser.get("/"))(".empty").text(), /All done/);

  const other = await addProject(app, owner.user, { title: "Letters" });
  await addTasks(app, other, ["one", "two"]);
  const page = read(await member.browser.get("/"));
  assert.equal(page("main .primary").text(), "Letters: 2 left");
  assert.equal(page("main .primary").attr("href"), `/projects/${other.id}/label`);
});

test("home: a project that waits for others has no button", async (t) => {
  const { owner, member, ...app } = await startHome(t);
  const project = await addProject(app, owner.user, { maximum_annotations: 2 });
  const [task] = await addTasks(app, project, ["one"]);
  await addAnswer(app, task, member.user, "Positive");

  const page = read(await member.browser.get("/").expect(200));

  assert.match(page(".empty").text(), /All done/);
  assert.deepEqual(linesOf(page, ".home-row"), ["Reviews 1 left"]);
});

test("home: somebody without a name is asked for it, once", async (t) => {
  const { member } = await startHome(t);
  const save = (fields: object) => member.browser.post("/").type("form").send(fields);

  const refused = await save({ name: " " });
  assert.equal(refused.status, 422);
  assert.match(read(refused)("#name-error").text(), /Enter your name/);
  assert.equal((await save({ name: "Ben Carter" })).headers.location, "/");

  const page = read(await member.browser.get("/"));
  assert.equal(page("h1").text(), "Hello, Ben");
  assert.equal(page(".name-card").length, 0);
});
