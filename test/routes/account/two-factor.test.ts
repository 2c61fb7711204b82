import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../../support/app.ts";
import { describedBy, read } from "../../support/pages.ts";
import { databaseContents } from "../../support/tables.ts";
import { codeOf, readSetup, setUpTwoFactor, twoFactorPage as page, typePassword } from "../../support/two-factor.ts";

test("two-factor: three steps on one page, with the key as a picture and as text, and without a script", async (t) => {
  const { signedIn, logged, database } = await startApp(t);
  const { browser } = await signedIn({ email: "ada@example.com" });

  const answer = await browser.get(page).expect(200);
  const shown = read(answer);

  assert.equal(shown(".setup-step").length, 3);
  const { secret, sealed } = readSetup(answer);
  assert.match(secret, /^[A-Z2-7]{32}$/, "160 bits in base32");
  assert.equal(shown(".qr-code[role=img] svg path").length, 2);
  assert.ok(!shown.html().includes("data:image"));
  assert.equal(shown("[style]").length, 0);
  assert.ok(!sealed.includes(secret));
  assert.ok(!(await databaseContents(database)).includes(secret));
  assert.ok(!logged.join("").includes(secret));
  assert.notEqual(readSetup(await browser.get(page)).secret, secret, "another one each time");
});

test("two-factor: it is on once a code was typed, and recovery codes are shown once, kept as digests (M2)", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const other = await app.browserOf(user);

  const { secret, codes } = await setUpTwoFactor(browser);

  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){5}$/, "120 bits");
  const stored = await databaseContents(app.database);
  assert.ok(!stored.includes(secret), "encrypted");
  for (const code of codes) assert.ok(!stored.includes(code));
  assert.ok(!app.logged.join("").includes(codes[0] ?? ""));
  const shown = read(await browser.get(page).expect(200));
  assert.match(shown("main").text(), /Two-factor is on\s+Since/);
  assert.match(shown("main").text(), /10 of 10 left/);
  assert.ok(!shown.html().includes(codes[0] ?? ""));
  await other.get("/people/").expect(302);
  const [event] = await app.repositories.events.list({ user_id: user.id, limit: 1 });
  assert.deepEqual([event?.name, event?.actor_id], ["authn_mfa_enabled", user.id]);
});

test("two-factor: setting it up needs the password and a right code, and the same key stays on the page (S10)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  const { secret, sealed } = readSetup(await browser.get(page));
  const send = (fields: object) =>
    browser
      .post(page)
      .type("form")
      .send({ sealed, ...fields });
  const code = await codeOf(secret);

  const wrongPassword = await send({ code, current_password: "wrong password" }).expect(422);
  assert.match(describedBy(read(wrongPassword), "current_password"), /not your current password/);
  assert.deepEqual(readSetup(wrongPassword), { secret, sealed });
  const wrongCode = await send({ code: "12345", current_password: password }).expect(422);
  assert.match(describedBy(read(wrongCode), "code"), /This code doesn.t match/);
  assert.deepEqual(readSetup(wrongCode), { secret, sealed });
  const nothing = read(await send({}).expect(422));
  assert.match(describedBy(nothing, "code"), /Enter the code/);
  assert.match(describedBy(nothing, "current_password"), /Enter your password/);
  assert.equal(await repositories.twoFactor.isEnabled(user.id), false);

  await send({ code, current_password: password }).expect(200);
  await send({ code, current_password: password }).expect(303).expect("Location", page);
});

test("two-factor: another's key, or one of an hour ago, is refused", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const [ada, bob] = [await signedIn(), await signedIn()];
  const { secret, sealed } = readSetup(await ada.browser.get(page));
  const fields = { sealed, code: await codeOf(secret), current_password: password };

  for (const changed of [fields, { ...fields, sealed: "x" }, { ...fields, sealed: undefined }]) {
    const refused = await bob.browser.post(page).type("form").send(changed).expect(422);
    assert.match(describedBy(read(refused), "code"), /open for too long/);
    assert.notEqual(readSetup(refused).secret, secret);
  }
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 61 * 60_000 });
  assert.equal(await repositories.twoFactor.enable(ada.user.id, sealed, await codeOf(secret)), "expired");
});

test("two-factor: turning it off needs the password, in the question (S10)", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  await setUpTwoFactor(browser);
  const other = await app.browserOf(user);

  const refused = await browser.post(`${page}/delete`).type("form").send({ current_password: "wrong password" });
  assert.equal(refused.status, 422);
  assert.match(
    read(refused)(".question-dialog.is-open").text(),
    /Turn off two-factor log-in\?.*not your current password/s,
  );
  assert.equal(await app.repositories.twoFactor.isEnabled(user.id), true);

  await browser.post(`${page}/delete`).type("form").send({ current_password: password }).expect(303);
  assert.equal(await app.repositories.twoFactor.isEnabled(user.id), false);
  assert.deepEqual(await app.database("recovery_codes"), []);
  assert.match(read(await browser.get(page))("#flash").text(), /Two-factor turned off/);
  await other.get("/people/").expect(302);
  const [event] = await app.repositories.events.list({ user_id: user.id, limit: 1 });
  assert.equal(event?.name, "authn_mfa_disabled");
});

test("two-factor: new recovery codes need the password, and end the old ones (S10, M2)", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const { codes } = await setUpTwoFactor(browser);
  const renew = (current_password: string) =>
    browser.post(`${page}/recovery-codes`).type("form").send({ current_password });

  assert.match(read(await renew("wrong password").expect(422))(".is-open").text(), /Make new recovery codes\?/);
  const made = read(await renew(password).expect(200))("#codes")
    .text()
    .split("\n");

  assert.equal(made.length, 10);
  assert.ok(made.every((code) => !codes.includes(code)));
  assert.equal(await app.repositories.twoFactor.spendRecoveryCode(user.id, codes[0] ?? ""), false);
  assert.equal(await app.repositories.twoFactor.spendRecoveryCode(user.id, made[0] ?? ""), true);
  const { browser: without } = await app.signedIn();
  await without.post(`${page}/recovery-codes`).type("form").send({ current_password: password }).expect(303);
});

test("two-factor: the codes that are shown come back as a file, and nothing else does", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();
  const { codes } = await setUpTwoFactor(browser);
  const download = (text: string) => browser.post(`${page}/recovery-codes/file`).type("form").send({ codes: text });

  const file = await download(codes.join("\r\n")).expect(200);

  assert.equal(file.headers["content-disposition"], 'attachment; filename="atelier-recovery-codes.txt"');
  assert.match(file.headers["content-type"] ?? "", /^text\/plain/);
  assert.equal(file.text, `${codes.join("\n")}\n`);
  for (const other of ["", "<script>", `${codes[0]} and more`, `${codes[0]}\n<b>`])
    await download(other).expect(303).expect("Location", page);
});

test("two-factor: the owner turns off another's, which is recorded, and nobody else does (M3)", async (t) => {
  const app = await startApp(t);
  const [owner, ada, bob] = [
    await app.signedIn(),
    await app.signedIn({ email: "ada@example.com" }),
    await app.signedIn(),
  ];
  await setUpTwoFactor(ada.browser);
  const address = `/people/${ada.user.id}`;
  assert.match(read(await owner.browser.get(address))("main").text(), /Turn off two-factor…/);
  assert.doesNotMatch(read(await bob.browser.get(address))("main").text(), /two-factor/);

  await bob.browser.post(`${address}/disable-2fa`).expect(403);
  await owner.browser.post(`${address}/disable-2fa`).expect(303).expect("Location", address);

  assert.match(read(await owner.browser.get(address))("#flash").text(), /Two-factor of ada@example\.com turned off/);
  assert.equal((await typePassword(app, "ada@example.com")).answer.headers.location, "/");
  const events = await app.repositories.events.list({ user_id: ada.user.id, limit: 2 });
  assert.deepEqual(events.map(({ name, actor_id, subject_id }) => [name, actor_id, subject_id])[1], [
    "authn_mfa_disabled",
    owner.user.id,
    ada.user.id,
  ]);
});
