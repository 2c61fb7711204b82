import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { password, startApp } from "../support/app.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { logIn, signUp } from "../support/forms.ts";
import { addInvitation } from "../support/invitations.ts";
import { describedBy, lineOf, linesOf, read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

const email = "ann@example.com";
const newPassword = "another staple";

/** Ann, the second, has labeled a task and was removed. */
async function startWithoutAnn(t: TestContext) {
  const app = await startApp(t);
  const owner = await app.signedIn({ email: "owner@example.com" });
  const ann = await app.signedIn({ email });
  await app.repositories.users.update(ann.user.id, { first_name: "Ann", last_name: "Lee" });
  const [task] = await addTasks(app, await addProject(app, owner.user), ["Good"]);
  await addAnswer(app, task, ann.user, "Positive");
  await app.repositories.accountStatus.remove(ann.user.id);
  const join = (address: string, fields = {}) =>
    signUp(app.visitor(), { email, password: newPassword, ...fields }, address);
  return { ...app, owner, ann, join };
}

test("sign-up again: by the owner's invitation for their email, a former member is the same person with a new password (S5)", async (t) => {
  const app = await startWithoutAnn(t);
  const { address } = await addInvitation(app, { email, created_by_id: 1 });
  const browser = app.visitor();

  const answer = await signUp(browser, { email: "Ann@Example.com", password: newPassword }, address).expect(303);

  assert.equal(answer.headers.location, "/");
  const page = read(await browser.get("/people/2").expect(200));
  assert.deepEqual(linesOf(page, "h1 > bdi"), ["Ann Lee"]);
  assert.match(page("main").text(), /1 annotation in the last year/);
  assert.match(lineOf(page(".profile")), /invited by owner@example\.com$/);
  await app.ann.browser.get("/people/").expect(302);
  await logIn(app.visitor(), { email, password }).expect(422);
  await logIn(app.visitor(), { email, password: newPassword }).expect(303);
  assert.equal((await app.repositories.organizations.first())?.member_count, 2);
  const [event] = await app.repositories.events.list({ user_id: 2, group: "people", limit: 1 });
  assert.deepEqual([event?.name, event?.actor_id], ["member_restored", 2]);
  await assertCountersMatch(app.repositories);
});

test("sign-up again: a new name takes the place of the old one, and the invitation is used up", async (t) => {
  const app = await startWithoutAnn(t);
  const { address } = await addInvitation(app, { email, created_by_id: 1 });

  await app.join(address, { name: "Anna Lind" }).expect(303);

  assert.equal((await app.repositories.users.find(2))?.last_name, "Lind");
  await app.join(address).expect(403);
});

test("sign-up again: no other link makes whoever types the email the former member", async (t) => {
  const app = await startWithoutAnn(t);
  const token = await app.repositories.organizations.inviteToken(1);
  const member = await app.signedIn({ email: "member@example.com" });
  const links = [
    "/user/signup/",
    `/user/signup/?token=${token}`,
    (await addInvitation(app, { created_by_id: 1 })).address,
    (await addInvitation(app, { email, created_by_id: member.user.id })).address,
  ];

  for (const address of links) {
    const answer = await app.join(address).expect(422);
    assert.match(describedBy(read(answer), "email"), /already an account/);
  }
  assert.equal((await app.repositories.people.find(2))?.status, "removed");
  await logIn(app.visitor(), { email, password: newPassword }).expect(422);
  const uses: number[] = await app.database("invitations").pluck("uses");
  assert.deepEqual(uses, [0, 0], "who is refused uses nothing up");
});

test("sign-up again: who was deactivated, or is a member, does not join by it", async (t) => {
  const app = await startWithoutAnn(t);
  const { address } = await addInvitation(app, { email, created_by_id: 1 });
  await app.database("users").where({ id: 2 }).update({ is_active: false });
  await app.join(address).expect(422);

  await app.repositories.accountStatus.restore(2);
  await app.join(address).expect(422);
  await logIn(app.visitor(), { email, password: newPassword }).expect(422);
});
