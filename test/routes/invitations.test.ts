import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow, minutesFromNow } from "../../src/common/timestamps.ts";
import { password, startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { signUp } from "../support/forms.ts";
import { addInvitation } from "../support/invitations.ts";
import { describedBy, read } from "../support/pages.ts";

const links = "/people/invite/links";

function make(browser: Browser, fields: Record<string, string> = {}) {
  return browser
    .post(links)
    .type("form")
    .send({ note: "", only_for: "", days: "7", uses: "1", ...fields });
}

test("invitations: a link with limits is shown once, lets its people in, and later is known by its last letters (R1, R7)", async (t) => {
  const { signedIn, visitor, database } = await startApp(t, { disable_signup_without_link: true });
  const { browser } = await signedIn({ email: "ada@example.com" });

  const answer = await make(browser, { note: " Night shift ", uses: "2" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["cache-control"], "no-store");
  const made = read(answer);
  assert.match(made(".shown-once").text(), /Night shift.*Shown only now/s);
  const { pathname, search, searchParams } = new URL(String(made("#new_link").val()));
  const token = searchParams.get("token") ?? "";
  assert.match(token, /^[\w-]{43}$/);
  for (const name of ["ben", "cleo"])
    await signUp(visitor(), { email: `${name}@example.com`, password, name }, pathname + search).expect(303);
  await signUp(visitor(), { email: "dora@example.com", password }, pathname + search).expect(403);

  const later = await browser.get("/people/invite").expect(200);
  assert.ok(!later.text.includes(token));
  const row = read(later)("table.invitations tbody tr").first();
  assert.match(row.text(), /Night shift\s+Used up/);
  assert.ok(row.text().includes(`Ends in ${token.slice(-4)}`));
  assert.match(row.text(), /by ada@example\.com/);
  assert.match(row.text(), /2 of 2/);
  assert.deepEqual(
    row
      .find(".avatars .visually-hidden")
      .toArray()
      .map((each) => read(later)(each).text())
      .sort(),
    ["ben", "cleo"],
  );
  assert.equal(row.find("button").length, 0);
  assert.equal((await database("invitations").first()).note, "Night shift");
});

test("invitations: a form that is sent twice makes one link and shows it again, a changed one makes another", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const { browser } = await signedIn();
  const form_key = String(read(await browser.get("/people/invite"))("[name=form_key]").val());
  const linkOf = async (fields: Record<string, string>) =>
    read(await make(browser, { form_key, ...fields }))("#new_link").val();

  const [first, second] = await Promise.all([linkOf({}), linkOf({})]);
  assert.equal(first, second);
  assert.equal(await repositories.invitations.count(), 1);
  assert.notEqual(await linkOf({ note: "others" }), first);
  assert.equal(await repositories.invitations.count(), 2);

  await database("invitations").update({ created_at: minutesFromNow(-2) });
  await make(browser, { form_key }).expect(303).expect("Location", "/people/invite");
  assert.equal(await repositories.invitations.count(), 2);
});

test("invitations: without limits that are chosen, one is for one person within a week", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser, user } = await signedIn();

  await browser.post(links).type("form").send({}).expect(200);

  const {
    id: _,
    digest: __,
    created_at,
    last_four: ___,
    expires_at,
    ...stored
  } = await database("invitations").first();
  assert.deepEqual(stored, {
    note: "",
    email: "",
    domain: "",
    max_uses: 1,
    uses: 0,
    revoked_at: null,
    created_by_id: user.id,
  });
  assert.equal(Math.round((Date.parse(expires_at) - Date.parse(created_at)) / 86_400_000), 7);
});

for (const [only_for, expected] of [
  [" Ann@Example.com ", { email: "ann@example.com", domain: "" }],
  ["@Harbor.Example", { email: "", domain: "harbor.example" }],
  ["harbor.example", { email: "", domain: "harbor.example" }],
] as const) {
  test(`invitations: ${JSON.stringify(only_for)} is whom one is for, without an end or a number`, async (t) => {
    const { signedIn, database } = await startApp(t);
    const { browser } = await signedIn();

    await make(browser, { only_for, days: "never", uses: "any" }).expect(200);

    const { email, domain, expires_at, max_uses } = await database("invitations").first();
    assert.deepEqual({ email, domain, expires_at, max_uses }, { ...expected, expires_at: null, max_uses: null });
  });
}

const refusals = [
  { field: "note", value: "n".repeat(201), says: /Use at most 200 characters/ },
  { field: "only_for", value: "nobody", says: /Enter an email like ann@example\.com, or a domain like example\.com/ },
  { field: "only_for", value: "a b@example.com", says: /Enter an email like/ },
  { field: "days", value: "0", says: /Choose 1 to 3650 days, or never/ },
  { field: "days", value: "3651", says: /Choose 1 to 3650 days/ },
  { field: "days", value: "soon", says: /Choose 1 to 3650 days/ },
  { field: "uses", value: "-1", says: /Choose 1 to 100,000 people, or any/ },
  { field: "uses", value: "100001", says: /Choose 1 to 100,000 people/ },
];

for (const { field, value, says } of refusals) {
  test(`invitations: ${field} can't be ${JSON.stringify(value.slice(0, 20))}, and what was typed stays`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser } = await signedIn();

    const answer = await make(browser, { note: "spring", [field]: value });

    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), field), says);
    assert.equal(read(answer)("[name=note]").val(), field === "note" ? value : "spring");
    assert.equal(await repositories.invitations.count(), 0);
  });
}

test("invitations: nobody is invited who couldn't join because of the organization's domains", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  const settings = { signup_policy: "link_and_domains", signup_domains: "harbor.example" } as const;
  await repositories.organizations.update(1, settings);

  for (const only_for of ["ann@example.com", "example.com"]) {
    const answer = await make(browser, { only_for });
    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), "only_for"), /can’t join here/);
  }
  await make(browser, { only_for: "ann@harbor.example" }).expect(200);
  await make(browser, { only_for: "harbor.example" }).expect(200);
});

test("invitations: every member revokes any of them, after a question; it stays in the list and is recorded (G1)", async (t) => {
  const app = await startApp(t, { disable_signup_without_link: true });
  const ada = await app.signedIn({ email: "ada@example.com" });
  const ben = await app.signedIn({ email: "ben@example.com" });
  const { id, address } = await addInvitation(app, { note: "spring", created_by_id: ada.user.id });
  await app.visitor().get(address).expect(200);

  const page = read(await ben.browser.get("/people/invite"));
  assert.match(page(`#revoke-${id}`).text(), /Revoke “spring”\?.*Nobody joins by it any more/s);
  const action = page(`#revoke-${id} form`).attr("action") ?? "";
  await ben.browser.post(action).expect(303).expect("Location", "/people/invite");

  assert.equal(read(await app.visitor().get(address).expect(403))("h1").text(), "This link was revoked");
  const after = read(await ben.browser.get("/people/invite"));
  assert.match(after("#flash").text(), /“spring” revoked/);
  assert.match(after("table.invitations").text(), /spring\s+Revoked/);
  await ben.browser.post(action).expect(303);
  await ben.browser.post(`${links}/99/revoke`).expect(404);
  const recorded = await app.repositories.events.list({ group: "people", limit: 9 });
  const revocations = recorded.filter(({ name }) => name === "invitation_revoked");
  assert.deepEqual(
    revocations.map(({ actor_id, details }) => [actor_id, details]),
    [[ben.user.id, { name: "spring", invitation: id }]],
  );
});

test("invitations: making one is recorded, and no token is in the log or the record (T9, G1)", async (t) => {
  const { signedIn, repositories, logged } = await startApp(t);
  const { browser, user } = await signedIn();

  const link = String(read(await make(browser, { note: "spring" }))("#new_link").val());

  const [event] = await repositories.events.list({ group: "people", limit: 1 });
  assert.deepEqual(
    [event?.name, event?.actor_id, event?.details],
    ["invitation_created", user.id, { name: "spring", invitation: 1 }],
  );
  const token = new URL(link).searchParams.get("token") ?? "none";
  assert.ok(!JSON.stringify([event, logged]).includes(token));
});

test("invitations: the list has pages, newest first, and says which are over", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  for (let number = 1; number <= 25; number++)
    await addInvitation(app, {
      note: `link ${number}`,
      expires_at: number === 25 ? daysFromNow(-1) : null,
      max_uses: null,
    });

  const first = read(await browser.get("/people/invite").expect(200));
  const rows = first("table.invitations tbody tr");
  assert.equal(rows.length, 20);
  assert.match(rows.first().text(), /link 25\s+Expired/);
  assert.match(rows.last().text(), /link 6\b.*Never/s);
  assert.match(first(".pager").text(), /1–20 of 25/);
  const next = first('.pager a[rel="next"]').attr("href") ?? "";
  const second = read(await browser.get(`/people/invite${next}`).expect(200));
  assert.equal(second("table.invitations tbody tr").length, 5);
  assert.match(second(".pager").text(), /21–25 of 25/);
  for (const page of ["0", "x", "99999999999"]) await browser.get(`/people/invite?page=${page}`).expect(200);
  assert.match(read(await browser.get("/people/invite?page=9"))("main").text(), /There are none on this page/);
});

test("invitations: a link comes with a QR code of this server's making, which needs no script, style or other host", async (t) => {
  const { signedIn } = await startApp(t, { host: new URL("http://labels.example.com:9000") });
  const { browser } = await signedIn();

  const page = read(await browser.get("/people/invite").set("Host", "labels.example.com:9000"));

  const svg = page("#invite .qr-code svg");
  assert.equal(svg.length, 1);
  assert.equal(svg.find("[style], script, image, use, a").length, 0);
  const file = page("#invite a[download]").attr("href") ?? "";
  const stored = decodeURIComponent(file.replace("data:image/svg+xml,", ""));
  assert.match(stored, /^<svg /);
  assert.ok(stored.includes(svg.find("path").last().attr("d") ?? "none"));
  const mail = page('#invite a[href^="mailto:"]').attr("href") ?? "";
  assert.ok(decodeURIComponent(mail).includes(String(page("#invite_url").val())));
});
