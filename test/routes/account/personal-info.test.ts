import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../../support/app.ts";
import type { Browser } from "../../support/app.ts";
import { describedBy, read } from "../../support/pages.ts";

const grace = { first_name: "Grace", last_name: "Hopper", phone: "+1 555" };

/** Sends the form of Grace, with these fields in place of hers. */
function save(browser: Browser, fields: object = {}) {
  return browser
    .post("/user/account/")
    .type("form")
    .send({ ...grace, ...fields });
}

for (const address of ["/user/account/", "/user/account", "/user/account/personal-info"]) {
  test(`personal info: ${address} shows what is known and takes what is new`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser, user } = await signedIn({ email: "grace@example.com" });

    await browser.post(address).type("form").send(grace).expect(303).expect("Location", "/user/account/");

    const stored = await repositories.users.find(user.id);
    assert.deepEqual({ ...stored, ...grace }, stored);
    const page = read(await browser.get(address).expect(200));
    for (const [name, value] of Object.entries(grace)) assert.equal(page(`[name=${name}]`).val(), value);
    assert.match(page("main").text(), new RegExp(`Registered .* user ID ${user.id}`));
    assert.match(page("#flash").text(), /^\s*Saved\s*/);
  });
}

test("personal info: the email is shown, and cannot be changed", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn({ email: "grace@example.com" });

  const page = read(await browser.get("/user/account/"));

  const email = page('input[value="grace@example.com"]');
  assert.notEqual(email.attr("readonly"), undefined);
  assert.equal(email.attr("name"), undefined);
});

test("personal info: the limits of a profile image are told before one is chosen", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const page = read(await browser.get("/user/account/"));

  assert.match(describedBy(page, "avatar"), /1200 × 1200 pixels and 1 MB/);
});

test("personal info: spaces around a name are left out, and a field left out is emptied", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  await save(browser).expect(303);

  await browser.post("/user/account/").type("form").send({ first_name: "  Ada  " }).expect(303);

  const { first_name, last_name, phone } = (await repositories.users.find(user.id)) ?? {};
  assert.deepEqual({ first_name, last_name, phone }, { first_name: "Ada", last_name: "", phone: "" });
});

for (const field of ["first_name", "last_name", "phone"]) {
  test(`personal info: a ${field} of more than 256 characters is refused, and all that was typed is kept`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser, user } = await signedIn();
    const typed = { ...grace, [field]: "é".repeat(257) };

    const answer = await save(browser, typed);

    assert.equal(answer.status, 422);
    const page = read(answer);
    assert.match(describedBy(page, field), /Use at most 256 characters\./);
    for (const [name, value] of Object.entries(typed)) assert.equal(page(`[name=${name}]`).val(), value);
    assert.equal((await repositories.users.find(user.id))?.first_name, "");
  });
}

for (const phone of ["", "+1 (555) 010-99.8/7", "٠١٢ ٣٤٥", "020 7946 0000"]) {
  test(`personal info: ${JSON.stringify(phone)} is a phone number`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser, user } = await signedIn();

    await save(browser, { phone }).expect(303);

    assert.equal((await repositories.users.find(user.id))?.phone, phone);
  });
}

test("personal info: an invalid phone number is refused, and one from a script is no link", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();

  const answer = await save(browser, { phone: "<script>x" });

  assert.equal(answer.status, 422);
  assert.match(describedBy(read(answer), "phone"), /Use digits, spaces and \+ only\./);
  assert.equal(read(answer)("[name=phone]").val(), "<script>x");
  await repositories.users.update(user.id, { phone: "<script>x" });
  assert.equal(read(await browser.get(`/people/${user.id}`))("a[href^='tel:']").length, 0);
  await repositories.users.update(user.id, { phone: "+1 (555) 01" });
  assert.equal(read(await browser.get(`/people/${user.id}`))("a[href^='tel:']").attr("href"), "tel:+155501");
});

test("personal info: 256 characters of any language are kept", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  const first_name = "й".repeat(256);

  await save(browser, { first_name }).expect(303);

  assert.equal((await repositories.users.find(user.id))?.first_name, first_name);
});

const answers: { fields: object; before: boolean | null; after: boolean | null }[] = [
  { fields: { allow_newsletters: "true" }, before: false, after: true },
  { fields: { allow_newsletters: "false" }, before: true, after: false },
  { fields: {}, before: true, after: true },
  { fields: {}, before: null, after: null },
  { fields: { allow_newsletters: "maybe" }, before: true, after: null },
];

for (const { fields, before, after } of answers) {
  test(`personal info: Label Studio's form with ${JSON.stringify(fields)} makes news ${before} into ${after}`, async (t) => {
    const { signedIn, database, repositories } = await startApp(t);
    const { browser, user } = await signedIn();
    await database("users").update({ allow_newsletters: before });

    await save(browser, fields).expect(303);

    assert.equal((await repositories.users.find(user.id))?.allow_newsletters, after);
  });
}

test("personal info: nothing but the four fields is taken (Z2)", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser, user } = await signedIn({ email: "ada@example.com" });
  const before = await database("users").where({ id: user.id }).first();
  const organization = await database("organizations").first();

  await save(browser, {
    id: 99,
    email: "root@example.com",
    username: "root",
    password: "another password",
    is_superuser: true,
    is_staff: true,
    is_active: false,
    role: "Owner",
    active_organization: 7,
    avatar: "../../etc/passwd",
    custom_hotkeys: "{}x",
    date_joined: "2001-01-01T00:00:00.000000Z",
    last_activity: "2001-01-01T00:00:00.000000Z",
    created_by_id: 1,
  }).expect(303);

  const after = await database("users").where({ id: user.id }).first();
  assert.deepEqual(after, { ...before, ...grace, sort_name: "grace hopper" });
  assert.deepEqual(await database("organizations").first(), organization);
});

for (const type of ["json", "text/plain", "application/octet-stream"]) {
  test(`personal info: what is sent as ${type} is no form, and empties nothing`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser, user } = await signedIn();
    await save(browser).expect(303);
    const before = await repositories.users.find(user.id);

    const answer = await browser
      .post("/user/account/")
      .type(type)
      .serialize(JSON.stringify)
      .send({ first_name: "Ada" });

    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
    assert.deepEqual(await repositories.users.find(user.id), before);
  });
}

test("personal info: the form of one person never changes another (Z2)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const ada = await repositories.users.create({ email: "ada@example.com", password });
  const { browser } = await signedIn();

  await browser
    .post(`/user/account/?id=${ada.id}`)
    .type("form")
    .send({ ...grace, id: ada.id, user_id: ada.id });

  assert.deepEqual(await repositories.users.find(ada.id), ada);
});

test("account: a section that is unknown leads to the first one", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  for (const section of ["hotkeys", "nothing", "%2e%2e", "avatar"]) {
    await browser.get(`/user/account/${section}`).expect(302).expect("Location", "/user/account/");
  }
});
