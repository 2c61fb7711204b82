import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { password, startApp } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { describedBy, lineOf, linesOf, read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

/** The owner, a member and Ann, who is the third, each with a browser; Ann has labeled a task. */
async function startWithAnn(t: TestContext) {
  const app = await startApp(t);
  const owner = await app.signedIn({ email: "owner@example.com" });
  const member = await app.signedIn({ email: "member@example.com" });
  const ann = await app.signedIn({ email: "ann@example.com" });
  await app.repositories.users.update(ann.user.id, { first_name: "Ann", last_name: "Lee" });
  const project = await addProject(app, owner.user);
  const [task] = await addTasks(app, project, ["Good"]);
  await addAnswer(app, task, ann.user, "Positive");
  const address = `/people/${ann.user.id}`;
  const act = (name: string, fields = {}) => owner.browser.post(`${address}/${name}`).type("form").send(fields);
  const page = async () => read(await owner.browser.get(address).expect(200));
  return { ...app, owner, member, ann, address, act, page, task };
}

test("person: the owner deactivates and activates a member, whose sessions end at once (S5, S9)", async (t) => {
  const { act, page, ann, visitor, address, repositories } = await startWithAnn(t);
  const answer = await act("deactivate").expect(303);
  assert.equal(answer.headers.location, address);

  assert.deepEqual(linesOf(await page(), ".profile .badge"), ["Member", "Deactivated"]);
  await ann.browser.get("/").expect(302);
  const refused = await logIn(visitor(), { email: "ann@example.com", password }).expect(422);
  const wrong = await logIn(visitor(), { email: "ann@example.com", password: "wrong" }).expect(422);
  assert.equal(lineOf(read(refused)("main [role=alert]")), lineOf(read(wrong)("main [role=alert]")));
  assert.equal((await repositories.organizations.first())?.member_count, 3);

  await act("activate").expect(303);
  await ann.browser.get("/").expect(302);
  await logIn(visitor(), { email: "ann@example.com", password }).expect(303);
});

test("person: the owner removes somebody, whose page only the owner sees, and brings them back as the same person", async (t) => {
  const { act, page, owner, member, visitor, address, database } = await startWithAnn(t);
  await act("remove").expect(303);

  assert.deepEqual(linesOf(await page(), ".profile .badge"), ["Member", "Removed"]);
  assert.match(lineOf((await page())("main")), /1 annotation in the last year/);
  await member.browser.get(address).expect(404);
  await logIn(visitor(), { email: "ann@example.com", password }).expect(422);
  const listed = async (browser: typeof owner.browser) =>
    linesOf(read(await browser.get("/people/?show=removed").expect(200)), "tbody .person-name");
  assert.deepEqual(await listed(owner.browser), ["Ann Lee"]);
  assert.deepEqual(await listed(member.browser), ["Ann Lee", "member@example.com", "owner@example.com"].slice(1));

  await act("restore").expect(303);
  await member.browser.get(address).expect(200);
  await logIn(visitor(), { email: "ann@example.com", password }).expect(303);
  assert.deepEqual(await database("annotations").pluck("completed_by_id"), [3]);
});

test("person: the owner ends somebody's sessions, and their tokens (S9)", async (t) => {
  const { act, ann, repositories } = await startWithAnn(t);
  const token = (await repositories.legacyTokens.findByUser(3))?.token;

  await act("revoke-tokens").expect(303);
  assert.notEqual((await repositories.legacyTokens.findByUser(3))?.token, token);
  await ann.browser.get("/").expect(200);
  await act("log-out").expect(303);
  await ann.browser.get("/").expect(302);
});

test("person: the ownership is handed over with one's own password, and there is one owner (S10)", async (t) => {
  const { act, page, owner, ann, address, repositories } = await startWithAnn(t);
  for (const [fields, message] of [
    [{}, "Enter your password."],
    [{ current_password: "wrong" }, "This is not your current password."],
  ] as const) {
    const refused = read(await act("make-owner", fields).expect(422));
    assert.equal(refused("#make-owner.is-open").length, 1);
    assert.equal(describedBy(refused, "current_password"), message);
  }
  assert.equal((await repositories.organizations.first())?.created_by_id, owner.user.id);

  await act("make-owner", { current_password: password }).expect(303);

  assert.deepEqual(linesOf(await page(), ".profile .badge"), ["Owner"]);
  assert.equal((await page())(".person-actions").length, 0);
  await act("remove").expect(403);
  await ann.browser.post(`/people/${owner.user.id}/remove`).expect(303);
  await ann.browser.post(`${address}/remove`).expect(409);
});

test("person: only an active member becomes the owner", async (t) => {
  const { act, repositories } = await startWithAnn(t);
  await act("deactivate").expect(303);

  const answer = await act("make-owner", { current_password: password }).expect(409);

  assert.match(lineOf(read(answer)("main")), /Only an active member can own the organization/);
  assert.equal((await repositories.organizations.first())?.created_by_id, 1);
});

test("person: members see no actions on others, and are refused with who may", async (t) => {
  const { member, address, database } = await startWithAnn(t);
  const page = read(await member.browser.get(address).expect(200));
  assert.equal(page(".person-actions").length, 0);
  assert.equal(page("[popovertarget]").length, 0);
  assert.equal(read(await member.browser.get(`${address}?ask=remove`).expect(200))(".is-open").length, 0);

  for (const name of ["deactivate", "activate", "remove", "restore", "log-out", "revoke-tokens", "make-owner"]) {
    const answer = await member.browser.post(`${address}/${name}`).type("form").send({ current_password: password });
    assert.equal(answer.status, 403, name);
    assert.match(lineOf(read(answer)("main")), /Only the owner can do this/);
  }
  assert.equal((await database("organization_members").whereNotNull("deleted_at")).length, 0);
  assert.equal((await database("users").where({ is_active: false })).length, 0);
});

test("person: what was done before is done once, and is not recorded again", async (t) => {
  const { act, repositories } = await startWithAnn(t);
  for (const name of ["deactivate", "deactivate", "activate", "activate", "remove", "remove", "restore", "restore"])
    await act(name).expect(303);
  await act("log-out").expect(303);
  await act("revoke-tokens").expect(303);
  await act("make-owner", { current_password: password }).expect(303);

  const names = (await repositories.events.list({ user_id: 3, limit: 20 })).map(({ name }) => name);
  assert.deepEqual(names, [
    "privilege_permissions_changed",
    "authn_token_revoked",
    "member_restored",
    "member_removed",
    "user_activated",
    "user_deactivated",
  ]);
});

test("person: a question that the list asks for is open, and only for the owner", async (t) => {
  const { owner, address } = await startWithAnn(t);

  const page = read(await owner.browser.get(`${address}?ask=remove`).expect(200));

  assert.deepEqual(linesOf(page, ".question-dialog.is-open h2"), ["Remove Ann Lee?"]);
  const list = read(await owner.browser.get("/people/").expect(200));
  const statusOf = (email: string) => list(`tbody tr:contains('${email}') .row-menu`).attr("data-status");
  assert.deepEqual([statusOf("ann@example.com"), statusOf("owner@example.com")], [undefined, "self"]);
});
