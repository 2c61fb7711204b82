import assert from "node:assert/strict";
import { test } from "node:test";

import { createLogger } from "../../src/common/logger.ts";
import type { Config } from "../../src/config/config.ts";
import { createMailer, verifyMailServer } from "../../src/mail/mailer.ts";
import { testConfig } from "../support/app.ts";
import { startMailServer } from "../support/mail-server.ts";
import { waitUntil } from "../support/wait-until.ts";

const message = {
  to: "ann@example.com",
  subject: "Grüße",
  text: "A line that is longer than a mail may have: ".repeat(30),
};

function open(settings: Partial<Config>) {
  const logged: string[] = [];
  const log = createLogger("debug", { write: (line: string) => void logged.push(line) });
  const host = new URL("https://labels.example.com/team");
  return { logged, mailer: createMailer({ ...testConfig(), host, base_path: "/team", ...settings }, log) };
}

test("mail: a text arrives as it was written, from the site's own name unless another is set", async (t) => {
  const { url, mailTo } = await startMailServer(t);
  const { mailer } = open({ smtp_url: url });

  mailer?.send(async () => message);
  const mail = await mailTo("ann@example.com");

  assert.equal(mailer?.base_url, "https://labels.example.com/team");
  assert.equal(mail.text.trim(), message.text.trim());
  assert.equal(mail.headers.to, "ann@example.com");
  assert.equal(mail.headers.from, "Atelier <noreply@labels.example.com>");
  assert.match(mail.headers.subject ?? "", /^=\?UTF-8\?/);
});

test("mail: the sender is the one that is set, else the mailbox that logs in to the mail server", async (t) => {
  const { url, mailTo } = await startMailServer(t, { user: "labels@example.org" });

  open({ smtp_url: url }).mailer?.send(async () => message);
  assert.equal((await mailTo("ann@example.com")).headers.from, "Atelier <labels@example.org>");

  open({ smtp_url: url, mail_from: "Harbor <harbor@example.com>" }).mailer?.send(async () => message);
  const mail = await mailTo("ann@example.com");
  assert.equal(mail.headers.from, "Harbor <harbor@example.com>");
  assert.equal(mail.from, "harbor@example.com");
});

test("mail: an address is one recipient, whatever is in it", async (t) => {
  const { url, mails, mailTo } = await startMailServer(t);
  const { mailer } = open({ smtp_url: url });

  mailer?.send(async () => ({ ...message, to: "ann@example.com, eve@example.com" }));
  mailer?.send(async () => ({ ...message, to: "bob@example.com" }));
  await mailTo("bob@example.com");
  await mailer?.close();

  assert.deepEqual(
    mails.filter(({ to }) => to.includes("eve@example.com")),
    [],
  );
});

test("mail: what can't be sent or made is logged, without the mail, and the next one is sent", async (t) => {
  const broken = await startMailServer(t);
  broken.break();
  const { mailer, logged } = open({ smtp_url: broken.url });

  mailer?.send(async () => ({ ...message, text: "https://labels.example.com/secret-link" }));
  mailer?.send(async () => Promise.reject(new Error("no database")));
  mailer?.send(async () => undefined);
  await waitUntil("both are logged", () => logged.length === 2);

  const log = logged.join("");
  assert.match(log, /a mail could not be sent/);
  assert.match(log, /mailbox is full/);
  assert.match(log, /no database/);
  assert.doesNotMatch(log, /secret-link/);
  assert.deepEqual(broken.mails, []);
});

test("mail: a server that stops sends what is under way first", async (t) => {
  const { url, mails } = await startMailServer(t);
  const { mailer } = open({ smtp_url: url });

  for (let count = 0; count < 5; count++) mailer?.send(async () => message);
  await mailer?.close();

  assert.equal(mails.length, 5);
});

test("mail: without a mail server, or an address for links, there is no mail (R3, G5)", () => {
  assert.equal(open({}).mailer, undefined);
  assert.equal(open({ smtp_url: "smtp://127.0.0.1:1", host: undefined }).mailer, undefined);
});

test("mail: a mail server that does not answer, or takes no log-in, is found before the first mail", async (t) => {
  const { url } = await startMailServer(t, { user: "labels" });

  await verifyMailServer(url);
  await assert.rejects(verifyMailServer(url.replace("secret", "wrong")), /Wrong user or password/);
  await assert.rejects(verifyMailServer("smtp://127.0.0.1:1"), /ECONNREFUSED/);
});
