import assert from "node:assert/strict";
import { test } from "node:test";

import { settingsPages } from "../support/addresses.ts";
import { password, startApp } from "../support/app.ts";
import { read } from "../support/pages.ts";

const pages = [
  "/",
  "/projects/",
  "/people/",
  "/people",
  "/people/1",
  "/people/invite",
  "/organization/",
  "/organization",
  "/user/account/",
  "/user/account",
  "/user/account/personal-info",
  ...settingsPages,
  "/user/account/hotkeys",
];

test("first start: every page leads to sign-up, which says that the first account owns the organization", async (t) => {
  const { visitor } = await startApp(t);

  for (const page of [...pages, "/user/login/"]) {
    await visitor().get(page).expect(302).expect("Location", "/user/signup/");
  }
  const page = read(await visitor().get("/user/signup/").expect(200));
  assert.match(page("main").text(), /You’ll own the organization/);
});

test("first start, closed: sign-up says how to make the first account at the shell", async (t) => {
  const { visitor } = await startApp(t, { disable_signup_without_link: true });

  const answer = await visitor().get("/user/signup/");

  assert.equal(answer.status, 403);
  assert.match(read(answer)("main").text(), /label-studio start --username EMAIL/);
});

test("signed out: every page leads to log-in and back, with the slashes of next as they are", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password });

  for (const page of pages) {
    const location = page === "/" ? "/user/login/" : `/user/login/?next=${page}`;
    await visitor().get(page).expect(302).expect("Location", location);
  }
});

test("signed out: next keeps the query of the page that was asked for", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password });
  const browser = visitor();

  const { headers } = await browser.get("/people/?q=ada&sort=-email").expect(302);
  const next = new URL(headers.location ?? "", "http://here.example").searchParams.get("next");
  assert.equal(next, "/people/?q=ada&sort=-email");

  const page = read(await browser.get(headers.location ?? ""));
  const answer = await browser
    .post("/user/login/")
    .type("form")
    .send({ email: "ada@example.com", password, next: page("[name=next]").val() });
  assert.equal(answer.headers.location, "/people/?q=ada&sort=-email");
});
