import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { password, startApp } from "../support/app.ts";
import type { Browser, TestApp } from "../support/app.ts";
import { addFailures, lengthenWaits } from "../support/attempts.ts";
import { cookiesOf, sessionHeader } from "../support/cookies.ts";
import { logIn } from "../support/forms.ts";

const email = "ada@example.com";
const behindProxy = { trusted_proxies: ["loopback"] };

/** As if 100 log-ins had failed, of as many accounts, from the addresses in X-Forwarded-For: gives the status of one more. */
async function statusAfterFailuresFrom(app: TestApp, addressOf: (failure: number) => string): Promise<number> {
  const fail = async (failure: number) => {
    const guess = { email: `person${failure}@example.com`, password: "wrong password" };
    return (await logIn(app.visitor(), guess).set("X-Forwarded-For", addressOf(failure))).status;
  };
  for (const failure of [1, 2, 3]) assert.equal(await fail(failure), 422);
  await addFailures(app, 95);
  for (const failure of [99, 100]) assert.equal(await fail(failure), 422);
  await lengthenWaits(app);
  return fail(101);
}

async function inviteAddress(browser: Browser, headers: Record<string, string>): Promise<string> {
  const page = await browser.get("/people/invite").set(headers).expect(200);
  return String(load(page.text)("#invite_url").val());
}

test("proxies: a forged X-Forwarded-For is no way around the wait for an address (L3)", async (t) => {
  const app = await startApp(t);

  assert.equal(await statusAfterFailuresFrom(app, (failure) => `192.0.2.${failure}`), 429);
});

test("proxies: behind a trusted one each client waits for itself (L3)", async (t) => {
  const app = await startApp(t, behindProxy);

  assert.equal(await statusAfterFailuresFrom(app, (failure) => `192.0.2.${failure}`), 422);
});

test("proxies: what a client wrote before a trusted one's address counts for nothing (L3)", async (t) => {
  const app = await startApp(t, behindProxy);

  assert.equal(await statusAfterFailuresFrom(app, (failure) => `192.0.2.${failure}, 198.51.100.7`), 429);
});

test("proxies: the log tells the client's address from a trusted one only (L3)", async (t) => {
  for (const [settings, ip] of [
    [{}, "127.0.0.1"],
    [behindProxy, "192.0.2.1"],
  ] as const) {
    const { visitor, logged } = await startApp(t, settings);
    await logIn(visitor(), { email, password: "wrong password" }).set("X-Forwarded-For", "192.0.2.1");
    const line = logged.map((each) => JSON.parse(each)).find(({ event }) => event === "authn_login_fail");
    assert.equal(line.ip.replace("::ffff:", ""), ip);
  }
});

test("proxies: nonsense in their headers does no harm (L3)", async (t) => {
  for (const settings of [{}, behindProxy]) {
    const { visitor, repositories } = await startApp(t, settings);
    await repositories.users.create({ email, password });
    const headers = {
      "X-Forwarded-For": "unknown, ', 999.1.1.1",
      "X-Forwarded-Proto": "gopher",
      "X-Forwarded-Host": "a b/c",
    };
    await logIn(visitor(), { email, password }).set(headers).expect(303);
  }
});

test("proxies: the invitation's address is the request's own without a configured host, never a forged one (L3)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  const token = await repositories.organizations.inviteToken(1);

  const address = await inviteAddress(browser, {
    Host: "labels.lan:8080",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
  });

  assert.equal(address, `http://labels.lan:8080/user/signup/?token=${token}`);
});

test("proxies: behind a trusted one the invitation's address is the one that the browser asked for (L3)", async (t) => {
  const { visitor, repositories } = await startApp(t, behindProxy);
  await repositories.users.create({ email, password });
  const token = await repositories.organizations.inviteToken(1);
  const requestHeaders = {
    Host: "10.0.0.5:8080",
    "X-Forwarded-Host": "labels.example.com",
    "X-Forwarded-Proto": "https",
  };
  const session = sessionHeader(await logIn(visitor(), { email, password }).set(requestHeaders));

  const address = await inviteAddress(visitor(), { ...requestHeaders, Cookie: session });

  assert.equal(address, `https://labels.example.com/user/signup/?token=${token}`);
});

test("proxies: the invitation's address is the configured one, whatever anybody says (L3)", async (t) => {
  for (const trusted_proxies of [[], ["loopback"]]) {
    const { signedIn, repositories } = await startApp(t, {
      host: new URL("http://labels.example.com:9000"),
      trusted_proxies,
    });
    const { browser } = await signedIn();
    const token = await repositories.organizations.inviteToken(1);

    for (const headers of [
      { Host: "evil.example" },
      { "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" },
    ] as Record<string, string>[]) {
      assert.equal(await inviteAddress(browser, headers), `http://labels.example.com:9000/user/signup/?token=${token}`);
    }
  }
});

test("proxies: only a trusted one can say that the browser came over https (L3, S7)", async (t) => {
  for (const [settings, name] of [
    [{}, "sessionid"],
    [behindProxy, "__Host-sessionid"],
  ] as const) {
    const { visitor, repositories } = await startApp(t, settings);
    await repositories.users.create({ email, password });
    const answer = await logIn(visitor(), { email, password }).set("X-Forwarded-Proto", "https");
    assert.equal(cookiesOf(answer)[0]?.name, name);
    assert.equal(answer.headers["strict-transport-security"] !== undefined, name.startsWith("__Host-"));
  }
});
