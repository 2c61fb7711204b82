import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { logIn, signUp } from "../support/forms.ts";

const hostile = [
  "</script><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "<!--<svg onload=alert(1)>",
  "{{ 191 * 7 }}{% raw %}&lt;",
];

/** The page shows the text, letter by letter, in its text or a value; none of it has become markup. */
function assertShownAsText(page: string, text: string, where: string): void {
  const $ = load(page);
  const all = $("*").toArray();
  const attributes = all.flatMap((element) => Object.entries($(element).attr() ?? {}));
  const shown = [$.root().text(), ...attributes.map(([, value]) => value)];
  assert.ok(
    shown.some((each) => each.includes(text)),
    `${where} shows ${text}`,
  );
  assertHarmless(page, where);
}

function assertHarmless(page: string, where: string): void {
  const $ = load(page);
  assert.equal($("script:not([src]), img[src=x], svg:not(.icon, .bar, .bar-chart)").length, 0, where);
  const names = $("*")
    .toArray()
    .flatMap((element) => Object.keys($(element).attr() ?? {}));
  assert.deepEqual(
    names.filter((name) => name.startsWith("on")),
    [],
    where,
  );
  assert.doesNotMatch(page, /\b1337\b/, `${where}: no template is run`);
}

/** A person whose every field that takes any text is this text, and who has signed in with it as their browser's name. */
async function personOf(app: TestApp, text: string) {
  const email = `${text}@example.com`.toLowerCase();
  const user = await app.repositories.users.create({ email, password });
  const browser = app.visitor();
  await logIn(browser, { email, password }).set("User-Agent", text).expect(303);
  const fields = { first_name: text, last_name: text };
  await browser.post("/user/account/").type("form").send(fields).expect(303);
  return { user, browser, email };
}

test("user text: names, phone and email are shown as they were typed, on every page (H6)", async (t) => {
  for (const text of hostile) {
    const app = await startApp(t);
    const { browser, user, email } = await personOf(app, text);
    const { browser: other } = await app.signedIn();

    for (const each of [browser, other]) {
      assertShownAsText((await each.get("/")).text, text, "home");
      assertShownAsText((await each.get("/people/")).text, email, "people");
      assertShownAsText((await each.get("/people/")).text, text, "people");
      for (const shown of [text, email])
        assertShownAsText((await each.get(`/people/${user.id}`)).text, shown, "person");
      assertShownAsText((await each.get("/user/account/membership-info")).text, email, "membership info");
    }
    for (const shown of [text, email]) assertShownAsText((await browser.get("/user/account/")).text, shown, "account");
    for (const page of ["account/email-preferences", "account/password", "account/legacy-token"])
      assertShownAsText((await browser.get(`/user/${page}`)).text, email, page);
    assertShownAsText((await browser.get("/organization/access")).text, email, "sign-up and access");
    assertShownAsText((await browser.get("/logout").set("Sec-Fetch-Site", "cross-site")).text, email, "log-out");
    assertShownAsText((await browser.get("/nowhere")).text, email, "error page");
  }
});

test("user text: what was typed wrongly comes back as it was typed (H6)", async (t) => {
  for (const text of hostile) {
    const { signedIn, visitor } = await startApp(t);
    const { browser } = await signedIn();
    const tooLong = text + "x".repeat(256);

    assertShownAsText((await logIn(visitor(), { email: text, password, next: text })).text, text, "log-in");
    assertShownAsText((await signUp(visitor(), { email: text, password })).text, text, "sign-up");
    for (const field of ["first_name", "last_name", "phone"]) {
      const page = await browser
        .post("/user/account/")
        .type("form")
        .send({ [field]: tooLong });
      assertShownAsText(page.text, tooLong, field);
    }
    // What is not among the choices of a list has no place on the page again.
    const address = "/organization/access";
    assertHarmless((await browser.post(address).type("form").send({ api_token_ttl_days: text })).text, "days");
  }
});

test("user text: the name of a token is shown as it was typed (H6)", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();
  const address = "/user/account/personal-access-token";

  for (const name of hostile) {
    assertShownAsText((await browser.post(address).type("form").send({ name })).text, name, "new token");
    assertShownAsText((await browser.get(address)).text, name, "tokens");
    assertShownAsText(
      (
        await browser
          .post(address)
          .type("form")
          .send({ name: name.repeat(9) })
      ).text,
      name,
      "too long",
    );
  }
});

test("user text: what is searched for is shown as it was typed (H6)", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  for (const text of hostile) {
    assertShownAsText((await browser.get("/people/").query({ q: text })).text, text, "found nobody");
    assertHarmless(
      (await browser.get("/people/").query({ q: text, sort: text, after: text, before: text })).text,
      "sort",
    );
  }
});

test("user text: addresses are shown as they were asked for, or not at all (H6)", async (t) => {
  const { visitor, signedIn } = await startApp(t);
  const { browser } = await signedIn();

  for (const text of hostile) {
    assertShownAsText((await visitor().get("/user/login/").query({ next: text })).text, text, "log-in");
    assertHarmless((await visitor().get("/user/signup/").query({ next: text })).text, "sign-up");
    assertHarmless((await visitor().get("/user/signup/").query({ token: text })).text, "invitation");
    for (const each of [visitor(), browser])
      assertHarmless((await each.get(`/${encodeURIComponent(text)}`)).text, "path");
  }
});

test("user text: what a browser calls itself is shown as text (H6)", async (t) => {
  for (const text of hostile) {
    const { browser } = await personOf(await startApp(t), text);
    assertShownAsText((await browser.get("/user/account/sessions")).text, text, "sessions");
  }
});
