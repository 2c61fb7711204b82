import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { startApp } from "../support/app.ts";
import { breakChanges } from "../support/broken.ts";
import { read } from "../support/pages.ts";

test("errors: an address where nothing is gets a page that says so, signed in or not", async (t) => {
  const { signedIn, visitor } = await startApp(t);
  const { browser } = await signedIn();

  for (const address of ["/nothing-here", "/people/1/secrets", "/user/", "/%", "/%E0%A4%A", "/people/%E0%A4%A"]) {
    for (const answer of [await browser.get(address), await visitor().get(address)]) {
      if (answer.status === 302) continue;
      assert.equal(answer.status, 404, address);
      assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
      assert.equal(read(answer)("h1").text(), "This page doesn’t exist");
    }
  }
});

const methods: { method: "post" | "put" | "delete" | "patch"; address: string; allow: string[] }[] = [
  { method: "delete", address: "/people/", allow: ["GET", "HEAD"] },
  { method: "post", address: "/people/1", allow: ["GET", "HEAD"] },
  { method: "put", address: "/user/signup/", allow: ["GET", "HEAD", "POST"] },
  { method: "patch", address: "/user/account/", allow: ["GET", "HEAD", "POST"] },
  { method: "post", address: "/health", allow: ["GET", "HEAD"] },
  { method: "delete", address: "/people/invite", allow: ["GET", "HEAD", "POST"] },
];

for (const { method, address, allow } of methods) {
  test(`errors: ${method.toUpperCase()} ${address} is 405, and says what is allowed (Z4)`, async (t) => {
    const { signedIn, visitor } = await startApp(t);
    const { browser } = await signedIn();

    for (const answer of [await browser[method](address), await visitor()[method](address)]) {
      assert.equal(answer.status, 405);
      assert.deepEqual(answer.headers.allow?.split(", ").sort(), allow);
      assert.equal(read(answer)("h1").text(), "This can’t be done here");
    }
  });
}

/** More than the 64 KB that a form may have. */
const largeForm = `first_name=${"a".repeat(70_000)}`;

test("errors: a form that is too large is refused (Z5)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();

  const answer = await browser.post("/user/account/").type("form").send(largeForm);

  assert.equal(answer.status, 413);
  assert.equal(read(answer)("h1").text(), "This is too large");
  assert.match(read(answer)("main").text(), /A form may have 64 KB, and this one has 69 KB\. Nothing was changed\./);
  assert.equal((await repositories.users.find(user.id))?.first_name, "");
});

const malformed: { what: string; type: string; body: string; encoding?: string }[] = [
  { what: "broken JSON", type: "application/json", body: '{"email": ' },
  { what: "JSON that is no object", type: "application/json", body: '"text"' },
  { what: "broken percent signs", type: "application/x-www-form-urlencoded", body: "email=%E0%A4%A&password=%" },
  { what: "thousands of fields", type: "application/x-www-form-urlencoded", body: "a&".repeat(20_000) },
  { what: "deep brackets", type: "application/x-www-form-urlencoded", body: `email${"[a]".repeat(5000)}=1` },
  { what: "an unknown charset", type: "application/x-www-form-urlencoded; charset=klingon", body: "email=a" },
  { what: "no type", type: "", body: "email=a" },
  { what: "another type", type: "text/plain", body: "email=a" },
  { what: "an unknown encoding", type: "application/x-www-form-urlencoded", body: "email=a", encoding: "klingon" },
];

for (const { what, type, body, encoding = "identity" } of malformed) {
  test(`errors: a form of ${what} is the sender's mistake, not ours (Z5)`, async (t) => {
    const { visitor, logged } = await startApp(t);

    const answer = await visitor()
      .post("/user/signup/")
      .set("Content-Type", type)
      .set("Content-Encoding", encoding)
      .serialize(String)
      .send(body);

    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
    assert.doesNotMatch(read(answer)("main").text(), /on our side/);
    assert.doesNotMatch(logged.join("\n"), /"level":"error"/);
  });
}

const forms = [
  "/user/signup/",
  "/user/login/",
  "/user/account/",
  "/user/account/email-preferences",
  "/user/account/personal-access-token",
  "/user/account/password",
  "/user/account/sessions/delete",
  "/organization/access",
];

const strange: { what: string; type: "form" | "json"; body: string }[] = [
  { what: "a list", type: "json", body: "[]" },
  { what: "a list of lists", type: "json", body: "[[1]]" },
  { what: "objects that can't be printed", type: "json", body: object({ toString: 1, valueOf: 1 }) },
  { what: "numbers", type: "json", body: object(7) },
  { what: "null", type: "json", body: object(null) },
  { what: "lists", type: "json", body: object(["a", "b"]) },
  { what: "prototypes", type: "json", body: '{"__proto__":{"email":"x","admin":true},"constructor":{"prototype":{}}}' },
  {
    what: "prototypes",
    type: "form",
    body: "__proto__[admin]=1&constructor[prototype][admin]=1&email[__proto__][x]=1",
  },
  {
    what: "repeated fields",
    type: "form",
    body: "email=a&email=b&password=c&password=d&name=e&name=f&first_name=1&first_name=2",
  },
  { what: "brackets", type: "form", body: "email[a]=b&password[]=c&name[toString]=d&first_name[x][y]=z" },
];

for (const { what, type, body } of strange) {
  test(`errors: ${what} in a ${type} do no harm to any form (Z5)`, async (t) => {
    const { signedIn, visitor } = await startApp(t);
    const { browser } = await signedIn();

    for (const address of forms) {
      const sender = address.startsWith("/user/account/") ? browser : visitor();
      const answer = await sender.post(address).type(type).serialize(String).send(body);
      assert.ok(answer.status < 500, `${address}: ${answer.status}`);
    }
    assert.equal(({} as { admin?: unknown }).admin, undefined);
  });
}

/** Every field that a form here has, with this in it. */
function object(value: unknown): string {
  const names = ["email", "password", "first_name", "last_name", "phone", "name", "allow_newsletters", "next"];
  const more = ["current_password", "new_password", "session", "api_token_ttl_days", "persist_session"];
  return JSON.stringify(Object.fromEntries([...names, ...more].map((name) => [name, value])));
}

test("errors: when something breaks on our side the page tells nothing, and the log all (Z4)", async (t) => {
  const { signedIn, database, logged } = await startApp(t);
  const { browser } = await signedIn();
  await database.schema.dropTable("personal_tokens");

  const answer = await browser.get("/user/account/personal-access-token");

  assert.equal(answer.status, 500);
  assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
  assert.equal(read(answer)("h1").text(), "Something broke on our side");
  assert.doesNotMatch(answer.text, /personal_tokens|SQLITE|select|node_modules|\.ts|at .*:\d+/);
  assert.match(logged.join("\n"), /no such table: personal_tokens|personal_tokens.+does not exist/);
});

test("errors: when sessions can't be read the page still says that it is our fault (Z4)", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  await database.schema.dropTable("sessions");

  const answer = await browser.get("/people/");

  assert.equal(answer.status, 500);
  assert.match(answer.text, /on our side/);
  assert.doesNotMatch(answer.text, /SQLITE|node_modules/);
});

test("errors: an error page carries the headers of every page (H1, H2, H4)", async (t) => {
  const { visitor, database } = await startApp(t);
  await database.schema.dropTable("avatars");

  for (const address of ["/nothing-here", "/user/signup/?token=wrong", "/data/avatars/x.png"]) {
    const { headers, status } = await visitor().get(address);
    assert.ok(status >= 400);
    assert.match(headers["content-security-policy"] ?? "", /default-src 'none'/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cache-control"], "no-store");
  }
});

test("errors: a failure of ours is found in the log by the id that the page and the header say", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  await breakChanges(app.database, "update", "users");

  const answer = await browser.post("/user/account/").type("form").send({ first_name: "Ada" }).expect(500);

  const id = answer.headers["x-request-id"] ?? "";
  assert.match(id, /^[\da-f-]{36}$/);
  assert.ok(load(answer.text)("main").text().includes(id));
  const lines = app.logged.filter((line) => line.includes("request failed"));
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { request: string }).request),
    [id],
  );
});

test("errors: the id of the API's errors is that of the request", async (t) => {
  const { request } = await startApp(t);

  const answer = await request().get("/api/users/").expect(401);

  assert.equal(answer.body.id, answer.headers["x-request-id"]);
  assert.notEqual((await request().get("/api/users/")).headers["x-request-id"], answer.body.id);
});

test("errors: the page leads on: to log-in, back to the form, or to where one can start", async (t) => {
  const { signedIn, visitor } = await startApp(t, { base_path: "/labels" });
  const { browser } = await signedIn();
  const here = new URL((await browser.get("/labels/people/")).request.url).origin;
  const ways = (answer: { text: string }) => {
    const page = read(answer);
    const links = page("main .button").toArray();
    return links.map((link) => `${page(link).text()} ${page(link).attr("href")}`);
  };
  const large = (referer: string) =>
    browser.post("/labels/user/account/").set("Referer", referer).type("form").send(largeForm).expect(413);

  assert.deepEqual(ways(await visitor().get("/labels/version/nothing").expect(404)), ["Log in /labels/user/login/"]);
  assert.deepEqual(ways(await browser.get("/labels/nothing").expect(404)), [
    "Home /labels/",
    "Projects /labels/projects/",
  ]);
  assert.deepEqual(ways(await large(`${here}/labels/user/account/?x=1`)), [
    "Back /labels/user/account/?x=1",
    "Home /labels/",
  ]);
  assert.deepEqual(ways(await large("http://evil.example/a")), ["Home /labels/", "Projects /labels/projects/"]);
});

test("errors: what may pass is tried again at the same address", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  await database.schema.dropTable("personal_tokens");

  const page = read(await browser.get("/user/account/personal-access-token?a=1").expect(500));

  assert.equal(page("main .button").text(), "Try again");
  assert.equal(page("main .button").attr("href"), "/user/account/personal-access-token?a=1");
});
