import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { randomToken } from "../../src/security/crypto.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { read } from "../support/pages.ts";

const form = { email: "ben@example.com", password };

/** A server with one person and an invitation. */
async function startTeam(t: TestContext, { closed }: { closed: boolean }): Promise<TestApp & { token: string }> {
  const app = await startApp(t, { disable_signup_without_link: closed });
  await app.repositories.users.create({ email: "ada@example.com", password });
  await app.repositories.organizations.update(1, { title: "Harbor Research" });
  return { ...app, token: await app.repositories.organizations.inviteToken(1) };
}

for (const closed of [false, true]) {
  const mode = closed ? "closed" : "open";

  test(`sign-up, ${mode}: an invitation says what one is invited to, and makes a member with a name`, async (t) => {
    const { visitor, token, repositories } = await startTeam(t, { closed });
    const browser = visitor();

    const page = read(await browser.get(`/user/signup/?token=${token}&next=/people/`).expect(200));
    assert.match(page("main").text(), /invited to join\s+Harbor Research/);
    const action = page("main form").attr("action") ?? "";
    const answer = await browser
      .post(action)
      .type("form")
      .send({ ...form, name: "Ben Bolt" });

    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, "/people/");
    assert.equal((await repositories.users.findByEmail(form.email))?.last_name, "Bolt");
    assert.equal((await repositories.organizations.first())?.member_count, 2);
  });

  test(`sign-up, ${mode}: looking at an invitation changes nothing`, async (t) => {
    const { visitor, token, repositories, database } = await startTeam(t, { closed });

    await visitor().get(`/user/signup/?token=${token}`).expect(200);

    assert.equal((await database("users")).length, 1);
    assert.equal(await repositories.organizations.inviteToken(1), token);
  });

  test(`sign-up, ${mode}: a wrong invitation is refused before anything is typed and after (R7)`, async (t) => {
    const { visitor, token, database } = await startTeam(t, { closed });

    for (const [wrong, says] of [
      ["wrong", /not complete/],
      [`${token}x`, /not complete/],
      [token.slice(0, -1), /not complete/],
      [randomToken(), /no longer works/],
      [randomToken(43), /no longer works/],
    ] as const) {
      const answer = await visitor().get(`/user/signup/?token=${wrong}`);
      assert.equal(answer.status, 403);
      assert.match(read(answer)("h1").text(), says);
      assert.equal(read(answer)('main a[href="/user/login/"]').text(), "Log in");
      assert.equal(read(answer)("form [name=password]").length, 0);
      await visitor().post(`/user/signup/?token=${wrong}`).type("form").send(form).expect(403);
    }
    assert.equal((await database("users")).length, 1);
  });

  test(`sign-up, ${mode}: an invitation that was reset meanwhile is refused (R7)`, async (t) => {
    const { visitor, token, repositories, database } = await startTeam(t, { closed });
    const browser = visitor();
    await browser.get(`/user/signup/?token=${token}`).expect(200);

    await repositories.organizations.resetInvite(1);

    await browser.post(`/user/signup/?token=${token}`).type("form").send(form).expect(403);
    await browser.get(`/user/signup/?token=${token}`).expect(403);
    assert.equal((await database("users")).length, 1);
  });

  test(`sign-up, ${mode}: after a typing error the invitation still counts`, async (t) => {
    const { visitor, token } = await startTeam(t, { closed });
    const browser = visitor();

    const refused = await browser
      .post(`/user/signup/?token=${token}`)
      .type("form")
      .send({ ...form, password: "1" });
    assert.equal(refused.status, 422);
    const page = read(refused);
    assert.match(page("main").text(), /invited to join\s+Harbor Research/);

    const action = page("main form").attr("action") ?? "";
    await browser.post(action).type("form").send(form).expect(303);
  });

  test(`sign-up, ${mode}: the address of an invitation is told to no other page, nor to the log (H5, T9)`, async (t) => {
    const { visitor, token, logged } = await startTeam(t, { closed });

    const answer = await visitor().get(`/user/signup/?token=${token}`);
    await visitor().post(`/user/signup/?token=${token}`).type("form").send(form);

    assert.equal(answer.headers["referrer-policy"], "no-referrer");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.doesNotMatch(logged.join("\n"), new RegExp(token));
  });
}

test("sign-up, closed: without an invitation it is refused, and says how to get one (R7)", async (t) => {
  const { visitor, database } = await startTeam(t, { closed: true });

  const answer = await visitor().get("/user/signup/");
  assert.equal(answer.status, 403);
  assert.match(read(answer)("main").text(), /invitation link/);
  assert.equal(read(answer)("form").length, 0);
  await visitor().get("/user/signup/?token=").expect(403);
  await visitor().post("/user/signup/").type("form").send(form).expect(403);
  await visitor().post("/user/signup/?token=").type("form").send(form).expect(403);
  assert.equal((await database("users")).length, 1);
});

test("sign-up, closed: an invitation in the form instead of the address opens nothing (R7)", async (t) => {
  const { visitor, token } = await startTeam(t, { closed: true });

  await visitor()
    .post("/user/signup/")
    .type("form")
    .send({ ...form, token })
    .expect(403);
});

test("sign-up: the log-in page leads to it while it is open, and not when it is closed", async (t) => {
  const open = await startTeam(t, { closed: false });
  const closed = await startTeam(t, { closed: true });
  const links = async ({ visitor }: TestApp) =>
    read(await visitor().get("/user/login/"))('a[href*="/user/signup/"]').length;

  assert.equal(await links(open), 1);
  assert.equal(await links(closed), 0);
});
