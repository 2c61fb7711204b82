import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow } from "../../src/common/timestamps.ts";
import { password, startApp } from "../support/app.ts";
import { signUp } from "../support/forms.ts";
import { addInvitation } from "../support/invitations.ts";
import { describedBy, read } from "../support/pages.ts";
import type { TestHooks } from "../support/test-hooks.ts";

const form = { email: "ben@example.com", password };

/** A server that needs a link, with Ada Lovelace, who invites. */
async function startWithInviter(t: TestHooks) {
  const app = await startApp(t, { disable_signup_without_link: true });
  const ada = await app.repositories.users.create({
    email: "ada@example.com",
    first_name: "Ada",
    last_name: "Lovelace",
  });
  await app.repositories.organizations.update(1, { title: "Harbor Research" });
  const invite = (limits = {}) => addInvitation(app, { created_by_id: ada.id, ...limits });
  return { ...app, ada, invite };
}

test("invitation: the page says who invited and to what, and whoever joins is known to be theirs", async (t) => {
  const { visitor, invite, repositories, ada } = await startWithInviter(t);
  const { address, id } = await invite();

  const page = read(await visitor().get(address).expect(200));
  assert.match(page("main").text(), /Ada Lovelace invited you to join\s+Harbor Research/);
  const action = page("main form").attr("action") ?? "";
  await signUp(visitor(), { ...form, name: "Ben Bolt" }, action).expect(303);

  const ben = await repositories.users.findByEmail(form.email);
  assert.deepEqual([ben?.invited_by_id, ben?.invitation_id, ben?.last_name], [ada.id, id, "Bolt"]);
  const [event] = await repositories.events.list({ group: "people", limit: 1 });
  assert.deepEqual(
    [event?.name, event?.subject_id, event?.details],
    ["user_created", ben?.id, { invited: true, invitation: id }],
  );
});

test("invitation: one that was made at the shell invites as before, by nobody", async (t) => {
  const { visitor, invite } = await startWithInviter(t);
  const { address } = await invite({ created_by_id: null });

  assert.match(
    read(await visitor().get(address).expect(200))("main").text(),
    /You’re invited to join\s+Harbor Research/,
  );
});

const ends = {
  "has expired": {
    limits: { expires_at: daysFromNow(-1) },
    title: "This link has expired",
    text: /It worked until .*\.\s+Ask Ada Lovelace for a new one\./s,
  },
  "is used up by one": {
    limits: { max_uses: 1 },
    uses: 1,
    title: "This link is used up",
    text: /It was for one person, who has joined\.\s+Ask Ada Lovelace for a new one\./,
  },
  "is used up by five": {
    limits: { max_uses: 5 },
    uses: 5,
    title: "This link is used up",
    text: /It was for 5 people, and 5 have joined\./s,
  },
  "was revoked": {
    limits: {},
    revoked: true,
    title: "This link was revoked",
    text: /Ask the person who sent it for a new one\./s,
  },
};

for (const [what, { limits, title, text, ...state }] of Object.entries(ends)) {
  test(`invitation: one that ${what} says so at once, whom to ask, and lets nobody in (R7)`, async (t) => {
    const { visitor, invite, database, repositories } = await startWithInviter(t);
    const { address, id } = await invite(limits);
    if ("uses" in state) await database("invitations").where({ id }).update({ uses: state.uses });
    if ("revoked" in state) await repositories.invitations.revoke(id);

    for (const answer of [await visitor().get(address), await signUp(visitor(), form, address)]) {
      assert.equal(answer.status, 403);
      const page = read(answer);
      assert.equal(page("h1").text(), title);
      assert.match(page("main").text(), text);
      assert.equal(page('main a[href="/user/login/"]').text(), "Log in");
      assert.equal(page("form").length, 0);
      assert.equal(answer.headers["referrer-policy"], "no-referrer");
    }
    assert.equal((await database("users")).length, 1);
  });
}

test("invitation: while sign-up is open, a dead one leads to sign-up without a link", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email: "ada@example.com" });
  const { address } = await addInvitation(app, { expires_at: daysFromNow(-1) });

  const page = read(await app.visitor().get(address).expect(403));

  assert.equal(page('main a[href="/user/signup/"]').text(), "sign up without a link");
});

test("invitation: for one email, another is refused beside the field, and nobody is told which it is (R7)", async (t) => {
  const { visitor, invite, database } = await startWithInviter(t);
  const { address } = await invite({ email: "secret.guest@example.com", max_uses: 5 });

  const page = await visitor().get(address).expect(200);
  assert.match(describedBy(read(page), "email"), /The one this invitation was sent to/);
  const answer = await signUp(visitor(), { ...form, name: "Ben" }, address);
  assert.equal(answer.status, 403);
  assert.match(describedBy(read(answer), "email"), /This invitation is for another email/);
  assert.equal(read(answer)("[name=name]").val(), "Ben");
  assert.doesNotMatch(page.text + answer.text, /secret\.guest/);
  assert.equal((await database("users")).length, 1);
  assert.equal((await database("invitations").first()).uses, 0);
  await signUp(visitor(), { ...form, email: "Secret.Guest@Example.com" }, address).expect(303);
});

test("invitation: for one domain, emails of others are refused (R7)", async (t) => {
  const { visitor, invite, database } = await startWithInviter(t);
  const { address } = await invite({ domain: "harbor.example", max_uses: 5 });

  assert.match(describedBy(read(await visitor().get(address)), "email"), /An email at harbor\.example\./);
  for (const email of ["ben@example.com", "ben@sub.harbor.example", "harbor.example@example.com"]) {
    const answer = await signUp(visitor(), { email, password }, address);
    assert.equal(answer.status, 403);
    assert.match(describedBy(read(answer), "email"), /This invitation is for emails at harbor\.example\./);
  }
  assert.equal((await database("users")).length, 1);
  await signUp(visitor(), { email: "ben@harbor.example", password }, address).expect(303);
});

test("invitation: the organization's domains hold for invitations, too (R7)", async (t) => {
  const { visitor, invite, repositories } = await startWithInviter(t);
  const settings = { signup_policy: "link_and_domains", signup_domains: "harbor.example" } as const;
  await repositories.organizations.update(1, settings);
  const { address } = await invite();

  await signUp(visitor(), form, address).expect(403);
  await signUp(visitor(), { ...form, email: "ben@harbor.example" }, address).expect(303);
});

for (const [what, fields] of Object.entries({
  "a password that is too short": { password: "1" },
  "an email that is taken": { email: "ada@example.com" },
  "no email": { email: "" },
})) {
  test(`invitation: a form that is refused for ${what} spends no use of it`, async (t) => {
    const { visitor, invite, database } = await startWithInviter(t);
    const { address } = await invite();

    await signUp(visitor(), { ...form, ...fields }, address).expect(422);

    assert.equal((await database("invitations").first()).uses, 0);
    await signUp(visitor(), form, address).expect(303);
    await signUp(visitor(), { ...form, email: "cleo@example.com" }, address).expect(403);
  });
}

test("invitation: its token is in no line of the log (H5, T9)", async (t) => {
  const { visitor, invite, logged } = await startWithInviter(t);
  const { address, token } = await invite();

  await visitor().get(address).expect(200);
  await signUp(visitor(), form, address).expect(303);
  await visitor().get(address).expect(403);

  assert.doesNotMatch(logged.join("\n"), new RegExp(token));
});
