import assert from "node:assert/strict";
import { test } from "node:test";

import { password, share, startApp } from "../support/app.ts";
import type { Browser, TestApp } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { addMembers } from "../support/many-people.ts";
import { emailsOf, read } from "../support/pages.ts";

/** More people than two pages hold; ten have the same name, and all were last here at the same moment. */
async function startCrowd(t: TestHooks): Promise<TestApp & { browser: Browser; emails: string[] }> {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email: "person000@example.com" });
  for (let number = 1; number < 120; number++) {
    const email = `person${String(number).padStart(3, "0")}@example.com`;
    const person = await app.repositories.users.create({ email });
    if (number % 2 === 0) continue;
    await app.repositories.users.update(person.id, { first_name: `Name ${number % 10}`, last_name: "", phone: "" });
  }
  await app.database("users").update({ last_seen_at: "2026-11-01T00:00:00.000000Z" });
  return { ...app, browser, emails: await app.database("users").orderBy("email").pluck("email") };
}

/** For those who only read. */
const crowd = share(startCrowd);

/** The people of each page, from an address on, as long as there is a link of this kind. */
async function walk(browser: Browser, address: string, rel: "next" | "prev") {
  const pages: string[][] = [];
  const addresses: string[] = [];
  for (let next: string | undefined = address; next && pages.length < 10;) {
    const page = read(await browser.get(next).expect(200));
    pages.push(emailsOf(page));
    addresses.push(next);
    const href = page(`a[rel=${rel}]`).attr("href");
    next = href && `/people/${href}`;
  }
  return { pages, addresses, last: addresses.at(-1) ?? address };
}

const sorts = [
  "email",
  "-email",
  "sort_name",
  "-sort_name",
  "date_joined",
  "-date_joined",
  "last_activity",
  "-last_activity",
];

for (const sort of sorts) {
  test(`people: all pages by ${sort}, there and back, show everyone exactly once`, async () => {
    const { browser, emails } = await crowd();

    const there = await walk(browser, `/people/?sort=${sort}`, "next");
    const back = await walk(browser, there.last, "prev");

    assert.deepEqual(
      there.pages.map((page) => page.length),
      [50, 50, 20],
    );
    assert.deepEqual(there.pages.flat().sort(), emails);
    assert.deepEqual(back.pages.toReversed(), there.pages);
  });
}

test("people: pages keep the search", async () => {
  const { browser, emails } = await crowd();

  const { pages } = await walk(browser, "/people/?q=person0&sort=email", "next");

  assert.deepEqual(
    pages.flat(),
    emails.filter((email) => email.startsWith("person0")),
  );
  assert.equal(pages.length, 2);
});

test("people: someone who joins while one reads does not move the pages", async (t) => {
  const { database, repositories, signedIn } = await startApp(t);
  const { browser } = await signedIn({ email: "person1@example.com" });
  await addMembers(database, 60);
  const emails = await database("users").orderBy("email").pluck("email");
  const first = read(await browser.get("/people/?sort=email"));

  await repositories.users.create({ email: "aaron@example.com", password });

  const second = read(await browser.get(`/people/${first("a[rel=next]").attr("href")}`));
  assert.equal(emailsOf(second)[0], emails[50]);
});

test("people: each page says which of how many it shows, there and back", async () => {
  const { browser } = await crowd();
  const range = async (address: string) => read(await browser.get(address))(".pager p").text();
  const ranges = ["1–50 of 120", "51–100 of 120", "101–120 of 120"];

  const there = await walk(browser, "/people/", "next");
  const back = await walk(browser, there.last, "prev");

  const shown = async (addresses: string[]) => {
    const texts = [];
    for (const address of addresses) texts.push(await range(address));
    return texts;
  };
  assert.deepEqual(await shown(there.addresses), ranges);
  assert.deepEqual(await shown(back.addresses), ranges.toReversed());
  const searched = await walk(browser, "/people/?q=person0", "next");
  assert.deepEqual(await shown(searched.addresses), ["1–50 of 100", "51–100 of 100"]);
});

test("people: a person's page leads back to the list as one saw it", async () => {
  const { browser } = await crowd();
  const parent = async (referer: string) =>
    read(await browser.get("/people/1").set("Referer", referer))(".heading-parent").attr("href");
  const here = (await browser.get("/people/")).request.url.replace(/\/people\/.*/, "");

  assert.equal(await parent(`${here}/people/?q=person0&sort=-email`), "/people/?q=person0&sort=-email");
  for (const other of ["", `${here}/projects/?q=x`, "http://evil.example/people/?q=x", "nonsense"])
    assert.equal(await parent(other), "/people/");
});

test("people: a first page that holds everyone has no pager", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const page = read(await browser.get("/people/"));

  assert.equal(page("a[rel]").length, 0);
});

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const cursors = {
  "that is empty": "",
  "that is no base64": "zzz%21",
  "of other text": Buffer.from("not json").toString("base64url"),
  "that is an object": encoded({ key: "person0", id: 1 }),
  "that is too short": encoded(["person0"]),
  "whose key is a number": encoded([5, 1]),
  "whose id is text": encoded(["person0", "1"]),
  "that is null": encoded(null),
};

const appOfAda = share(async (t) => (await startApp(t)).signedIn({ email: "ada@example.com" }));

for (const [what, cursor] of Object.entries(cursors)) {
  test(`people: a place in the list ${what} is ignored`, async () => {
    const { browser } = await appOfAda();

    for (const side of ["after", "before"]) {
      const answer = await browser.get(`/people/?${side}=${cursor}`);
      assert.equal(answer.status, 200);
      assert.match(answer.text, /ada@example\.com/);
    }
  });
}

test("people: parameters that are given twice, or that nobody knows, do no harm (Z5)", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn({ email: "ada@example.com" });

  const queries = ["q=a&q=b", "sort=email&sort=-email", "after=a&after=b", "__proto__=x", "constructor=x", "q[a]=b"];
  for (const query of queries) {
    const answer = await browser.get(`/people/?${query}`).expect(200);
    assert.match(answer.text, /ada@example\.com/);
  }
});
