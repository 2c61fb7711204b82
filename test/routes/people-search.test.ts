import assert from "node:assert/strict";
import { test } from "node:test";

import { password, share, startApp } from "../support/app.ts";
import type { Browser, TestApp } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { emailsOf, lineOf, read } from "../support/pages.ts";

const team = [
  { email: "ada.lovelace@example.com", first_name: "Ada", last_name: "Lovelace" },
  { email: "zoe@example.org", first_name: "Zoë", last_name: "ÉLAN-Müller" },
  { email: "boris@example.org", first_name: "Борис", last_name: "О'Нил" },
  { email: "mei@example.org", first_name: "", last_name: "" },
];

async function startTeam(t: TestHooks): Promise<TestApp & { browser: Browser }> {
  const app = await startApp(t);
  for (const { email, ...names } of team) {
    const person = await app.repositories.users.create({ email, password });
    await app.repositories.users.update(person.id, { ...names, phone: "" });
  }
  const browser = app.visitor();
  await browser.post("/user/login/").type("form").send({ email: "mei@example.org", password }).expect(303);
  return { ...app, browser };
}

/** For those who change nothing but when people were last here. */
const sharedTeam = share(startTeam);

async function found(browser: Browser, query: Record<string, string>): Promise<string[]> {
  const page = read(await browser.get("/people/").query(query).expect(200));
  return emailsOf(page).map((email) => email.split("@")[0] ?? "");
}

const searches: Record<string, string[]> = {
  "": ["ada.lovelace", "boris", "mei", "zoe"],
  ada: ["ada.lovelace"],
  LOVE: ["ada.lovelace"],
  "ada love": ["ada.lovelace"],
  "lovelace ada": ["ada.lovelace"],
  "ada zoe": [],
  "ada.lovelace@example.com": ["ada.lovelace"],
  "ADA.Lovelace@EX": ["ada.lovelace"],
  "@example.org": ["boris", "mei", "zoe"],
  example: ["ada.lovelace", "boris", "mei", "zoe"],
  zoë: ["zoe"],
  ZOË: ["zoe"],
  élan: ["zoe"],
  MÜLL: ["zoe"],
  "élan-müller": ["zoe"],
  борис: ["boris"],
  БОР: ["boris"],
  "о'нил": ["boris"],
  ovelace: [],
  _da: [],
  "'; drop table users; --": [],
};

for (const [q, people] of Object.entries(searches)) {
  test(`people: searching for ${JSON.stringify(q)} finds ${people.join(", ") || "nobody"}`, async () => {
    const { browser } = await sharedTeam();

    assert.deepEqual(await found(browser, { q, sort: "email" }), people);
  });
}

test("people: a letter with its accent typed apart finds the same as the letter in one piece", async () => {
  const { browser } = await sharedTeam();

  assert.deepEqual(await found(browser, { q: "élan".normalize("NFD") }), ["zoe"]);
});

test("people: a search that finds nobody says so, and keeps what was typed", async () => {
  const { browser } = await sharedTeam();

  const page = read(await browser.get("/people/?q=%3Cb%3Enobody"));

  assert.match(page("#people").text(), /“<b>nobody”/);
  assert.equal(page("#q").val(), "<b>nobody");
  assert.equal(page('#people a[href="/people/"]').text(), "Show everyone");
});

test("people: somebody is found by a new name, and no longer by the old one", async (t) => {
  const { browser, repositories } = await startTeam(t);
  const ada = await repositories.users.findByEmail("ada.lovelace@example.com");
  assert.ok(ada);

  await repositories.users.update(ada.id, { first_name: "Augusta", last_name: "King", phone: "" });

  assert.deepEqual(await found(browser, { q: "king" }), ["ada.lovelace"]);
  assert.deepEqual(await found(browser, { q: "ada love", sort: "-email" }), ["ada.lovelace"], "by the email still");
  assert.deepEqual(await found(browser, { q: "augusta lovelace king" }), ["ada.lovelace"]);
});

const orders: Record<string, string[]> = {
  email: ["ada.lovelace", "boris", "mei", "zoe"],
  "-email": ["zoe", "mei", "boris", "ada.lovelace"],
  sort_name: ["ada.lovelace", "mei", "zoe", "boris"],
  "-sort_name": ["boris", "zoe", "mei", "ada.lovelace"],
  last_activity: ["ada.lovelace", "zoe", "boris", "mei"],
  "-last_activity": ["mei", "boris", "zoe", "ada.lovelace"],
  date_joined: ["ada.lovelace", "zoe", "boris", "mei"],
  "-date_joined": ["mei", "boris", "zoe", "ada.lovelace"],
  password: ["ada.lovelace", "mei", "zoe", "boris"],
};

for (const [sort, people] of Object.entries(orders)) {
  test(`people: sort=${sort} lists ${people.join(", ")} (Z3)`, async () => {
    const { browser, database } = await sharedTeam();
    for (const [index, { email }] of team.entries()) {
      const last_seen_at = `2026-11-0${index + 1}T00:00:00.000000Z`;
      await database("users").where({ email }).update({ last_seen_at });
    }

    assert.deepEqual(await found(browser, { sort }), people);
  });
}

test("people: a heading says how the list is sorted, and turns it round while the search is kept", async () => {
  const { browser } = await sharedTeam();

  const up = read(await browser.get("/people/?q=example&sort=sort_name"));
  assert.equal(up("th[aria-sort]").text().trim(), "Name");
  assert.equal(up("th[aria-sort]").attr("aria-sort"), "ascending");
  const address = new URL(up("#sort-sort_name").attr("href") ?? "", "http://here.example/people/");
  assert.equal(address.search, "?q=example&sort=-sort_name");

  const down = read(await browser.get(address.pathname + address.search));
  assert.equal(down("th[aria-sort]").attr("aria-sort"), "descending");
});

test("people: a search says how many match, of how many, and in which filter", async (t) => {
  const { browser, repositories } = await startTeam(t);
  await repositories.users.create({ email: "never@example.org" });

  const line = async (address: string) => lineOf(read(await browser.get(address))("#matches span"));

  assert.equal(await line("/people/?q=example.org"), "4 of 5 match “example.org” in Everyone");
  assert.equal(await line("/people/?q=ada&show=never"), "1 of 4 match “ada” in Never logged in");
  assert.equal(await line("/people/?q=nobody"), "0 of 5 match “nobody” in Everyone");
  assert.equal(await line("/people/"), "");
});

test("people: the filters show the owner, or who never logged in, and keep the search", async (t) => {
  const { browser, repositories } = await startTeam(t);
  await repositories.users.create({ email: "never@example.org" });

  const page = read(await browser.get("/people/?q=example&sort=-email"));
  const pills = page(".pills a").toArray();
  assert.deepEqual(
    pills.map((pill) => [page(pill).text().trim(), page(pill).attr("href"), page(pill).attr("aria-current")]),
    [
      ["Everyone 5", "?q=example&sort=-email", "true"],
      ["Owner 1", "?q=example&show=owner&sort=-email", undefined],
      ["Never logged in 4", "?q=example&show=never&sort=-email", undefined],
    ],
  );
  assert.deepEqual(await found(browser, { show: "owner" }), ["ada.lovelace"]);
  assert.deepEqual(await found(browser, { show: "never", sort: "email" }), ["ada.lovelace", "boris", "never", "zoe"]);
  assert.deepEqual(await found(browser, { show: "never", q: "never" }), ["never"]);
});
