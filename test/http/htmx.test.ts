import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";

const fromHtmx = { "HX-Request": "true", "HX-Current-URL": "http://127.0.0.1/people/?q=ada&sort=-email" };

test("htmx: without a session the page that it asked from is left for log-in, and comes back", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password });

  for (const method of ["get", "post"] as const) {
    const answer = await visitor()[method]("/people/invite").set(fromHtmx);
    assert.equal(answer.status, 204);
    const lost = method === "post" ? "&lost=1" : "";
    assert.equal(answer.headers["hx-redirect"], `/user/login/?next=/people/%3Fq%3Dada%26sort%3D-email${lost}`);
    assert.equal(answer.headers.location, undefined);
  }
});

test("htmx: before there is any account the page is left for sign-up", async (t) => {
  const { visitor } = await startApp(t);

  const answer = await visitor().get("/people/").set(fromHtmx);

  assert.equal(answer.status, 204);
  assert.equal(answer.headers["hx-redirect"], "/user/signup/");
});

test("htmx: an address that can't be read leads to plain log-in", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email: "ada@example.com", password });

  for (const url of ["", "nonsense", "http://"]) {
    const answer = await visitor()
      .get("/people/")
      .set({ ...fromHtmx, "HX-Current-URL": url });
    assert.equal(answer.headers["hx-redirect"], "/user/login/");
  }
});

test("htmx: under a path, log-in leads back to the page under that path", async (t) => {
  const { visitor, repositories } = await startApp(t, { base_path: "/team" });
  await repositories.users.create({ email: "ada@example.com", password });
  const browser = visitor();

  const left = await browser
    .get("/team/people/")
    .set({ ...fromHtmx, "HX-Current-URL": "http://127.0.0.1/team/people/" });
  const address = new URL(left.headers["hx-redirect"] ?? "", "http://here.example");
  assert.equal(address.pathname, "/team/user/login/");
  const answer = await browser
    .post(address.pathname)
    .type("form")
    .send({ email: "ada@example.com", password, next: address.searchParams.get("next") });

  assert.equal(answer.headers.location, "/team/people/");
});

test("htmx: an error page replaces the whole content, whatever piece was asked for", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  await database.schema.dropTable("personal_tokens");

  const refused = [
    await browser.get("/nothing-here").set(fromHtmx),
    await browser.delete("/people/").set(fromHtmx),
    await browser.post("/people/invite").set(fromHtmx),
    await browser.get("/user/account/personal-access-token").set(fromHtmx),
  ];

  assert.deepEqual(
    refused.map(({ status }) => status),
    [404, 405, 409, 500],
  );
  for (const { headers } of refused) {
    assert.equal(headers["hx-retarget"], "main");
    assert.equal(headers["hx-reselect"], "main");
    assert.equal(headers["hx-reswap"], "outerHTML");
  }
});

test("htmx: a form with errors goes where it was asked for", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const answer = await browser
    .post("/user/account/personal-access-token")
    .set(fromHtmx)
    .type("form")
    .send({ name: "n".repeat(101) });

  assert.equal(answer.status, 422);
  assert.equal(answer.headers["hx-retarget"], undefined);
});
