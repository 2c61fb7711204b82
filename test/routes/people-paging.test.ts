import assert from "node:assert/strict";
import { test } from "node:test";

import { password, share, startApp } from "../support/app.ts";
import type { Browser, TestApp } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { addMembers } from "../support/many-people.ts";
import { read } from "../support/pages.ts";

const rows = 'tbody a[href^="/people/"]';

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
  await app.database("users").update({ last_activity: "2026-11-01T00:00:00.000000Z" });
  return { ...app, browser, emails: await app.database("users").orderBy("email").pluck("email") };
}

/** For those who only read. */
const crowd = share(startCrowd);

/** The people of each page, from an address on, as long as there is a link of this kind. */
async function walk(browser: Browser, address: string, rel: "next" | "prev") {
  const pages: string[][] = [];
  let last = address;
  for (let next: string | undefined = address; next && pages.length < 10;) {
    const page = read(await browser.get(next).expect(200));
    const links = page(rows).toArray();
    pages.push(links.map((link) => page(link).text()));
    last = next;
    const href = page(`a[rel=${rel}]`).attr("href");
    next = href && `/people/${href}`;
  }
  return { pages, last };
}

for (const sort of ["email", "-email", "sort_name", "-sort_name", "last_activity", "-last_activity"]) {
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

  const { pages } = await walk(browser, "/people/?q=person0", "next");

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
  const first = read(await browser.get("/people/"));

  await repositories.users.create({ email: "aaron@example.com", password });

  const second = read(await browser.get(`/people/${first("a[rel=next]").attr("href")}`));
  assert.equal(second(rows).first().text(), emails[50]);
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
