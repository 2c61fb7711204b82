import assert from "node:assert/strict";
import { test } from "node:test";

import type { Repositories } from "../../../src/repositories/index.ts";
import { password } from "../../support/app.ts";
import { assertCountersMatch } from "../../support/counters.ts";
import { addInvitation } from "../../support/invitations.ts";
import { openRecords, openTwoPrograms } from "../../support/records.ts";
import { nextMillisecond } from "../../support/wait-until.ts";

/** Makes an invitation for one use, and returns its id. */
async function invite(repositories: Repositories, email: string, created_by_id: number | null): Promise<number> {
  return (await addInvitation({ repositories }, { email, expires_at: null, created_by_id })).id;
}

test("account status: whoever is removed and restored keeps id, name and annotations, and counts stay right", async (t) => {
  const records = await openRecords(t);
  const { repositories, addPeople, addProject, addTasks, annotate } = records;
  const { accountStatus, people, users, legacyTokens } = repositories;
  const [owner, ann] = await addPeople(2);
  assert.ok(owner && ann);
  await users.update(ann.id, { first_name: "Ann" });
  for (const task of await addTasks(await addProject(owner), 2)) await annotate(task, ann);
  const count = async () => (await repositories.organizations.first())?.member_count;
  const token = (await legacyTokens.findByUser(ann.id))?.token;
  const found = async (status?: "removed") =>
    (await people.list({ search: "ann", status, sort: "email", descending: false, limit: 5 })).people.map(
      ({ id }) => id,
    );

  assert.equal(await accountStatus.remove(ann.id), true);
  assert.equal(await accountStatus.remove(ann.id), false);
  assert.deepEqual([await count(), (await people.find(ann.id))?.status], [1, "removed"]);
  assert.deepEqual([await found(), await found("removed")], [[], [ann.id]]);
  await assertCountersMatch(repositories);

  assert.equal(await accountStatus.restore(ann.id), true);
  assert.equal(await accountStatus.restore(ann.id), false);
  assert.deepEqual([await count(), (await people.find(ann.id))?.status], [2, "active"]);
  assert.deepEqual([await found(), await found("removed")], [[ann.id], []]);
  assert.equal((await repositories.contributions.findByUser(ann.id)).annotations, 2);
  const renewed = (await legacyTokens.findByUser(ann.id))?.token;
  assert.ok(renewed);
  assert.notEqual(renewed, token);
  await assertCountersMatch(repositories);
});

test("account status: a deactivated member is still one, and can't be restored or made the owner", async (t) => {
  const { repositories, addPeople, database } = await openRecords(t);
  const { accountStatus, people, organizations } = repositories;
  const [owner, ann] = await addPeople(2);
  assert.ok(owner && ann);

  assert.equal(await accountStatus.deactivate(ann.id), true);
  assert.equal(await accountStatus.deactivate(ann.id), false);
  assert.equal((await people.find(ann.id))?.status, "deactivated");
  assert.equal((await people.findByEmail(ann.email))?.status, "deactivated");
  assert.equal((await organizations.first())?.member_count, 2);
  assert.equal((await database("legacy_tokens").where({ user_id: ann.id })).length, 0);
  assert.deepEqual(await people.counts(), { never: 2, deactivated: 1, removed: 0 });
  assert.equal(await accountStatus.restore(ann.id), false);
  assert.equal(await accountStatus.makeOwner(ann.id), false);

  // Whoever is removed while deactivated is not let in by an invitation.
  assert.equal(await accountStatus.remove(ann.id), true);
  assert.deepEqual(await people.counts(), { never: 1, deactivated: 0, removed: 1 });
  assert.equal(await accountStatus.activate(ann.id), false);
  const invitation_id = await invite(repositories, ann.email, owner.id);
  assert.equal(await accountStatus.rejoin(ann.id, { password, first_name: "", last_name: "", invitation_id }), false);
  assert.equal(await accountStatus.restore(ann.id), true);
  assert.equal((await people.find(ann.id))?.status, "active");
  assert.equal(await accountStatus.activate(ann.id), false);
});

test("account status: a former member who joins again is the same person with a new password", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const { accountStatus, users, people } = repositories;
  const [owner, ann, ben] = await addPeople(3);
  assert.ok(owner && ann && ben);
  await users.update(ann.id, { first_name: "Ann", last_name: "Lee" });
  const early = await invite(repositories, ann.email, owner.id);
  const joining = { password: "another staple", first_name: "", last_name: "", invitation_id: early };

  assert.equal(await accountStatus.rejoin(ann.id, joining), false, "who is a member does not join");
  await nextMillisecond();
  await accountStatus.remove(ann.id);
  await nextMillisecond();
  for (const [why, invitation_id] of [
    ["made before", early],
    ["for somebody else", await invite(repositories, "else@example.com", owner.id)],
    ["for anybody", await invite(repositories, "", owner.id)],
    ["of a member", await invite(repositories, ann.email, ben.id)],
    ["of the command line", await invite(repositories, ann.email, null)],
  ] as const)
    assert.equal(await accountStatus.rejoin(ann.id, { ...joining, invitation_id }), false, why);
  assert.equal(await users.hasPassword(ann.id, joining.password), false);
  joining.invitation_id = await invite(repositories, ann.email, owner.id);
  assert.equal(await accountStatus.rejoin(ann.id, joining), true);

  assert.equal((await users.authenticate(ann.email, joining.password))?.id, ann.id);
  assert.equal((await people.find(ann.id))?.first_name, "Ann", "the name stays");
  await accountStatus.remove(ann.id);
  await nextMillisecond();
  const invitation_id = await invite(repositories, ann.email, owner.id);
  await accountStatus.rejoin(ann.id, { ...joining, first_name: "Anna", invitation_id });
  const again = await people.list({ search: "anna", sort: "email", descending: false, limit: 5 });
  assert.deepEqual(
    again.people.map(({ id, first_name, last_name }) => [id, first_name, last_name]),
    [[ann.id, "Anna", ""]],
  );
  await assertCountersMatch(repositories);
});

test("account status: the owner can't be deactivated, removed or deleted", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const [owner] = await addPeople(2);
  assert.ok(owner);

  assert.equal(await repositories.accountStatus.deactivate(owner.id), false);
  assert.equal(await repositories.accountStatus.remove(owner.id), false);
  assert.equal(await repositories.users.delete(owner.id), false);
  assert.equal((await repositories.people.find(owner.id))?.status, "active");
  assert.equal((await repositories.organizations.first())?.created_by_id, owner.id);
});

test("account status: a hand-over that the owner did not start, or started twice, changes nothing", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const { accountStatus, organizations } = repositories;
  const [owner, ann, ben] = await addPeople(3);
  assert.ok(owner && ann && ben);

  assert.equal(await accountStatus.makeOwner(ann.id, { from: owner.id }), true);
  assert.equal(await accountStatus.makeOwner(ben.id, { from: owner.id }), false);
  assert.equal((await organizations.first())?.created_by_id, ann.id);
});

test("account status: of many changes at once from two servers there is one owner, who is an active member", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const [owner, ann, ben, carl] = await one.addPeople(4);
  assert.ok(owner && ann && ben && carl);

  for (let round = 0; round < 5; round++) {
    const from = (await one.repositories.organizations.first())?.created_by_id ?? 0;
    const done = await Promise.all([
      one.repositories.accountStatus.makeOwner(ann.id, { from }),
      other.repositories.accountStatus.makeOwner(ben.id, { from }),
      one.repositories.accountStatus.makeOwner(carl.id, { from }),
      other.repositories.accountStatus.deactivate(ann.id),
      one.repositories.accountStatus.remove(ben.id),
      other.repositories.accountStatus.remove(carl.id),
    ]);
    assert.ok(done.slice(0, 3).filter(Boolean).length <= 1, "one hand-over at most");
    const owner_id = (await one.repositories.organizations.first())?.created_by_id ?? 0;
    assert.equal((await one.repositories.people.find(owner_id))?.status, "active");
    await assertCountersMatch(one.repositories);
    for (const { id } of [ann, ben, carl]) {
      await one.repositories.accountStatus.restore(id);
      await one.repositories.accountStatus.activate(id);
    }
  }
});

test("account status: sessions and tokens of a member end, and the legacy token is another one", async (t) => {
  const { repositories, addPeople, database } = await openRecords(t);
  const { accountStatus, apiKeys, sessions, personalTokens, legacyTokens } = repositories;
  const [owner, ann] = await addPeople(2);
  assert.ok(owner && ann);
  for (const { id } of [owner, ann]) {
    await sessions.create(`key of ${id}`, { user_id: id }, "");
    const token = { jti: String(id), name: "", token: "", created_at: "2026", expires_at: "9999" };
    await personalTokens.create(id, token);
    await apiKeys.create(id, { name: "export", days: 30, is_read_only: false });
  }
  const before = (await legacyTokens.findByUser(ann.id))?.token;

  assert.equal(await accountStatus.endSessions(ann.id), 1);
  assert.equal(await accountStatus.endTokens(ann.id), 2);

  assert.deepEqual(await personalTokens.list(ann.id), []);
  assert.notEqual((await legacyTokens.findByUser(ann.id))?.token, before);
  assert.deepEqual(await database("sessions").pluck("user_id"), [owner.id]);
  assert.equal((await personalTokens.list(owner.id)).length, 1);
  assert.deepEqual(
    (await apiKeys.list()).map(({ user_id }) => user_id),
    [owner.id],
  );
});

test("account status: a legacy token ends even if it was made later, by the clock of another server", async (t) => {
  const { repositories, addPeople } = await openRecords(t);
  const [, ann] = await addPeople(2);
  assert.ok(ann);
  const made = (await repositories.legacyTokens.findByUser(ann.id))?.token;
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() - 60_000 });

  await repositories.accountStatus.endTokens(ann.id);

  assert.notEqual((await repositories.legacyTokens.findByUser(ann.id))?.token, made);
});

test("account status: an account is erased but for id and name, and not the owner's", async (t) => {
  const { repositories, addPeople, database } = await openRecords(t);
  const { accountStatus, people, users, organizations } = repositories;
  const [owner, ann] = await addPeople(2);
  assert.ok(owner && ann);
  await users.update(ann.id, { first_name: "Ann", phone: "555" });
  await organizations.update(1, { keep_names_of_former_members: true });

  assert.equal(await accountStatus.erase(owner.id), false);
  assert.equal(await accountStatus.erase(ann.id), true);

  assert.equal(await people.find(ann.id), undefined);
  assert.equal(await people.findByEmail(`erased:${ann.id}`), undefined);
  const { first_name, phone, email } = await database("users").where({ id: ann.id }).first();
  assert.deepEqual([first_name, phone, email], ["Ann", "", `erased:${ann.id}`]);
  assert.equal((await repositories.members.find(ann.id))?.keeps_name, true);
  assert.deepEqual(await people.counts(), { never: 1, deactivated: 0, removed: 0 });
  assert.equal(await accountStatus.restore(ann.id), false);
  await assertCountersMatch(repositories);
});
