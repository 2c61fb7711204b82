import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { signUp } from "../../support/forms.ts";
import { describedBy, read } from "../../support/pages.ts";
import type { TestHooks } from "../../support/test-hooks.ts";

const page = "/organization/access";
const tokens = { api_tokens_enabled: "true", api_token_ttl_days: "365" };

/** A server with one person, who saves settings. */
async function startWithOwner(t: TestHooks, settings = {}) {
  const app = await startApp(t, settings);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const save = (fields: object) =>
    browser
      .post(page)
      .type("form")
      .send({ ...tokens, ...fields });
  return { ...app, browser, user, save, token: await app.repositories.organizations.inviteToken(1) };
}

const linksToSignup = async ({ visitor }: TestApp) =>
  read(await visitor().get("/user/login/"))('main a[href*="/user/signup/"]').length;

test("sign-up policy: a new organization is open, as Label Studio's, and the page says so", async (t) => {
  const app = await startWithOwner(t);

  const rendered = read(await app.browser.get(page));

  assert.equal(rendered("[name=signup_policy]:checked").val(), "open");
  assert.match(rendered("main").text(), /Sign-up is open\./);
  assert.equal(await linksToSignup(app), 1);
  await signUp(app.visitor(), { email: "ben@example.com", password }).expect(303);
});

test("sign-up policy: by link, every place follows at once, and accounts that scripts make are still possible (R7)", async (t) => {
  const app = await startWithOwner(t);

  await app.save({ signup_policy: "link" }).expect(303).expect("Location", page);

  assert.equal(read(await app.browser.get(page))("[name=signup_policy]:checked").val(), "link");
  assert.equal(await linksToSignup(app), 0);
  await app.visitor().get("/user/signup/").expect(403);
  await signUp(app.visitor(), { email: "ben@example.com", password }).expect(403);
  const invite = read(await app.browser.get("/people/invite"));
  assert.match(invite("main").text(), /Sign-up is by invitation only\./);
  await signUp(app.visitor(), { email: "ben@example.com", password }, `/user/signup/?token=${app.token}`).expect(303);
  await app.browser.post("/people/invite").expect(303);
  await app.visitor().get(`/user/signup/?token=${app.token}`).expect(403);
  const made = { username: "eve", email: "eve@example.com" };
  await app.browser.post("/api/users/").send(made).expect(201);

  await app.save({ signup_policy: "open" }).expect(303);
  await signUp(app.visitor(), { email: "cleo@example.com", password }).expect(303);
});

test("sign-up policy: by link and domains, an email of another domain is refused beside its field, and loses nothing (R7)", async (t) => {
  const { visitor, save, token, browser, database } = await startWithOwner(t);
  const address = `/user/signup/?token=${token}`;

  await save({
    signup_policy: "link_and_domains",
    signup_domains: " @Harbor.example,lab.example\nlab.example ",
  }).expect(303);

  assert.equal(read(await browser.get(page))("[name=signup_domains]").val(), "harbor.example lab.example");
  await visitor().get("/user/signup/").expect(403);
  const form = read(await visitor().get(address).expect(200));
  assert.match(describedBy(form, "email"), /An email at harbor\.example or lab\.example\./);
  for (const email of ["eve@example.com", "eve@sub.harbor.example", "eve@notharbor.example"]) {
    const answer = await signUp(visitor(), { name: "Eve", email, password }, address);
    assert.equal(answer.status, 403);
    const again = read(answer);
    assert.match(describedBy(again, "email"), /Use an email at harbor\.example or lab\.example\./);
    assert.equal(again("[name=email]").val(), email);
    assert.equal(again("[name=name]").val(), "Eve");
  }
  assert.equal((await database("users")).length, 1);
  await signUp(visitor(), { email: "Ben@HARBOR.example", password }, address).expect(303);
});

test("sign-up policy: the server's configuration closes it visibly, and can't be overridden on the page (R7)", async (t) => {
  const { browser, save, visitor, repositories } = await startWithOwner(t, { disable_signup_without_link: true });

  const rendered = read(await browser.get(page));
  assert.match(rendered("main").text(), /Set by the server’s configuration/);
  assert.equal(rendered("[name=signup_policy]:checked").val(), "link");
  assert.notEqual(rendered("[name=signup_policy][value=open]").attr("disabled"), undefined);
  const answer = await save({ signup_policy: "open" });
  assert.equal(answer.status, 422);
  assert.match(read(answer)("#signup_policy-error").text(), /configuration keeps sign-up closed/);
  await visitor().get("/user/signup/").expect(403);

  await save({ signup_policy: "link" }).expect(303);
  const organization = await repositories.organizations.first();
  assert.equal(
    organization?.signup_policy,
    "open",
    "what the organization had chosen, should the configuration change",
  );
  await save({ signup_policy: "link_and_domains", signup_domains: "harbor.example" }).expect(303);
  assert.equal(read(await browser.get(page))("[name=signup_policy]:checked").val(), "link_and_domains");
});

const refusals = [
  {
    signup_policy: "link_and_domains",
    signup_domains: " , ",
    field: "signup_domains",
    says: /Enter at least one domain/,
  },
  { signup_policy: "link_and_domains", field: "signup_domains", says: /Enter at least one domain/ },
  { signup_policy: "link", signup_domains: "harbor", field: "signup_domains", says: /Enter domains like example\.com/ },
  { signup_policy: "link", signup_domains: "a@b@c.example", field: "signup_domains", says: /Enter domains like/ },
  {
    signup_policy: "link",
    signup_domains: Array.from({ length: 51 }, (_, index) => `d${index}.example`).join(),
    field: "signup_domains",
    says: /Use at most 50 domains/,
  },
];

for (const { field, says, ...fields } of refusals) {
  test(`sign-up policy: ${JSON.stringify(fields).slice(0, 80)} is refused beside its field`, async (t) => {
    const { save, repositories } = await startWithOwner(t);

    const answer = await save(fields);

    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), field), says);
    assert.equal(read(answer)(`[name=${field}]`).val(), fields.signup_domains ?? "");
    assert.equal(read(answer)("[name=signup_policy]:checked").val(), fields.signup_policy);
    assert.equal((await repositories.organizations.first())?.signup_policy, "open");
  });
}

test("sign-up policy: an unknown one is refused", async (t) => {
  const { save, repositories } = await startWithOwner(t);

  const answer = await save({ signup_policy: "everybody" });

  assert.equal(answer.status, 422);
  assert.match(read(answer)("#signup_policy-error").text(), /Choose who may sign up/);
  assert.equal((await repositories.organizations.first())?.signup_policy, "open");
});

test("sign-up policy: a change is recorded, and saving the same again is none (G1)", async (t) => {
  const { save, repositories, user } = await startWithOwner(t);

  await save({ signup_policy: "link", signup_domains: "" }).expect(303);
  await save({ signup_policy: "link", signup_domains: "" }).expect(303);

  const recorded = await repositories.events.list({ group: "organization", limit: 10 });
  const changes = recorded.filter(({ name }) => name === "signup_policy_changed");
  assert.deepEqual(
    changes.map(({ actor_id, details }) => ({ actor_id, details })),
    [{ actor_id: user.id, details: { signup_policy: "link" } }],
  );
});
