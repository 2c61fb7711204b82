import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { settingsPages } from "../support/addresses.ts";
import { startApp } from "../support/app.ts";
import { cookiesOf, sessionHeader } from "../support/cookies.ts";
import { logIn } from "../support/forms.ts";

test("log-out: the button ends the session, and the first page says so", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const answer = await browser.post("/logout").expect(303);

  assert.equal(answer.headers.location, "/");
  assert.equal((await browser.get("/").expect(302)).headers.location, "/user/login/");
  assert.match((await browser.get("/user/login/")).text, /Logged out/);
  assert.doesNotMatch((await browser.get("/user/login/")).text, /Logged out/);
});

test("log-out: Label Studio's link ends the session too", async (t) => {
  const { signedIn } = await startApp(t);

  for (const address of ["/logout", "/logout/"]) {
    const { browser } = await signedIn();
    assert.equal((await browser.get(address).expect(302)).headers.location, "/");
    await browser.get("/people/").expect(302);
  }
});

test("log-out: a cookie that was copied before opens nothing afterwards (S4)", async (t) => {
  const { repositories, visitor } = await startApp(t);
  const person = { email: "ada@example.com", password: "correct horse battery" };
  await repositories.users.create(person);
  const cookie = sessionHeader(await logIn(visitor(), person));
  await visitor().get("/people/").set("Cookie", cookie).expect(200);

  const answer = await visitor().post("/logout").set("Cookie", cookie).expect(303);

  const replayed = await visitor().get("/people/").set("Cookie", cookie).expect(302);
  assert.equal(replayed.headers.location, "/user/login/?next=/people/");
  assert.notEqual(sessionHeader(answer), cookie);
  await visitor().get("/people/").set("Cookie", sessionHeader(answer)).expect(302);
});

test("log-out: the person's other sessions go on", async (t) => {
  const { signedIn, visitor } = await startApp(t);
  const { browser, user, password } = await signedIn();
  const other = visitor();
  await logIn(other, { email: user.email, password }).expect(303);

  await browser.post("/logout").expect(303);

  await other.get("/people/").expect(200);
});

test("log-out: it leads where the configuration says", async (t) => {
  const { signedIn, visitor } = await startApp(t, { logout_redirect_url: "https://intranet.example/bye" });
  const { browser } = await signedIn();

  assert.equal((await browser.post("/logout").expect(303)).headers.location, "https://intranet.example/bye");
  assert.equal((await visitor().get("/logout").expect(302)).headers.location, "https://intranet.example/bye");
});

test("log-out: for a visitor it changes nothing", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password: "correct horse battery" });

  const answer = await visitor().post("/logout").expect(303);

  assert.deepEqual(cookiesOf(answer), []);
});

test("log-out: its button is on every page of those who are signed in, and on no other (S11)", async (t) => {
  const { signedIn, visitor } = await startApp(t);
  const { browser, user } = await signedIn();
  const buttons = (page: string) => load(page)("form[method=post][action='/logout'] button").length;

  for (const address of [
    "/",
    "/projects/",
    "/people/",
    `/people/${user.id}`,
    "/people/invite",
    "/user/account/",
    ...settingsPages,
    "/version",
    "/nowhere",
  ]) {
    assert.equal(buttons((await browser.get(address)).text), 1, address);
  }
  for (const address of ["/user/login/", "/user/signup/", "/version"])
    assert.equal(buttons((await visitor().get(address)).text), 0, address);
});

const loaded = { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors" };
const opened = { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
const image = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";

for (const [what, headers] of [
  ["an image in a task", { ...loaded, "Sec-Fetch-Dest": "image" }],
  ["a stylesheet", { ...loaded, "Sec-Fetch-Dest": "style" }],
  ["a script that fetches", { ...loaded, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty" }],
  ["a frame", { ...opened, "Sec-Fetch-Dest": "iframe" }],
  ["a page that is fetched ahead", { ...opened, "Sec-Purpose": "prefetch" }],
  ["a page that is rendered ahead", { ...opened, "Sec-Purpose": "prefetch;prerender" }],
  ["an image over plain http", { Accept: image }],
] as const) {
  test(`log-out: ${what} does not end the session (C2, X5)`, async (t) => {
    const { signedIn } = await startApp(t);
    const { browser } = await signedIn();

    const answer = await browser.get("/logout").set(headers).expect(200);

    assert.match(answer.text, /Log out\?/);
    await browser.get("/people/").expect(200);
  });
}

test("log-out: an address that a person opens ends the session (X5)", async (t) => {
  const { signedIn } = await startApp(t);
  const accept = "text/html,application/xhtml+xml,image/avif,*/*;q=0.8";

  for (const headers of [opened, { ...opened, "Sec-Fetch-Site": "none" }, { Accept: accept }, { Accept: "*/*" }]) {
    const { browser } = await signedIn();
    await browser.get("/logout").set(headers).expect(302);
    await browser.get("/people/").expect(302);
  }
});
