import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { createLogger } from "../../src/common/logger.ts";
import { password, startApp } from "../support/app.ts";
import { breakChanges } from "../support/broken.ts";
import { onPostgres } from "../support/database.ts";
import type { TestApp } from "../support/app.ts";
import { sessionHeader } from "../support/cookies.ts";
import { exchangeBytes } from "../support/exchange-bytes.ts";
import { logIn, signUp } from "../support/forms.ts";
import { waitUntil } from "../support/wait-until.ts";

const email = "ada@example.com";
const new_password = "another battery staple";

function assertNotLogged({ logged }: TestApp, secrets: string[]): void {
  assert.ok(logged.length > 0, "the log is written");
  for (const secret of secrets) {
    assert.ok(secret.length >= 8, "each secret was really made");
    for (const spelling of [secret, encodeURIComponent(secret), secret.replaceAll(" ", "+")])
      for (const line of logged) assert.ok(!line.includes(spelling), `${secret} is in ${line}`);
  }
}

test("log: a person's whole life leaves no password, invitation, token or cookie in it (H5)", async (t) => {
  const app = await startApp(t, { enable_legacy_api_token: true });
  const owner = await app.repositories.users.create({
    email: "owner@example.com",
    password,
    legacy_api_tokens_enabled: true,
  });
  const invitation = await app.repositories.organizations.inviteToken(1);
  const signup = `/user/signup/?token=${invitation}`;
  const post = (address: string, fields: object) => browser.post(address).type("form").send(fields);
  const browser = app.visitor();

  await browser.get(signup).expect(200);
  await signUp(browser, { email: "nonsense", password }, signup).expect(422);
  const made = await signUp(browser, { email, password }, signup).expect(303);
  await browser.get("/people/invite").set("Referer", `http://127.0.0.1${signup}`).expect(200);
  const whole = load((await post("/user/account/personal-access-token", { name: "export" })).text)(
    "#whole_token",
  ).val();
  const legacy = [await app.repositories.legacyTokens.findByUser(owner.id + 1)];
  await post("/user/account/legacy-token", {}).expect(303);
  legacy.push(await app.repositories.legacyTokens.findByUser(owner.id + 1));
  await browser.get("/user/account/legacy-token").expect(200);
  await post("/user/account/password", { current_password: "wrong password", new_password }).expect(422);
  const changed = await post("/user/account/password", { current_password: password, new_password }).expect(303);
  await post("/logout", {}).expect(303);
  await logIn(browser, { email, password: "wrong password" }).expect(422);
  const again = await logIn(browser, { email, password: new_password }).expect(303);

  assertNotLogged(app, [
    password,
    new_password,
    "wrong password",
    invitation,
    String(whole),
    ...legacy.map((token) => token?.token ?? ""),
    ...[made, changed, again].map((answer) => sessionHeader(answer).slice("sessionid=".length)),
  ]);
});

test("log: an invitation is not in it, however the address was mistyped (H5)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email, password });
  const invitation = await app.repositories.organizations.inviteToken(1);

  for (const address of ["/user/signup", "/user/signup//", "/user/signin/", "/people/", "/"])
    await app.visitor().get(`${address}?token=${invitation}`);
  await app.visitor().post(`/user/signup/?token=${invitation}`).set("Sec-Fetch-Site", "cross-site").expect(403);
  await app
    .visitor()
    .post(`/user/signup/?token=${invitation}`)
    .set("Content-Encoding", "x")
    .type("form")
    .send("a=b")
    .expect(415);

  assertNotLogged(app, [invitation]);
});

test("log: a failure of ours is in it, without what was sent and what is kept (H5)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email, password });
  const invitation = await app.repositories.organizations.inviteToken(1);
  const cookie = sessionHeader(await logIn(app.visitor(), { email, password }));
  const [{ password: hash }] = await app.database("users");

  await breakChanges(app.database, "update", "users");
  await breakChanges(app.database, "insert", "users");
  await signUp(app.visitor(), { email: "bob@example.com", password }, `/user/signup/?token=${invitation}`).expect(500);
  const change = { current_password: password, new_password };
  await app.visitor().post("/user/account/password").set("Cookie", cookie).type("form").send(change).expect(500);

  const log = app.logged.join("");
  assert.match(log, /no space left/);
  assert.doesNotMatch(log, /\$2b\$/, "no hash of a password");
  assertNotLogged(app, [password, new_password, invitation, hash, cookie.slice("sessionid=".length)]);
});

test("log: a failure of ours tells the visitor nothing of its cause (H5)", async (t) => {
  const app = await startApp(t);
  await breakChanges(app.database, "insert", "users");

  const page = await signUp(app.visitor(), { email, password }).expect(500);

  assert.match(page.text, /Something broke on our side/);
  assert.doesNotMatch(page.text, /no space left|insert into|node_modules|\.ts:/);
});

test("log: what a row should have held is not in it, where the database shows it with its refusal (H5)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email, password });
  const invitation = await app.repositories.organizations.inviteToken(1);
  // Of the two databases PostgreSQL shows the whole row.
  await app.database.schema.alterTable("users", (table) => table.string("never_given").notNullable().defaultTo(""));
  if (onPostgres) await app.database.raw("alter table users alter never_given drop default");
  else await breakChanges(app.database, "insert", "users");

  await signUp(app.visitor(), { email: "bob@example.com", password }, `/user/signup/?token=${invitation}`).expect(500);

  const log = app.logged.join("");
  assert.match(log, /never_given|no space left/);
  assert.doesNotMatch(log, /\$2b\$/, "no hash of a password");
});

test("log: a request that is not HTTP leaves none of its bytes in it, and no more than it sent (X4)", async (t) => {
  const app = await startApp(t);
  const head = [
    "POST /user/login/ HTTP/1.1",
    "Host: localhost",
    "Cookie: sessionid=cookie-of-somebody",
    "Authorization: Token token-of-somebody",
    "Transfer-Encoding: chunked",
  ];
  const body = `not-a-size password=password-of-somebody${"x".repeat(50_000)}`;
  const before = app.logged.length;

  await exchangeBytes(app.port, `${head.join("\r\n")}\r\n\r\n${body}\r\n`);
  await waitUntil("the request is logged", () => app.logged.length > before);

  const log = app.logged.slice(before).join("");
  assert.doesNotMatch(log, /of-somebody/);
  assert.doesNotMatch(log, /"level":"(error|warn)"/, "it is no failure of the server");
  assert.ok(log.length < body.length / 10, `${log.length} characters are logged`);
});

test("log: what could not be read as JSON is not quoted in it (X4)", () => {
  const lines: string[] = [];
  const log = createLogger("info", { write: (line) => void lines.push(line) });
  const refused = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      return error;
    }
  };

  log.error({ err: refused("password-of-somebody") }, "failed");
  log.error({ err: new Error("outside", { cause: refused("password-of-somebody") }) }, "failed");

  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? "", /"message":"outside".*"cause":\{"type":"SyntaxError"/);
  assert.doesNotMatch(lines.join(""), /of-somebody/);
});
