import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { settingsPages } from "../support/addresses.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { logIn } from "../support/forms.ts";

const email = "ada@example.com";
const below = { host: new URL("http://example.com/labels"), base_path: "/labels" };

async function signedInBelow(
  t: Parameters<typeof startApp>[0],
): Promise<TestApp & { browser: ReturnType<TestApp["visitor"]> }> {
  const app = await startApp(t, below);
  await app.repositories.users.create({ email, password });
  const browser = app.visitor();
  await logIn(browser, { email, password }, "/labels/user/login/").expect(303);
  return { ...app, browser };
}

test("base path: every link, form, script and image of every page is below it", async (t) => {
  const { browser, visitor } = await signedInBelow(t);

  for (const [asking, pages] of [
    [visitor(), ["/user/login/?next=/people/", "/user/signup/", "/version", "/docs/api/"]],
    [
      browser,
      [
        "/",
        "/projects/",
        "/people/",
        "/people/?q=nobody",
        "/people/1",
        "/people/invite",
        "/user/account/",
        ...settingsPages,
        "/nowhere",
      ],
    ],
  ] as const) {
    for (const page of pages) {
      const $ = load((await asking.get(`/labels${page}`)).text);
      const found = ["href", "src", "action", "hx-get", "hx-post"].flatMap((name) =>
        $(`[${name}]`)
          .toArray()
          .map((element) => String($(element).attr(name))),
      );
      assert.ok(found.length > 5, page);
      for (const address of found)
        assert.match(address, /^(\/labels\/|\?|#|mailto:|data:image\/svg)/, `${page} has ${address}`);
    }
  }
});

test("base path: what pages load is there, and so are the pages that they link to", async (t) => {
  const { browser } = await signedInBelow(t);
  const $ = load((await browser.get("/labels/").expect(200)).text);

  for (const element of $("[href], [src]").toArray()) {
    const address = String($(element).attr("href") ?? $(element).attr("src"));
    if (address.startsWith("/")) assert.ok((await browser.get(address)).status < 400, address);
  }
});

test("base path: redirects stay below it, whether the proxy takes it off or not", async (t) => {
  const { visitor, repositories } = await startApp(t, below);
  await repositories.users.create({ email, password });

  for (const prefix of ["/labels", ""]) {
    const redirect = await visitor().get(`${prefix}/people/?q=ada`).expect(302);
    assert.equal(redirect.headers.location, "/labels/user/login/?next=/people/%3Fq%3Dada");
    const answer = await logIn(visitor(), { email, password, next: "/people/" }, `${prefix}/user/login/`).expect(303);
    assert.equal(answer.headers.location, "/labels/people/");
    const out = await visitor().post(`${prefix}/logout`).expect(303);
    assert.equal(out.headers.location, "/labels/");
  }
});

test("base path: the first page is there with and without a slash behind it, and with a query", async (t) => {
  const { browser } = await signedInBelow(t);

  for (const address of ["/labels", "/labels/", "/labels?from=mail", "/labels/?from=mail"])
    assert.match((await browser.get(address).expect(200)).text, /<title>Home/, address);
});

test("base path: only the whole first part of an address is taken off", async (t) => {
  const { browser } = await signedInBelow(t);

  for (const address of ["/labelsandmore/people/", "/labels2", "/labels/labels/people/"])
    await browser.get(address).set("Accept", "text/html").expect(404);
});

test("base path: htmx leads who is signed out to log-in, and from there back to the same page", async (t) => {
  const { visitor, repositories } = await startApp(t, below);
  await repositories.users.create({ email, password });
  const browser = visitor();

  const answer = await browser
    .get("/labels/people/?q=a")
    .set({ "HX-Request": "true", "HX-Current-URL": "http://example.com/labels/people/?sort=-email" })
    .expect(204);
  const address = String(answer.headers["hx-redirect"]);
  assert.match(address, /^\/labels\/user\/login\//);
  const next = load((await browser.get(address).expect(200)).text)("input[name=next]").val();
  const after = await logIn(browser, { email, password, next: String(next) }, "/labels/user/login/");

  assert.equal(after.headers.location, "/labels/people/?sort=-email");
});

test("base path: the invitation's address is below it", async (t) => {
  const { browser, repositories } = await signedInBelow(t);
  const token = await repositories.organizations.inviteToken(1);

  const $ = load((await browser.get("/labels/people/invite")).text);

  assert.equal($("#invite_url").val(), `http://example.com/labels/user/signup/?token=${token}`);
});

test("base path: nobody is led out of it to another site (L5)", async (t) => {
  const { visitor, repositories } = await startApp(t, below);
  await repositories.users.create({ email, password });

  for (const next of ["//evil.example", "/\\evil.example", "http://evil.example/", "/../evil"]) {
    const { headers } = await logIn(visitor(), { email, password, next }, "/labels/user/login/").expect(303);
    assert.match(headers.location as string, /^\/labels\//, next);
  }
});

test("base path: a page to return to may be named with the path or without it", async (t) => {
  const { visitor, repositories } = await startApp(t, { ...below, logout_redirect_url: "/labels/user/login/" });
  await repositories.users.create({ email, password });

  for (const [next, location] of [
    ["/labels/people/", "/labels/people/"],
    ["/labels/people/?q=/labels/", "/labels/people/?q=/labels/"],
    ["/people/", "/labels/people/"],
    ["/labels", "/labels/"],
    ["/labels?a=1", "/labels/?a=1"],
    ["/labelsandmore/", "/labels/labelsandmore/"],
    ["/labels//evil.example/", "/labels/"],
    ["/labels/logout", "/labels/"],
    ["/labels/../labels/people/", "/labels/people/"],
  ] as const) {
    for (const prefix of ["/labels", ""]) {
      const browser = visitor();
      const { headers } = await logIn(browser, { email, password, next }, `${prefix}/user/login/`).expect(303);
      assert.equal(headers.location, location, next);
      const query = `?next=${encodeURIComponent(next)}`;
      const again = await browser.get(`/labels/user/login/${query}`).expect(302);
      assert.equal(again.headers.location, location, next);
      const member = await browser.get(`/labels/user/signup/${query}`).expect(302);
      assert.equal(member.headers.location, location, next);
      assert.equal((await browser.post("/labels/logout").expect(303)).headers.location, "/labels/user/login/");
    }
  }
});
