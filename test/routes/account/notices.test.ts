import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestHooks } from "../../support/test-hooks.ts";

import { password, startApp } from "../../support/app.ts";
import { startMailServer } from "../../support/mail-server.ts";
import { setUpTwoFactor, twoFactorPage } from "../../support/two-factor.ts";

/** The owner and Ben, where mail can be sent. */
async function startWithMail(t: TestHooks) {
  const mail = await startMailServer(t);
  const app = await startApp(t, { smtp_url: mail.url, host: new URL("http://labels.example.com") });
  const owner = await app.signedIn({ email: "owner@example.com" });
  const ben = await app.signedIn({ email: "ben@example.com" });
  await app.repositories.organizations.update(1, { title: "Harbor Research" });
  return { mail, owner, ben };
}

test("notices: whoever's password is changed is told by mail, and of a refused change nobody is (R4)", async (t) => {
  const { mail, ben } = await startWithMail(t);
  const change = (current_password: string) =>
    ben.browser
      .post("/user/account/password")
      .type("form")
      .send({ current_password, new_password: "staple the battery", confirm_password: "staple the battery" });

  await change("not the password").expect(422);
  await change(password).expect(303);

  const { headers, text } = await mail.mailTo("ben@example.com");
  assert.equal(headers.subject, "Your password for Harbor Research was changed");
  assert.match(text, /changed under Account & Settings\. Your other devices are logged out\./);
  assert.match(text, /If it wasn't you, follow "Forgot your password\?"/);
  assert.deepEqual(mail.mails, []);
});

test("notices: whoever's two-factor is turned off is told by mail, and by whom (R4)", async (t) => {
  const { mail, owner, ben } = await startWithMail(t);
  await setUpTwoFactor(ben.browser);

  await owner.browser.post(`/people/${ben.user.id}/disable-2fa`).expect(303);

  const { headers, text } = await mail.mailTo("ben@example.com");
  assert.equal(headers.subject, "Two-factor log-in for Harbor Research was turned off");
  assert.match(text, /turned off by the owner of the organization\./);
  await owner.browser.post(`/people/${ben.user.id}/disable-2fa`).expect(303);
  await setUpTwoFactor(ben.browser);
  await ben.browser.post(`${twoFactorPage}/delete`).type("form").send({ current_password: password }).expect(303);
  const own = await mail.mailTo("ben@example.com");
  assert.match(own.text, /was turned off\. .*If it wasn't you, change your password at once/s);
  assert.deepEqual(mail.mails, []);
});
