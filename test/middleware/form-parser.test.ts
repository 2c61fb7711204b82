import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";

test("forms: a multipart form is refused where no image belongs, and counts as no failed log-in", async (t) => {
  const { visitor, database } = await startApp(t);

  const answer = await visitor().post("/user/login/").field("email", "ada@example.com").field("password", password);

  assert.equal(answer.status, 415);
  assert.deepEqual(await database("login_attempts"), []);
});

test("forms: a NUL is refused in an address and in a text, and nothing is changed (Z5)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();

  await browser.get("/people/%00").expect(400);
  await browser.get("/people/?q=a%00b").expect(400);
  await browser.post("/user/account/").type("form").send({ first_name: "A\0da", last_name: "L" }).expect(400);

  assert.deepEqual(await repositories.users.find(user.id), user);
});

test("personal info: name and image are saved together, and a refused image keeps what was typed", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();

  const answer = await browser
    .post("/user/account/")
    .field("first_name", "Ada")
    .field("last_name", "Lovelace")
    .attach("avatar", Buffer.alloc(1024 * 1024 + 1), "large.png");

  assert.equal(answer.status, 422);
  assert.match(answer.text, /larger than 1024 KB/);
  assert.match(answer.text, /value="Lovelace"/);
  assert.equal((await repositories.users.find(user.id))?.last_name, "");
});

test("password page: the current password is no new one", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const change = { current_password: password, new_password: password };
  const answer = await browser.post("/user/account/password").type("form").send(change);

  assert.equal(answer.status, 422);
  assert.match(answer.text, /This is your current password/);
});

test("log-out: what is sent afterwards is told to be lost, and log-in leads back to its page", async (t) => {
  const { visitor, signedIn } = await startApp(t);
  await signedIn();
  const browser = visitor();

  const answer = await browser
    .post("/user/account/email-preferences")
    .set({ Host: "labels.example.com", Referer: "http://labels.example.com/user/account/email-preferences" })
    .type("form")
    .send({ allow_newsletters: "true" });

  assert.equal(answer.headers.location, "/user/login/?next=/user/account/email-preferences&lost=1");
  assert.match((await browser.get(answer.headers.location)).text, /nothing was saved/);
});
