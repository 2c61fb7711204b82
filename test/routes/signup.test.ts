import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";

test("sign-up: the first person owns the organization and is signed in", async (t) => {
  const { visitor, repositories } = await startApp(t);
  const browser = visitor();

  const answer = await browser.post("/user/signup/").type("form").send({ email: "Ada@Example.com", password });

  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, "/");
  const ada = await repositories.users.findByEmail("ada@example.com");
  assert.equal(ada?.email, "ada@example.com");
  assert.equal((await repositories.organizations.first())?.created_by_id, ada?.id);
  await browser.get("/people/").expect(200);
});
