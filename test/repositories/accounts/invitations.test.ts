import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow } from "../../../src/common/timestamps.ts";
import { invitationState } from "../../../src/repositories/accounts/invitations.ts";
import type { NewInvitation } from "../../../src/repositories/accounts/invitations.ts";
import { DeadInvitationError, UniqueViolationError } from "../../../src/repositories/errors.ts";
import { digest, randomToken } from "../../../src/security/crypto.ts";
import { password, startApp } from "../../support/app.ts";
import { addInvitation } from "../../support/invitations.ts";
import { databaseContents } from "../../support/tables.ts";
import type { TestHooks } from "../../support/test-hooks.ts";

async function startWithInvitation(t: TestHooks, limits: Partial<NewInvitation> = {}) {
  const app = await startApp(t);
  const { users, invitations } = app.repositories;
  const ada = await users.create({ email: "ada@example.com", password });
  const { token, address: _, ...invitation } = await addInvitation(app, { created_by_id: ada.id, ...limits });
  const join = async (email: string) => users.create({ email, invitation_id: invitation.id });
  const state = async () => {
    const stored = await invitations.find(invitation.id);
    return stored && [invitationState(stored), stored.uses];
  };
  return { ...app, ada, token, invitation, join, state };
}

test("invitations: of a token only its digest and last four letters are stored (R1)", async (t) => {
  const { repositories, database, token, invitation } = await startWithInvitation(t, { note: "spring" });

  assert.ok(!(await databaseContents(database)).includes(token));
  assert.equal((await database("invitations").first()).digest, digest(token));
  assert.equal(invitation.last_four, token.slice(-4));
  const stored = await repositories.invitations.findByToken(token);
  assert.deepEqual([stored?.id, stored?.note, stored?.creator?.email], [invitation.id, "spring", "ada@example.com"]);
  assert.equal(await repositories.invitations.findByToken(randomToken()), undefined);
});

test("invitations: the same token is stored once, as it was first", async (t) => {
  const { repositories, token, invitation } = await startWithInvitation(t);

  const again = await repositories.invitations.create(token, { ...invitation, note: "another", max_uses: 9 });

  assert.deepEqual(again, { invitation, isNew: false });
  assert.equal(await repositories.invitations.count(), 1);
});

test("invitations: a new member is stored with the invitation and who invited them, and is one use of it", async (t) => {
  const { repositories, join, state, invitation, ada } = await startWithInvitation(t, { max_uses: 2 });

  const ben = await join("ben@example.com");
  assert.deepEqual([ben.invitation_id, ben.invited_by_id], [invitation.id, ada.id]);
  assert.deepEqual(await state(), ["active", 1]);
  const cleo = await join("cleo@example.com");
  assert.deepEqual(await state(), ["used_up", 2]);
  await assert.rejects(join("dora@example.com"), DeadInvitationError);

  assert.equal(await repositories.users.findByEmail("dora@example.com"), undefined);
  const guests = await repositories.invitations.listGuests([invitation.id], 5);
  assert.deepEqual(
    guests.map(({ id }) => id),
    [cleo.id, ben.id],
  );
  assert.deepEqual(
    (await repositories.invitations.listGuests([invitation.id], 1)).map(({ id }) => id),
    [cleo.id],
  );
  assert.deepEqual(await repositories.invitations.listGuests([], 1), []);
});

test("invitations: an account that can't be made spends no use", async (t) => {
  const { join, state, repositories, invitation } = await startWithInvitation(t);

  await assert.rejects(join("ADA@example.com"), new UniqueViolationError("email"));
  const token = "abcdef";
  await repositories.users.create({ email: "ben@example.com", token });
  const clash = repositories.users.create({ email: "cleo@example.com", token, invitation_id: invitation.id });
  await assert.rejects(clash, new UniqueViolationError("token"));

  assert.deepEqual(await state(), ["active", 0]);
  await join("dora@example.com");
});

for (const [what, limits, expected] of [
  ["that has expired", { expires_at: daysFromNow(-1) }, "expired"],
  ["for nobody", { max_uses: 0 }, "used_up"],
] as const) {
  test(`invitations: nobody joins by one ${what} (R7)`, async (t) => {
    const { join, state } = await startWithInvitation(t, limits);

    await assert.rejects(join("ben@example.com"), DeadInvitationError);

    assert.deepEqual(await state(), [expected, 0]);
  });
}

test("invitations: nobody joins by one that is revoked, which happens once, or by none (R7)", async (t) => {
  const { repositories, join, state, invitation } = await startWithInvitation(t, { max_uses: null, expires_at: null });
  await join("ben@example.com");

  assert.equal(await repositories.invitations.revoke(invitation.id), true);
  assert.equal(await repositories.invitations.revoke(invitation.id), false);
  assert.equal(await repositories.invitations.revoke(99), false);

  await assert.rejects(join("cleo@example.com"), DeadInvitationError);
  await assert.rejects(
    repositories.users.create({ email: "cleo@example.com", invitation_id: 99 }),
    DeadInvitationError,
  );
  assert.deepEqual(await state(), ["revoked", 1]);
});

test("invitations: they are listed newest first, a page at a time", async (t) => {
  const { repositories, invitation } = await startWithInvitation(t);
  for (const note of ["second", "third"])
    await repositories.invitations.create(randomToken(), { ...strip(invitation), note });

  const pages = [];
  for (const offset of [0, 2]) pages.push(await repositories.invitations.list({ offset, limit: 2 }));

  assert.deepEqual(
    pages.map((page) => page.map(({ note, creator }) => [note, creator?.email])),
    [
      [
        ["third", "ada@example.com"],
        ["second", "ada@example.com"],
      ],
      [["", "ada@example.com"]],
    ],
  );
  assert.equal(await repositories.invitations.count(), 3);
});

function strip({ note, email, domain, max_uses, expires_at, created_by_id }: NewInvitation): NewInvitation {
  return { note, email, domain, max_uses, expires_at, created_by_id };
}

for (const end of ["remove", "deactivate"] as const) {
  test(`invitations: what somebody has sent out ends with their access (${end}), and those who joined stay`, async (t) => {
    const { repositories } = await startWithInvitation(t);
    const { users, invitations, accountStatus } = repositories;
    const ben = await users.create({ email: "ben@example.com" });
    const { id } = await addInvitation({ repositories }, { max_uses: 5, expires_at: null, created_by_id: ben.id });
    const cleo = await users.create({ email: "cleo@example.com", invitation_id: id });

    assert.equal(await accountStatus[end](ben.id), true);

    assert.ok((await invitations.find(id))?.revoked_at);
    assert.deepEqual(
      (await invitations.list({ offset: 0, limit: 9 })).map((each) => invitationState(each)),
      ["revoked", "active"],
    );
    assert.equal((await users.find(cleo.id))?.invited_by_id, ben.id);
  });
}

test("invitations: a deleted account leaves its invitations, revoked, and whom it invited", async (t) => {
  const { repositories } = await startWithInvitation(t);
  const { users, invitations } = repositories;
  const ben = await users.create({ email: "ben@example.com" });
  const { id } = await addInvitation({ repositories }, { max_uses: 5, expires_at: null, created_by_id: ben.id });
  const cleo = await users.create({ email: "cleo@example.com", invitation_id: id });

  assert.equal(await users.delete(ben.id), true);

  const stored = await invitations.find(id);
  assert.deepEqual(
    [stored?.creator, stored?.created_by_id, stored && invitationState(stored)],
    [undefined, null, "revoked"],
  );
  const guest = await users.find(cleo.id);
  assert.deepEqual([guest?.invitation_id, guest?.invited_by_id], [id, null]);
});
