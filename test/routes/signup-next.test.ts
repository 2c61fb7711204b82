import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";
import { read } from "../support/pages.ts";

const elsewhere = [
  "http://evil.example/",
  "//evil.example/",
  "/\\evil.example/",
  "https:evil.example",
  "javascript:alert(1)",
  "/\t/evil.example/",
  "/\n/evil.example/",
  "/.//evil.example/",
  "/people/..//evil.example/",
  "/%2e//evil.example/",
  "user@evil.example",
];

for (const next of elsewhere) {
  test(`sign-up: next=${JSON.stringify(next)} leads nowhere but to a page of ours (L5)`, async (t) => {
    const { visitor } = await startApp(t);

    const answer = await visitor()
      .post(`/user/signup/?next=${encodeURIComponent(next)}`)
      .type("form")
      .send({ email: "ada@example.com", password });

    assert.equal(answer.status, 303);
    const target = new URL(answer.headers.location ?? "", "http://here.example");
    assert.equal(target.origin, "http://here.example");
  });
}

test("sign-up: a local next is followed", async (t) => {
  const { visitor } = await startApp(t);
  const form = { email: "ada@example.com", password };

  const answer = await visitor().post("/user/signup/?next=/people/%3Fq%3Dada").type("form").send(form);

  assert.equal(answer.headers.location, "/people/?q=ada");
});

test("sign-up: a next that is given twice counts as none", async (t) => {
  const { visitor } = await startApp(t);
  const form = { email: "ada@example.com", password };

  const answer = await visitor().post("/user/signup/?next=/people/&next=/projects/").type("form").send(form);

  assert.equal(answer.headers.location, "/");
});

test("sign-up: the form and the link to log in keep next", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password });

  const page = read(await visitor().get("/user/signup/?next=/people/%3Fq%3Dada"));

  const target = (address: string | undefined) =>
    new URL(address ?? "", "http://here.example").searchParams.get("next");
  assert.equal(target(page("main form").attr("action")), "/people/?q=ada");
  assert.equal(target(page('main a[href*="/user/login/"]').attr("href")), "/people/?q=ada");
});
