import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { password, startApp } from "../support/app.ts";
import type { Browser, TestApp } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { linesOf, read } from "../support/pages.ts";
import { databaseContents } from "../support/tables.ts";
import { newToken } from "../support/tokens.ts";
import { setUpTwoFactor } from "../support/two-factor.ts";

const new_password = "another battery staple";

/** An owner and a member, each in a browser of their own. */
async function startWithMember(t: TestContext, settings: Parameters<typeof startApp>[1] = {}) {
  const app = await startApp(t, settings);
  const owner = await app.signedIn({ email: "owner@example.com" });
  const member = await app.signedIn({ email: "ben@example.com" });
  return { app, owner, member };
}

/** The path and query of a new link that the owner makes on a person's page. */
async function makeLink(browser: Browser, user_id: number, form: object = {}): Promise<string> {
  const answer = await browser.post(`/people/${user_id}/reset-link`).type("form").send(form).expect(200);
  const { pathname, search } = new URL(String(read(answer)("#reset_link").val()));
  return pathname + search;
}

const use = (browser: Browser, link: string, fields: object = {}) =>
  browser
    .post(link)
    .type("form")
    .send({ new_password, ...fields });

async function titleOf(app: TestApp, link: string): Promise<string> {
  return String(linesOf(read(await app.visitor().get(link).expect(403)), "h1")[0]);
}

test("reset link: the owner makes it, and the person alone sets the password (R1, R5)", async (t) => {
  const { app, owner, member } = await startWithMember(t);

  const link = await makeLink(owner.browser, member.user.id);
  const page = read(await app.visitor().get(link).expect(200));
  assert.equal(linesOf(page, "h1")[0], "Set a new password");
  assert.match(page("main").text(), /ben@example\.com/);
  // Whoever made the link, and opens it while logged in, is not asked for a password.
  assert.equal(read(await owner.browser.get(link).expect(200))("input[name=new_password]").length, 0);
  await use(owner.browser, link).expect(303).expect("Location", link);
  await logIn(app.visitor(), { email: member.user.email, password }).expect(303);

  await use(app.visitor(), link).expect(303).expect("Location", "/user/login/");

  await logIn(app.visitor(), { email: member.user.email, password }).expect(422);
  await logIn(app.visitor(), { email: member.user.email, password: new_password }).expect(303);
  assert.match(link, /^\/user\/set-password\/\?token=[\w-]{40,}$/);
  const [, token = ""] = link.split("token=");
  assert.ok(!(await databaseContents(app.database)).includes(token), "only its digest is stored");
});

test("reset link: using it ends all sessions and logs nobody in (R4)", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  const second = await app.browserOf(member.user);
  const link = await makeLink(owner.browser, member.user.id);

  await use(member.browser, link).expect(303);

  for (const browser of [member.browser, second]) await browser.get("/projects/").expect(302);
  const login = read(await member.browser.get("/user/login/").expect(200));
  assert.match(login("#flash").text(), /Password set\. Log in with it\./);
});

test("reset link: a second factor is still asked for after it (R4)", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  await setUpTwoFactor(member.browser);

  await use(app.visitor(), await makeLink(owner.browser, member.user.id)).expect(303);

  const browser = app.visitor();
  const login = logIn(browser, { email: member.user.email, password: new_password });
  await login.expect(303).expect("Location", "/user/login/code");
  await browser.get("/projects/").expect(302);
});

test("reset link: it works once, and says so afterwards, on opening and on sending (R1)", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  const link = await makeLink(owner.browser, member.user.id);

  await use(app.visitor(), link).expect(303);

  assert.equal(await titleOf(app, link), "This link was used");
  await use(app.visitor(), link, { new_password: "a third battery" }).expect(403);
  await logIn(app.visitor(), { email: member.user.email, password: new_password }).expect(303);
});

test("reset link: it expires after 24 hours, and a newer one, or another change of the password, ends it (R1)", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  const first = await makeLink(owner.browser, member.user.id);
  const second = await makeLink(owner.browser, member.user.id);
  const [row] = await app.database("one_time_links").whereNull("ended_at");

  const seconds = Math.round((Date.parse(row.expires_at) - Date.parse(row.created_at)) / 1000);
  assert.equal(seconds, 86_400);
  assert.equal(await titleOf(app, first), "There is a newer link");
  await use(app.visitor(), first).expect(403);

  await app.repositories.users.changePassword(member.user.id, "chosen elsewhere");
  assert.equal(await titleOf(app, second), "Your password was changed since");
  await use(app.visitor(), second).expect(403);

  const third = await makeLink(owner.browser, member.user.id);
  await app.database("one_time_links").update({ expires_at: "2026-01-01T00:00:00.000000Z" });
  assert.equal(await titleOf(app, third), "This link has expired");
  await use(app.visitor(), third).expect(403);

  for (const link of ["/user/set-password/?token=", `${third}x`, `${third}&token=x`])
    assert.equal(await titleOf(app, link), "This link doesn’t work");
  await logIn(app.visitor(), { email: member.user.email, password: "chosen elsewhere" }).expect(303);
});

test("reset link: a password that can't be used is refused beside its field, and the link still works", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  const link = await makeLink(owner.browser, member.user.id);

  const page = read(await use(app.visitor(), link, { new_password: "short", end_tokens: "true" }).expect(422));

  assert.match(page("#new_password-error").text(), /At least 8 characters; this has 5\./);
  assert.ok(page("#end_tokens").is(":checked"));
  assert.doesNotMatch(page.html(), /value="short"/);
  await use(app.visitor(), link, { new_password: member.user.email }).expect(422);
  await use(app.visitor(), link).expect(303);
});

test("reset link: tokens end with the old password where the person leaves that ticked, as it is for links of others (X10)", async (t) => {
  const app = await startApi(t);
  const member = await app.member();
  const owner = await app.browserOf(app.owner.user);
  const token = await newToken(member.script);
  const exchange = () => app.anonymous("post", "/api/token/refresh/", { refresh: token });

  const kept = await makeLink(owner, member.user.id);
  assert.ok(read(await app.visitor().get(kept).expect(200))("#end_tokens").is(":checked"));
  await use(app.visitor(), kept).expect(303);
  await member.script("get", "/api/current-user/whoami").expect(200);
  await exchange().expect(200);

  await use(app.visitor(), await makeLink(owner, member.user.id), { end_tokens: "true" }).expect(303);
  await member.script("get", "/api/current-user/whoami").expect(401);
  await exchange().expect(401);
});

test("reset link: it opens an account again that too many wrong passwords had closed", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  for (let tries = 0; tries < 6; tries++) await logIn(app.visitor(), { email: member.user.email, password: "wrong" });
  await logIn(app.visitor(), { email: member.user.email, password }).expect(429);

  await use(app.visitor(), await makeLink(owner.browser, member.user.id)).expect(303);

  await logIn(app.visitor(), { email: member.user.email, password: new_password }).expect(303);
});

test("reset link: nothing helps somebody who is deactivated or removed, and the owner is told", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  const link = await makeLink(owner.browser, member.user.id);
  await app.database("users").where({ id: member.user.id }).update({ is_active: false });

  assert.equal(await titleOf(app, link), "This account can’t be used");
  await use(app.visitor(), link).expect(403);
  const refused = read(await owner.browser.post(`/people/${member.user.id}/reset-link`).expect(409));
  assert.match(refused("main").text(), /A link would do nothing/);
  assert.equal(read(await owner.browser.get(`/people/${member.user.id}`))("#reset-link").length, 0);

  await app.database("users").where({ id: member.user.id }).update({ is_active: true });
  await app.repositories.accountStatus.remove(member.user.id);
  assert.equal(await titleOf(app, link), "This link doesn’t work");
  await owner.browser.post(`/people/${member.user.id}/reset-link`).expect(409);
});

test("reset link: somebody without a password gets a set-up link by the same button", async (t) => {
  const { app, owner } = await startWithMember(t);
  const made = await app.repositories.users.create({ email: "made@example.com" });

  const page = read(await owner.browser.get(`/people/${made.id}`).expect(200));
  assert.ok(linesOf(page, "button").includes("Set-up link…"));
  const link = await makeLink(owner.browser, made.id);
  assert.equal(linesOf(read(await app.visitor().get(link)), "h1")[0], "Choose your password");
  await use(app.visitor(), link).expect(303);

  await logIn(app.visitor(), { email: made.email, password: new_password }).expect(303);
  assert.ok(linesOf(read(await owner.browser.get(`/people/${made.id}`)), "button").includes("Reset password link…"));
});

test("reset link: only the owner has the button, and nobody has it for themselves", async (t) => {
  const { owner, member } = await startWithMember(t);
  const hasButton = async (browser: Browser, id: number) =>
    read(await browser.get(`/people/${id}`).expect(200))("#reset-link").length > 0;

  assert.equal(await hasButton(owner.browser, member.user.id), true);
  assert.equal(await hasButton(owner.browser, owner.user.id), false);
  assert.equal(await hasButton(member.browser, owner.user.id), false);
  await member.browser.post(`/people/${owner.user.id}/reset-link`).expect(403);
  await owner.browser.post(`/people/${owner.user.id}/reset-link`).expect(409);
  await owner.browser.post("/people/999/reset-link").expect(404);
});

test("reset link: a form that is sent twice shows one link, which works; sent again later it shows none", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  const page = read(await owner.browser.get(`/people/${member.user.id}`).expect(200));
  const form = { form_key: String(page("#reset-link input[name=form_key]").val()) };

  const [one, two] = await Promise.all([
    makeLink(owner.browser, member.user.id, form),
    makeLink(owner.browser, member.user.id, form),
  ]);
  assert.equal(one, two);
  assert.equal((await app.database("one_time_links")).length, 1);
  assert.equal((await app.database("events").where({ name: "authn_recovery_link_created" })).length, 1);

  await app
    .database("one_time_links")
    .update({ created_at: new Date(Date.now() - 61_000).toISOString().replace("Z", "000Z") });
  const later = owner.browser.post(`/people/${member.user.id}/reset-link`).type("form").send(form);
  await later.expect(303).expect("Location", `/people/${member.user.id}`);
  await use(app.visitor(), one).expect(303);
});

test("reset link: it begins with the configured address, whatever host is asked for (R3)", async (t) => {
  const { app, owner, member } = await startWithMember(t, {
    host: new URL("http://labels.example.com/team"),
    base_path: "/team",
  });
  const script = { Authorization: `Token ${(await app.repositories.legacyTokens.findByUser(owner.user.id))?.token}` };
  await app.database("organizations").update({ legacy_api_tokens_enabled: true });

  const shown = await owner.browser
    .post(`/team/people/${member.user.id}/reset-link`)
    .set("Host", "inside.lan")
    .expect(200);
  const answer = await app
    .request()
    .post(`/team/api/users/${member.user.id}/reset-link/`)
    .set({ ...script, Host: "inside.lan" });

  for (const url of [String(read(shown)("#reset_link").val()), (answer.body as { url: string }).url])
    assert.ok(url.startsWith("http://labels.example.com/team/user/set-password/?token="), url);
});

test("reset link: its page sends no referrer and is not stored, and neither page nor log keep the link (H5)", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  const link = await makeLink(owner.browser, member.user.id);
  const [, token = ""] = link.split("token=");

  const answer = await app.visitor().get(link).set("Sec-Fetch-Site", "none").expect(200);
  assert.equal(answer.headers["referrer-policy"], "no-referrer");
  assert.equal(answer.headers["cache-control"], "no-store");
  await use(app.visitor(), link, { new_password: "short" }).expect(422);
  await app.visitor().get(`/user/set-passwords/?token=${token}`).expect(404);
  await app.visitor().post(link).set("Sec-Fetch-Site", "cross-site").expect(403);
  await use(app.visitor(), link).expect(303);
  await app.visitor().get(link).expect(403);

  assert.ok(app.logged.length > 0);
  assert.ok(!app.logged.join("").includes(token));
  assert.ok(!app.logged.join("").includes("battery"));
});

test("reset link: making and using it, and the password that was set, are recorded (G1)", async (t) => {
  const { app, owner, member } = await startWithMember(t);
  await use(app.visitor(), await makeLink(owner.browser, member.user.id)).expect(303);

  const events = await app.repositories.events.list({ user_id: member.user.id, limit: 10 });

  assert.deepEqual(
    events.map(({ name, actor_id, subject_id }) => [name, actor_id, subject_id]),
    [
      ["authn_password_change", null, member.user.id],
      ["authn_recovery_link_used", null, member.user.id],
      ["authn_recovery_link_created", owner.user.id, member.user.id],
    ],
  );
});
