import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { daysFromNow } from "../../../src/common/timestamps.ts";
import { password, startApp } from "../../support/app.ts";
import type { Browser } from "../../support/app.ts";
import { assertCountersMatch } from "../../support/counters.ts";
import { logIn, signUp } from "../../support/forms.ts";
import { smallPng } from "../../support/images.ts";
import { describedBy, lineOf, linesOf, read } from "../../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../../support/projects.ts";
import { databaseContents } from "../../support/tables.ts";
import { chunksOf } from "../../support/stored.ts";
import { unzip } from "../../support/unzip.ts";
import { waitUntil } from "../../support/wait-until.ts";

const own = "/user/account/data";

/** The owner and Ann, who is the second; each has labeled a task of one project. */
async function startWithAnn(t: TestContext) {
  const app = await startApp(t);
  const owner = await app.signedIn({ email: "owner@example.com" });
  const ann = await app.signedIn({ email: "ann@example.com" });
  await app.repositories.users.update(ann.user.id, { first_name: "Ann", last_name: "Leeuwenhoek" });
  await app.repositories.avatars.replace(ann.user.id, { type: "image/png", image: smallPng });
  const project = await addProject(app, owner.user);
  const [one, two] = await addTasks(app, project, ["Good", "Bad"]);
  await addAnswer(app, one, ann.user, "Positive");
  await addAnswer(app, two, owner.user, "Negative");
  return { ...app, owner, ann, project };
}

/** The files of the zip that is made at this address. */
async function takeOut(browser: Browser, address: string) {
  await browser.post(address).expect(303);
  await waitUntil("the zip is made", async () => /Ready since/.test((await browser.get(address)).text));
  const answer = await browser
    .get(`${address}/download`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => done(null, Buffer.concat(chunks)));
    });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "application/zip");
  const files = unzip(answer.body as Buffer);
  const json = (name: string) => JSON.parse(String(files.get(name))) as Record<string, unknown>[];
  return { files, json };
}

test("account data: the zip holds the profile, the picture, projects, one's annotations and what happened", async (t) => {
  const { ann, project, repositories } = await startWithAnn(t);
  const { fileUploads, storedFiles } = repositories;
  const { id: stored, bytes } = await storedFiles.write(chunksOf(smallPng, 100));
  await fileUploads.create(project.id, ann.user.id, [{ file: "0123abcd-car.png", stored, bytes }]);

  const { files, json } = await takeOut(ann.browser, own);

  assert.deepEqual(
    [...files.keys()],
    ["profile.json", "picture.png", "projects.json", "uploads.json", "annotations.json", "events.json"],
  );
  assert.deepEqual(files.get("picture.png"), smallPng);
  const profile = JSON.parse(String(files.get("profile.json"))) as Record<string, unknown>;
  assert.deepEqual([profile.email, profile.first_name, profile.status], ["ann@example.com", "Ann", "active"]);
  assert.deepEqual(
    json("projects.json").map(({ id, title, is_creator }) => [id, title, is_creator]),
    [[project.id, project.title, false]],
  );
  assert.deepEqual(
    json("uploads.json").map(({ file, size, project }) => [file, size, project]),
    [[`upload/${project.id}/0123abcd-car.png`, smallPng.length, project.id]],
  );
  const annotations = json("annotations.json");
  assert.equal(annotations.length, 1);
  assert.match(JSON.stringify(annotations[0]?.result), /Positive/);
  assert.ok(json("events.json").some(({ event }) => event === "user_data_requested"));
  assert.doesNotMatch(String(files.get("profile.json")), /password|digest|owner@example\.com/);
});

test("account data: the zip is kept for a day, and made again on request", async (t) => {
  const { ann, repositories, database } = await startWithAnn(t);
  await takeOut(ann.browser, own);
  await takeOut(ann.browser, own);
  assert.equal((await database("take_outs")).length, 1);
  assert.equal((await database("stored_files")).length, 1);

  await repositories.takeOuts.deleteOld();
  await ann.browser.get(`${own}/download`).expect(200);
  await database("take_outs").update({ finished_at: daysFromNow(-1.01) });
  await repositories.takeOuts.deleteOld();

  await ann.browser.get(`${own}/download`).expect(404);
  assert.equal((await database("stored_files")).length, 0);
  assert.match((await ann.browser.get(own)).text, /Make the zip/);
});

test("account data: nobody gets somebody else's, but the owner, who is recorded", async (t) => {
  const { owner, ann, signedIn, visitor, repositories } = await startWithAnn(t);
  const { browser } = await signedIn({ email: "other@example.com" });
  await takeOut(ann.browser, own);

  await browser.get(`${own}/download`).expect(404);
  await browser.get("/people/2/data/download").expect(403);
  await visitor().get(`${own}/download`).expect(302);
  const { json } = await takeOut(owner.browser, "/people/2/data");

  assert.equal(json("annotations.json").length, 1);
  const [event] = await repositories.events.list({ user_id: 2, limit: 1 });
  assert.deepEqual([event?.name, event?.actor_id], ["user_data_downloaded", 1]);
});

test("account data: an account is deleted with the password, and what was labeled stays without a name (S5)", async (t) => {
  const { ann, visitor, database, repositories } = await startWithAnn(t);
  await takeOut(ann.browser, own);
  const remove = (fields: object) => ann.browser.post(`${own}/delete`).type("form").send(fields);

  assert.equal(describedBy(read(await remove({}).expect(422)), "current_password"), "Enter your password.");
  const wrong = read(await remove({ current_password: "wrong" }).expect(422));
  assert.equal(describedBy(wrong, "current_password"), "This is not your current password.");
  assert.equal(wrong(".question-dialog.is-open").length, 1);

  const answer = await remove({ current_password: password }).expect(303);
  assert.equal(answer.headers.location, "/user/login/");
  assert.match((await ann.browser.get("/user/login/")).text, /Account deleted/);
  await ann.browser.get("/people/").expect(302);
  assert.doesNotMatch(await databaseContents(database), /leeuwenhoek|ann@example\.com/i);
  await logIn(visitor(), { email: "ann@example.com", password }).expect(422);
  assert.deepEqual(await database("annotations").orderBy("id").pluck("completed_by_id"), [null, 1]);
  assert.equal((await repositories.organizations.first())?.member_count, 1);
  await assertCountersMatch(repositories);
  const recorded = (await repositories.events.list({ group: "people", limit: 9 })).map(({ name }) => name);
  assert.ok(recorded.includes("user_deleted"));
  await signUp(visitor(), { email: "ann@example.com", password }).expect(303);
});

test("account data: the owner can't delete their own account before handing over, and can delete others", async (t) => {
  const { owner, ann, repositories } = await startWithAnn(t);
  const page = read(await owner.browser.get(own).expect(200));
  assert.match(lineOf(page("main")), /Hand over the ownership/);
  assert.equal(page("#delete-account").length, 0);
  await owner.browser.post(`${own}/delete`).type("form").send({ current_password: password }).expect(409);
  assert.ok(await repositories.users.find(1));

  const remove = (fields: object) => owner.browser.post("/people/2/data/delete").type("form").send(fields);
  await remove({ current_password: "wrong" }).expect(422);
  await remove({ current_password: password }).expect(303);
  assert.equal(await repositories.users.find(2), undefined);
  assert.deepEqual(linesOf(read(await owner.browser.get("/people/")), "tbody .person-name"), ["owner@example.com"]);
  await ann.browser.get("/people/").expect(302);
});

test("account data: where the organization keeps names, what was labeled stays under the name, and nothing else stays", async (t) => {
  const { owner, ann, visitor, database, repositories, project } = await startWithAnn(t);
  const general = "/organization/general/former-members";
  await ann.browser.post(general).expect(403);
  await owner.browser.post(general).type("form").send({ keep_names_of_former_members: "true" }).expect(303);
  await repositories.users.update(ann.user.id, { phone: "+1 555 2368" });
  await takeOut(ann.browser, own);
  assert.match((await ann.browser.get(own)).text, /under your name, as your organization chose/);

  await ann.browser.post(`${own}/delete`).type("form").send({ current_password: password }).expect(303);

  assert.doesNotMatch(await databaseContents(database), /ann@example\.com|555 2368/i);
  for (const table of ["sessions", "legacy_tokens", "avatars", "take_outs", "stored_files", "user_search_terms"])
    assert.equal((await database(table).where(table === "stored_files" ? {} : { user_id: 2 })).length, 0, table);
  const task = read(await owner.browser.get(`/projects/${project.id}/tasks/1`).expect(200));
  assert.match(lineOf(task(".annotation")), /Ann Leeuwenhoek/);
  assert.equal(task('.annotation a[href="/people/2"]').length, 0);
  await owner.browser.get("/people/2").expect(404);
  assert.deepEqual(linesOf(read(await owner.browser.get("/people/?show=removed")), "tbody .person-name"), []);
  assert.equal(await repositories.accountStatus.restore(2), false);
  assert.deepEqual(await repositories.people.counts(), { never: 0, deactivated: 0, removed: 0 });
  await assertCountersMatch(repositories);
  await signUp(visitor(), { email: "ann@example.com", password }).expect(303);
  assert.notEqual((await repositories.users.findByEmail("ann@example.com"))?.id, 2);
});
