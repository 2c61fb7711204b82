import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../../src/common/timestamps.ts";
import { startApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { describedBy, read } from "../../support/pages.ts";

const page = "/organization/access";

test("sign-up and access: a new organization has personal tokens on for a year, and legacy ones off", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const rendered = read(await browser.get(page).expect(200));

  assert.notEqual(rendered("[name=api_tokens_enabled]").attr("checked"), undefined);
  assert.equal(rendered("[name=legacy_api_tokens_enabled]").attr("checked"), undefined);
  assert.equal(rendered("[name=api_token_ttl_days]").val(), "365");
});

test("sign-up and access: every member may change them, for everybody", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  await signedIn();
  const { browser } = await signedIn();

  const form = { legacy_api_tokens_enabled: "true", api_token_ttl_days: " 30 " };
  await browser.post(page).type("form").send(form).expect(303).expect("Location", page);

  const organization = await repositories.organizations.first();
  assert.equal(organization?.api_tokens_enabled, false);
  assert.equal(organization?.legacy_api_tokens_enabled, true);
  assert.equal(organization?.api_token_ttl_days, 30);
  const rendered = read(await browser.get(page));
  assert.equal(rendered("[name=api_tokens_enabled]").attr("checked"), undefined);
  assert.notEqual(rendered("[name=legacy_api_tokens_enabled]").attr("checked"), undefined);
  assert.match(rendered("#flash").text(), /Saved/);
});

test("sign-up and access: nothing else of the organization is taken (Z2)", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  const { updated_at: _, ...before } = await database("organizations").first();

  await browser
    .post(page)
    .type("form")
    .send({
      api_tokens_enabled: "true",
      api_token_ttl_days: "365",
      title: "Mine",
      created_by_id: "2",
      member_count: "9",
      id: "2",
    })
    .expect(303);

  const { updated_at: __, ...after } = await database("organizations").first();
  assert.deepEqual(after, before);
});

const badDays = ["", "0", "-1", "1.5", "1e3", "0x10", "ten", "٣", "73001", "9".repeat(40), "30 days"];

for (const days of badDays) {
  test(`sign-up and access: ${JSON.stringify(days.slice(0, 12))} is no number of days`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser } = await signedIn();

    const answer = await browser.post(page).type("form").send({ api_token_ttl_days: days });

    assert.equal(answer.status, 422);
    const rendered = read(answer);
    assert.match(describedBy(rendered, "api_token_ttl_days"), /Enter (a whole number|at (least|most))/);
    assert.equal(rendered("[name=api_token_ttl_days] option").length, 4, "what can be chosen");
    assert.equal((await repositories.organizations.first())?.api_token_ttl_days, 365);
    assert.equal((await repositories.organizations.first())?.api_tokens_enabled, true);
  });
}

for (const days of ["1", "73000"]) {
  test(`sign-up and access: ${days} is a number of days`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser } = await signedIn();

    await browser.post(page).type("form").send({ api_token_ttl_days: days }).expect(303);

    assert.equal((await repositories.organizations.first())?.api_token_ttl_days, Number(days));
  });
}

test("sign-up and access: a limit that was set by a script can stay, and centuries are called never", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  const limits = async () => {
    const rendered = read(await browser.get(page));
    const options = rendered("[name=api_token_ttl_days] option").toArray();
    return options.map((option) => `${String(rendered(option).val())} ${rendered(option).text()}`);
  };

  assert.deepEqual(await limits(), ["30 30 days", "90 90 days", "365 1 year", "73000 Never"]);
  const settings = { api_tokens_enabled: true, legacy_api_tokens_enabled: false, api_token_ttl_days: 400 };
  await repositories.organizations.update(1, settings);

  assert.ok((await limits()).includes("400 400 days"));
  assert.equal(read(await browser.get(page))("[name=api_token_ttl_days]").val(), "400");
});

test("sign-up and access: the page says whether sign-up is open, and how to close it", async (t) => {
  const open = await startApp(t);
  const closed = await startApp(t, { disable_signup_without_link: true });
  const text = async ({ signedIn }: TestApp) => read(await (await signedIn()).browser.get(page))("main").text();

  assert.match(await text(open), /Sign-up is open.*Only by invitation/s);
  assert.match(await text(closed), /Set by the server’s configuration.*LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK/s);
});

test("sign-up and access: every member may change how long sessions last, and a shorter one ends open ones", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const other = await signedIn();
  const { browser } = await signedIn();
  const form = { api_tokens_enabled: "true", api_token_ttl_days: "365" };
  const selected = async () => {
    const rendered = read(await browser.get(page));
    return [rendered("[name=max_time_between_activity]").val(), rendered("[name=max_session_age]").val()];
  };

  assert.deepEqual(await selected(), ["4320", "11520"]);
  await browser.post(page).type("form").send(form).expect(303);
  assert.equal((await repositories.organizations.first())?.session_policy_updated_at, null, "nothing was changed");
  const policy = { max_time_between_activity: "1440", max_session_age: "4320" };
  await browser
    .post(page)
    .type("form")
    .send({ ...form, ...policy })
    .expect(303);

  assert.deepEqual(await selected(), ["1440", "4320"]);
  await database("sessions")
    .where({ user_id: other.user.id })
    .update({ last_seen_at: minutesFromNow(-1500) });
  await other.browser.get("/people/").expect(302);
});

for (const minutes of ["", "0", "43201", "1.5", "ten", "-1"]) {
  test(`sign-up and access: ${JSON.stringify(minutes)} minutes are no length of a session`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser } = await signedIn();

    const answer = await browser.post(page).type("form").send({ api_token_ttl_days: "30", max_session_age: minutes });

    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), "max_session_age"), /Choose /);
    assert.equal((await repositories.organizations.first())?.api_token_ttl_days, 365);
  });
}

test("sign-up and access: without a number of days nothing is changed", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();

  const answer = await browser.post(page).type("form").send({ legacy_api_tokens_enabled: "true" });

  assert.equal(answer.status, 422);
  assert.match(describedBy(read(answer), "api_token_ttl_days"), /Enter a number of days\./);
  assert.notEqual(read(answer)("[name=legacy_api_tokens_enabled]").attr("checked"), undefined);
  assert.equal((await repositories.organizations.first())?.legacy_api_tokens_enabled, false);
});

test("sign-up and access: what was changed is recorded by its name, and what stays is not (G1)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  const save = async (fields: object) => {
    const before = await repositories.events.list({ group: "organization", limit: 9 });
    const form = { api_tokens_enabled: "true", api_token_ttl_days: "365", ...fields };
    await browser.post(page).type("form").send(form).expect(303);
    const after = await repositories.events.list({ group: "organization", limit: 9 });
    return after.slice(0, after.length - before.length).map(({ name, actor_id, details }) => {
      assert.equal(actor_id, user.id);
      return [name, details];
    });
  };

  assert.deepEqual(await save({}), []);
  assert.deepEqual(await save({ api_token_ttl_days: "30" }), [["token_settings_changed", { api_token_ttl_days: 30 }]]);
  assert.deepEqual(await save({ api_token_ttl_days: "30", max_session_age: "1440" }), [
    ["session_policy_changed", { max_session_age: 1440 }],
  ]);
  assert.deepEqual(await save({ api_token_ttl_days: "30", max_session_age: "1440" }), []);
});
