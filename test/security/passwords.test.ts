import assert from "node:assert/strict";
import { test } from "node:test";

import bcrypt from "bcrypt";
import { load } from "cheerio";

import { loadConfig } from "../../src/config/config.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { ConfigError } from "../../src/config/settings.ts";
import { password, startApp } from "../support/app.ts";
import { logIn, signUp } from "../support/forms.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const email = "grace.hopper@example.com";

test("passwords: fewer than 8 characters are refused unless another minimum is set (P1)", async (t) => {
  const usual = await startApp(t);
  const strict = await startApp(t, { password_min_length: 15 });

  const short = await signUp(usual.visitor(), { email, password: "rivrtid" });
  assert.equal(short.status, 422);
  assert.match(short.text, /At least 8 characters; this has 7\./);
  await signUp(usual.visitor(), { email, password: "rivrtide" }).expect(303);

  const shorter = await signUp(strict.visitor(), { email, password: "rivertide-moon" });
  assert.equal(shorter.status, 422);
  assert.match(shorter.text, /At least 15 characters; this has 14\./);
  await signUp(strict.visitor(), { email, password: "rivertide-moon!" }).expect(303);
});

test("passwords: 64 and 128 emoji are accepted, each counted once (P2)", async (t) => {
  const { visitor } = await startApp(t);

  for (const length of [64, 128]) {
    const person = { email: `emoji${length}@example.com`, password: "🦉".repeat(length) };
    await signUp(visitor(), person).expect(303);
    await logIn(visitor(), person).expect(303);
  }
  const seven = await signUp(visitor(), { email, password: "🦉".repeat(7) });
  assert.equal(seven.status, 422, "7 characters, though 14 UTF-16 units");
});

test("passwords: no kind of character is asked for (P3)", async (t) => {
  const { visitor } = await startApp(t);

  for (const [index, each] of [
    "quietriverstones",
    "QUIETRIVERSTONES",
    "730195286417",
    "ñandú ñandú",
    "— — — — —",
  ].entries()) {
    await signUp(visitor(), { email: `person${index}@example.com`, password: each }).expect(303);
  }
});

test("passwords: spaces are kept, also at the ends (P4, P6)", async (t) => {
  const { visitor } = await startApp(t);
  const spaced = "  four small words ";

  await signUp(visitor(), { email, password: spaced }).expect(303);

  await logIn(visitor(), { email, password: spaced }).expect(303);
  await logIn(visitor(), { email, password: spaced.trim() }).expect(422);
  await logIn(visitor(), { email, password: spaced.replaceAll(" ", "") }).expect(422);
});

test("passwords: nothing but spaces counts as nothing (P4)", async (t) => {
  const { visitor } = await startApp(t);

  const page = await signUp(visitor(), { email, password: " ".repeat(12) });

  assert.equal(page.status, 422);
  assert.match(page.text, /Enter a password\./);
});

test("passwords: their fields let managers fill in and people paste (P4)", async (t) => {
  const { visitor, signedIn } = await startApp(t);
  const { browser } = await signedIn();

  for (const [page, address, completed] of [
    [visitor(), "/user/login/", ["current-password"]],
    [visitor(), "/user/signup/", ["new-password"]],
    [browser, "/user/account/password", ["current-password", "new-password"]],
  ] as const) {
    const $ = load((await page.get(address).expect(200)).text);
    const fields = $("input[name*=password]").toArray();
    assert.deepEqual(
      fields.map((field) => $(field).attr("autocomplete")),
      completed,
    );
    for (const field of fields) assert.equal($(field).attr("type"), "password");
    assert.equal($("input[name*=password]").is("[maxlength], [pattern], [onpaste]"), false);
    assert.equal($("input[type=email][autocomplete=username]").length, 1);
  }
});

test("passwords: the most common ones are refused, and the page says why (P5)", async (t) => {
  const { visitor } = await startApp(t);

  for (const common of ["password", "12345678", "iloveyou", "Password1", "QWERTYUIOP"]) {
    const page = await signUp(visitor(), { email, password: common });
    assert.equal(page.status, 422, common);
    assert.match(page.text, /one of the most common passwords/);
    assert.ok(
      !load(page.text)("input")
        .toArray()
        .some((field) => field.attribs.value === common),
    );
  }
});

test("passwords: one's own email, and the product's name, are refused, and the page says why (P5)", async (t) => {
  const { visitor } = await startApp(t);

  for (const easy of [email, "Grace.Hopper", "gracehopper1906", "Atelier2026", "Label-Studio", "labelstudio!1"]) {
    const page = await signUp(visitor(), { email, password: easy });
    assert.equal(page.status, 422, easy);
    assert.match(page.text, /your email, your name or ours/);
  }
});

test("passwords: a telephone number in front of the @ is no password either (P5)", async (t) => {
  const { visitor } = await startApp(t);

  const page = await signUp(visitor(), { email: "4155570923@example.com", password: "4155570923" });

  assert.equal(page.status, 422);
  assert.match(page.text, /your email, your name or ours/);
});

test("passwords: one's own name is refused when the password is changed (P5)", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();
  await browser.post("/user/account/").type("form").send({ first_name: "Katherine", last_name: "Johnson" }).expect(303);

  for (const new_password of ["katherine", "Johnson1918", "Katherine Johnson"]) {
    const page = await browser
      .post("/user/account/password")
      .type("form")
      .send({ current_password: password, new_password });
    assert.equal(page.status, 422, new_password);
    assert.match(page.text, /your email, your name or ours/);
  }
});

test("passwords: a common word inside a longer one is no reason to refuse it (P5)", async (t) => {
  const { visitor } = await startApp(t);

  await signUp(visitor(), { email, password: "password of grace.hopper" }).expect(303);
});

test("passwords: two that differ only after byte 72, or after a null, are different (P6)", async (t) => {
  const { visitor, signedIn } = await startApp(t);

  for (const [kind, start] of [
    ["long", "x".repeat(100)],
    ["wide", "🦉".repeat(20)],
    ["null", "sails\u0000"],
  ] as const) {
    const person = { email: `${kind}@example.com`, password: `${start}one` };
    await signedIn(person);
    await logIn(visitor(), { ...person, password: `${start}two` }).expect(422);
    await logIn(visitor(), { ...person, password: start }).expect(422);
  }
});

test("passwords: a hash made with less work is made anew at log-in (P7)", async (t) => {
  const { config, database, visitor } = await startApp(t, { password_cost: 5 });
  const { id } = await createRepositories(database, { ...config, password_cost: 4 }).users.create({ email, password });
  const cost = async () => bcrypt.getRounds((await database("users").where({ id }).first("password")).password);
  assert.equal(await cost(), 4);

  await logIn(visitor(), { email, password: "something else" }).expect(422);
  assert.equal(await cost(), 4);
  await logIn(visitor(), { email, password }).expect(303);
  assert.equal(await cost(), 5);
  await logIn(visitor(), { email, password }).expect(303);
});

test("passwords: a cost below 10 can't be set (P7)", (t) => {
  const data_dir = temporaryFolder(t);

  assert.equal(loadConfig({ data_dir }, {}).password_cost, 10);
  assert.throws(() => loadConfig({ data_dir }, { LABEL_STUDIO_PASSWORD_COST: "9" }), ConfigError);
});

// A hash of this cost takes about a minute.
test(
  "passwords: more than 128 characters are refused, not cut, and never hashed (P9)",
  { timeout: 10_000 },
  async (t) => {
    const { config, database, visitor } = await startApp(t, { password_cost: 20 });
    await createRepositories(database, { ...config, password_cost: 4 }).users.create({
      email,
      password: "x".repeat(128),
    });

    const page = await signUp(visitor(), { email: "ada@example.com", password: "x".repeat(129) });
    assert.equal(page.status, 422);
    assert.match(page.text, /At most 128 characters; this has/);
    await logIn(visitor(), { email, password: "x".repeat(129) }).expect(422);
    await logIn(visitor(), { email: "nobody@example.com", password: "🦉".repeat(129) }).expect(422);
  },
);
