import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { password, startApp } from "../support/app.ts";
import { cookiesOf } from "../support/cookies.ts";
import { logIn } from "../support/forms.ts";

const email = "ada@example.com";

test("log-in: the right password leads to the first page, by a redirect that sends nothing on (L6)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });
  const browser = visitor();

  const answer = await logIn(browser, { email, password });

  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, "/");
  await browser.get("/people/").expect(200);
});

test("log-in: the email may have capitals and spaces around it", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email: "Ada@Example.com", password });

  await logIn(visitor(), { email: " ADA@example.COM ", password }).expect(303);
});

test("log-in: an unknown email, a deactivated and a removed person get the same answer as a wrong password (L1)", async (t) => {
  const { visitor, repositories, database } = await startApp(t);
  await repositories.users.create({ email, password });
  const inactive = await repositories.users.create({ email: "bob@example.com", password });
  const removed = await repositories.users.create({ email: "eve@example.com", password });
  await database("users").where({ id: inactive.id }).update({ is_active: false });
  await database("organization_members").where({ user_id: removed.id }).update({ deleted_at: removed.date_joined });
  const answerTo = async (person: { email: string; password: string }) => {
    const { status, text, headers } = await logIn(visitor(), person);
    return { status, page: text.replaceAll(person.email, "EMAIL"), names: Object.keys(headers) };
  };

  const wrong = await answerTo({ email, password: "wrong password" });

  assert.equal(wrong.status, 422);
  assert.match(wrong.page, /This email and password don’t match\./);
  assert.deepEqual(await answerTo({ email: "bob@example.com", password }), wrong);
  assert.deepEqual(await answerTo({ email: "eve@example.com", password }), wrong);
  assert.deepEqual(await answerTo({ email: "nobody@example.com", password }), wrong);
  assert.deepEqual(await answerTo({ email: "not an email", password }), wrong);
});

test("log-in: what is left out or sent twice does not match, and starts no session", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  for (const fields of [
    {},
    { email },
    { password },
    { email: [email, email], password },
    { email, password: [password, password] },
  ]) {
    const page = await logIn(visitor(), fields as Record<string, string>);
    assert.equal(page.status, 422);
    assert.deepEqual(cookiesOf(page), []);
  }
});

test("log-in: after a failure the page keeps the email and the way to go on, and not the password", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  const page = await logIn(visitor(), { email, password: "wrong password", next: "/people/" });

  const $ = load(page.text);
  assert.equal($("input[name=email]").val(), email);
  assert.equal($("input[name=next]").val(), "/people/");
  assert.doesNotMatch(page.text, /wrong password/);
});

test("log-in: who was led here goes on to the page that was asked for (L5)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });
  const browser = visitor();

  const redirect = await browser.get("/people/?q=ada&sort=-email").expect(302);
  const next = load((await browser.get(redirect.headers.location as string)).text)("input[name=next]").val();
  const answer = await logIn(browser, { email, password, next: String(next) });

  assert.equal(answer.headers.location, "/people/?q=ada&sort=-email");
});

test("log-in: a page whose address is too long for a header is forgotten, and the first one opens instead (X1)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });
  const page = (length: number) => `/people/?q=${"=".repeat(length)}`;

  const [short, long] = [await visitor().get(page(600)), await visitor().get(page(700))];
  assert.equal(short.headers.location, `/user/login/?next=/people/%3Fq${"%3D".repeat(601)}`);
  assert.equal(long.headers.location, "/user/login/");
  const form = visitor()
    .post("/projects")
    .set("Referer", `http://127.0.0.1${page(700)}`);
  assert.equal((await form.set("Host", "127.0.0.1")).headers.location, "/user/login/?lost=1");

  assert.equal((await logIn(visitor(), { email, password, next: page(2000) })).headers.location, "/");
});

test("log-in: nobody is led to another site (L5)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  for (const next of [
    "http://evil.example/",
    "https:evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "@evil.example",
    "javascript:alert(1)",
    "/.//evil.example",
    "/x/..//evil.example",
  ]) {
    const address = `/user/login/?next=${encodeURIComponent(next)}`;
    const browser = visitor();
    const byField = await logIn(visitor(), { email, password, next });
    const byAddress = await logIn(browser, { email, password }, address);
    const signedIn = await browser.get(address);
    const destinations = [byField, byAddress, signedIn].map(({ headers }) => headers.location as string);
    for (const destination of destinations)
      assert.equal(new URL(destination, "http://here.example").host, "here.example", `${next} leads to ${destination}`);
  }
});

test("log-in: who is signed in already goes on at once, and stays who they are", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  await repositories.users.create({ email, password });
  const { browser, user } = await signedIn({ email: "bob@example.com" });

  assert.equal((await browser.get("/user/login/?next=/people/").expect(302)).headers.location, "/people/");
  await logIn(browser, { email, password }).expect(303);
  assert.match((await browser.get("/user/account/")).text, new RegExp(user.email));
});

test("log-in: a new server has no account, and leads to the first one's sign-up (L4)", async (t) => {
  const { visitor, database } = await startApp(t);

  assert.deepEqual(await database("users"), []);
  assert.equal((await visitor().get("/user/login/").expect(302)).headers.location, "/user/signup/");
  for (const name of ["admin", "admin@localhost", "admin@example.com"])
    for (const word of ["", "admin", "password", "label-studio"])
      assert.notEqual((await logIn(visitor(), { email: name, password: word })).status, 303);
});

test("log-in: the link to sign-up is there while sign-up is open", async (t) => {
  for (const disable_signup_without_link of [false, true]) {
    const { visitor, repositories } = await startApp(t, { disable_signup_without_link });
    await repositories.users.create({ email, password });
    const $ = load((await visitor().get("/user/login/")).text);
    assert.equal($("main a[href*=signup]").length, disable_signup_without_link ? 0 : 1);
  }
});

for (const next of [
  "next=%2Fpeople%2F&next=%2Fprojects%2F",
  "next[]=%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80&next[]=9",
  "next[a]=b",
  "next=%ED%A0%80",
]) {
  test(`log-in: ${next} is no page to lead on to, and no error`, async (t) => {
    const { visitor, signedIn } = await startApp(t);
    const { user } = await signedIn();

    await visitor().get(`/user/login/?${next}`).expect(200);
    const wrong = `email=${user.email}&password=wrong&${next}`;
    await visitor().post(`/user/login/?${next}`).type("form").send(wrong).expect(422);
    const right = `email=${user.email}&password=${encodeURIComponent(password)}&${next}`;
    await visitor().post(`/user/login/?${next}`).type("form").send(right).expect(303);
  });
}
