import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { test } from "node:test";

import { load } from "cheerio";

import type { Context } from "../../src/context.ts";
import { trustedProxies } from "../../src/middleware/trusted-proxies.ts";
import { password, startApp, testConfig } from "../support/app.ts";
import type { Browser, TestApp } from "../support/app.ts";
import { addFailures, lengthenWaits } from "../support/attempts.ts";
import { cookiesOf, sessionHeader } from "../support/cookies.ts";
import { logIn } from "../support/forms.ts";

const email = "ada@example.com";
const behindProxy = { trusted_proxies: ["loopback"] };
const trustingNobody = { trusted_proxies: [] };

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
  const app = await startApp(t, trustingNobody);

  assert.equal(await statusAfterFailuresFrom(app, (failure) => `192.0.2.${failure}`), 429);
});

test("proxies: behind a trusted one each client waits for itself (L3)", async (t) => {
  for (const settings of [{}, behindProxy]) {
    const app = await startApp(t, settings);

    assert.equal(await statusAfterFailuresFrom(app, (failure) => `192.0.2.${failure}`), 422);
  }
});

test("proxies: what a client wrote before a trusted one's address counts for nothing (L3)", async (t) => {
  for (const settings of [{}, behindProxy]) {
    const app = await startApp(t, settings);

    assert.equal(await statusAfterFailuresFrom(app, (failure) => `192.0.2.${failure}, 198.51.100.7`), 429);
  }
});

test("proxies: the log tells the client's address from a trusted one only (L3)", async (t) => {
  for (const [settings, ip] of [
    [trustingNobody, "127.0.0.1"],
    [{}, "192.0.2.1"],
    [behindProxy, "192.0.2.1"],
  ] as const) {
    const { visitor, logged } = await startApp(t, settings);
    await logIn(visitor(), { email, password: "wrong password" }).set("X-Forwarded-For", "192.0.2.1");
    const line = logged.map((each) => JSON.parse(each)).find(({ event }) => event === "authn_login_fail");
    assert.equal(line.ip.replace("::ffff:", ""), ip);
  }
});

test("proxies: nonsense in their headers does no harm (L3)", async (t) => {
  for (const settings of [{}, trustingNobody, behindProxy]) {
    const { visitor, repositories } = await startApp(t, settings);
    await repositories.users.create({ email, password });
    const headers = {
      Forwarded: 'host;proto="=;,',
      "X-Forwarded-For": "unknown, ', 999.1.1.1",
      "X-Forwarded-Proto": "gopher",
      "X-Forwarded-Host": "a b/c",
    };
    await logIn(visitor(), { email, password }).set(headers).expect(303);
  }
});

test("proxies: the invitation's address is the request's own without a configured host, never a forged one (L3)", async (t) => {
  const { signedIn, repositories } = await startApp(t, trustingNobody);
  const { browser } = await signedIn();
  const token = await repositories.organizations.inviteToken(1);

  const address = await inviteAddress(browser, {
    Host: "labels.lan:8080",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    Forwarded: "host=evil.example;proto=https",
    Referer: "https://evil.example/people/",
  });

  assert.equal(address, `http://labels.lan:8080/user/signup/?token=${token}`);
});

test("proxies: behind a trusted one the invitation's address is the one that the browser asked for (L3)", async (t) => {
  for (const [settings, forwarded] of [
    [behindProxy, { "X-Forwarded-Host": "labels.example.com", "X-Forwarded-Proto": "https" }],
    [{}, { "X-Forwarded-Host": "labels.example.com", "X-Forwarded-Proto": "https, http" }],
    [{}, { Forwarded: 'for=192.0.2.1;host="labels.example.com";proto=https, for=10.0.0.2' }],
  ] as const) {
    const { visitor, repositories } = await startApp(t, settings);
    await repositories.users.create({ email, password });
    const token = await repositories.organizations.inviteToken(1);
    const requestHeaders = { Host: "10.0.0.5:8080", ...forwarded };
    const session = sessionHeader(await logIn(visitor(), { email, password }).set(requestHeaders));

    const address = await inviteAddress(visitor(), { ...requestHeaders, Cookie: session });

    assert.equal(address, `https://labels.example.com/user/signup/?token=${token}`);
  }
});

test("proxies: the invitation's address is the configured one, whatever anybody says (L3, R3)", async (t) => {
  for (const trusted_proxies of [undefined, [], ["loopback"]]) {
    const { signedIn, repositories } = await startApp(t, {
      host: new URL("http://labels.example.com:9000"),
      trusted_proxies,
      allowed_hosts: ["evil.example"],
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
    [trustingNobody, "sessionid"],
    [{}, "__Host-sessionid"],
    [behindProxy, "__Host-sessionid"],
  ] as const) {
    const { visitor, repositories } = await startApp(t, settings);
    await repositories.users.create({ email, password });
    const answer = await logIn(visitor(), { email, password }).set("X-Forwarded-Proto", "https");
    assert.equal(cookiesOf(answer)[0]?.name, name);
    assert.equal(answer.headers["strict-transport-security"] !== undefined, name.startsWith("__Host-"));
  }
});

/** What is made of a request from this address, without any setting. */
async function judge(remoteAddress: string | undefined, headers: IncomingHttpHeaders) {
  const ctx = { req: { headers, socket: { remoteAddress } }, request: {} } as unknown as Context;
  await trustedProxies(testConfig())(ctx, async () => undefined);
  return [ctx.request.ip, ctx.req.headers["x-forwarded-host"], ctx.req.headers["x-forwarded-proto"]];
}

test("proxies: without a setting, loopback and private networks are believed, the internet is not (L3)", async () => {
  const headers = {
    host: "10.0.0.5:8080",
    "x-forwarded-for": "198.51.100.7",
    "x-forwarded-host": "labels.example.com",
    "x-forwarded-proto": "https",
  };

  for (const address of [
    "127.0.0.1",
    "::1",
    "10.1.2.3",
    "172.18.0.2",
    "192.168.1.2",
    "::ffff:10.1.2.3",
    "fd00::1",
    "100.64.0.9",
  ])
    assert.deepEqual(await judge(address, { ...headers }), ["198.51.100.7", "labels.example.com", "https"], address);
  for (const address of ["203.0.113.9", "172.32.0.1", "2001:db8::1", "::ffff:203.0.113.9", "100.128.0.1"])
    assert.deepEqual(await judge(address, { ...headers }), [address, "10.0.0.5:8080", "http"], address);
});

test("proxies: a connection that ended before its request was read has no address, and breaks nothing (L3)", async () => {
  for (const headers of [{ host: "a.example" }, { host: "a.example", "x-forwarded-for": "198.51.100.7" }])
    assert.deepEqual(await judge(undefined, headers), ["", "a.example", "http"]);
});

test("proxies: without a setting, a client of a private network can't write an address before its own (L3)", async () => {
  const [ip] = await judge("10.0.0.2", { host: "labels.lan", "x-forwarded-for": "203.0.113.9, 192.168.1.7" });

  assert.equal(ip, "192.168.1.7");
});

test("proxies: a client's address may come with its port, and what is no address counts for nothing (L3)", async () => {
  for (const [forwarded, expected] of [
    ["198.51.100.7:50123", "198.51.100.7"],
    ["[2001:db8::1]:50123", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["unknown", "10.0.0.2"],
    ["x".repeat(9000), "10.0.0.2"],
  ] as const) {
    const [ip] = await judge("10.0.0.2", { host: "labels.lan", "x-forwarded-for": forwarded });
    assert.equal(ip, expected, forwarded);
  }
});

/** Requests that came over https through a proxy that keeps silent about it, and those that did not. */
const silentProxies: [headers: IncomingHttpHeaders, origin: string][] = [
  [{ host: "labels.example.com" }, "http://labels.example.com"],
  [{ host: "labels.example.com", "sec-fetch-site": "none" }, "https://labels.example.com"],
  [{ host: "labels.example.com", "sec-fetch-site": "none", "x-forwarded-proto": "http" }, "https://labels.example.com"],
  // Browsers send Sec-Fetch-Site to their own machine without https, too.
  [{ host: "localhost:8080", "sec-fetch-site": "none" }, "http://localhost:8080"],
  [{ host: "127.0.0.1:8080", "sec-fetch-site": "none" }, "http://127.0.0.1:8080"],
  [{ host: "[::1]:8080", "sec-fetch-site": "none" }, "http://[::1]:8080"],
  [{ host: "labels.lan", origin: "https://labels.lan" }, "https://labels.lan"],
  [{ host: "labels.lan:443", referer: "https://labels.lan/people/" }, "https://labels.lan"],
  [{ host: "labels.lan", origin: "null", referer: "https://labels.lan/people/" }, "https://labels.lan"],
  [{ host: "labels.lan", origin: "https://evil.example" }, "http://labels.lan"],
  [{ host: "labels.lan", referer: "https://evil.example/labels.lan" }, "http://labels.lan"],
  [
    { host: "10.0.0.5:8080", "sec-fetch-site": "same-origin", origin: "https://labels.example.com" },
    "https://labels.example.com",
  ],
  [
    { host: "10.0.0.5:8080", "sec-fetch-site": "same-origin", referer: "https://labels.example.com/people/" },
    "https://labels.example.com",
  ],
  [{ host: "10.0.0.5:8080", "sec-fetch-site": "cross-site", referer: "https://evil.example/" }, "http://10.0.0.5:8080"],
];

test("proxies: https and host outside are known by the browser's own headers where the proxy keeps silent (S7)", async () => {
  for (const [headers, expected] of silentProxies) {
    const title = JSON.stringify(headers);
    const [, host, protocol] = await judge("10.0.0.2", headers);
    assert.equal(new URL(`${String(protocol)}://${String(host)}`).origin, expected, title);
  }
});

test("proxies: a log-in over https behind one that keeps silent lasts, whatever the next request tells (S7)", async (t) => {
  for (const Host of ["labels.example.com", "labels.lan", "127.0.0.1:8080"]) {
    const { visitor, repositories } = await startApp(t);
    await repositories.users.create({ email, password });
    const origin = Host.startsWith("127") ? "https://labels.example.com" : `https://${Host}`;
    const answer = await logIn(visitor(), { email, password }).set({
      Host,
      Origin: origin,
      "Sec-Fetch-Site": "same-origin",
    });

    // A name that depended on what only some requests tell would log people out.
    assert.equal(cookiesOf(answer)[0]?.name, Host === "labels.example.com" ? "__Host-sessionid" : "sessionid");
    assert.ok(cookiesOf(answer)[0]?.attributes.includes("secure"));
    const own = { Host, Cookie: sessionHeader(answer) };
    await visitor()
      .get("/people/")
      .set({ ...own, "Sec-Fetch-Site": "none" })
      .expect(200);
    for (const Origin of [origin, "null"]) {
      const form = visitor()
        .post("/user/account/")
        .set({ ...own, Origin, "Sec-Fetch-Site": "same-origin" });
      assert.equal((await form.type("form").send({})).headers.location, "/user/account/");
    }
    const address = await inviteAddress(visitor(), {
      Host,
      Cookie: sessionHeader(answer),
      Referer: `${origin}/people/`,
      "Sec-Fetch-Site": "same-origin",
    });
    assert.equal(new URL(address).origin, origin);
  }
});
