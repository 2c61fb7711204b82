import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";
import { logIn, signUp } from "../support/forms.ts";
import { read } from "../support/pages.ts";

const email = "ada@example.com";
const publicHost = { host: new URL("https://labels.example.com") };

const privateHosts = [
  "127.0.0.1:8080",
  "localhost:8080",
  "192.168.1.5",
  "203.0.113.9:8080",
  "[2001:db8::1]:8080",
  "atelier:8080",
  "labels.local",
  "labels.LAN:8080",
  "atelier.default.svc.cluster.local",
  "labels.home.arpa",
];

const foreignHosts = [
  "evil.example",
  "labels.example.com.evil.example",
  "evil-labels.example.com",
  "127.0.0.1.evil.example",
  "local.evil.example",
  "evil.example:443",
  "evil example",
  "labels.example.com@evil.example",
];

test("hosts: with a public address, only it and what nobody on the internet can own is answered (X7)", async (t) => {
  const { visitor } = await startApp(t, publicHost);

  for (const Host of ["labels.example.com", "Labels.Example.com:443", "labels.example.com.", ...privateHosts])
    assert.equal((await visitor().get("/user/signup/").set("Host", Host)).status, 200, Host);
  for (const Host of foreignHosts) {
    const answer = await visitor().get("/user/signup/").set("Host", Host);
    assert.equal(answer.status, 421, Host);
    assert.match(answer.text, /https:\/\/labels\.example\.com\/ \(LABEL_STUDIO_HOST\).*LABEL_STUDIO_ALLOWED_HOSTS/s);
  }
});

test("hosts: without a public address every host is answered (X7)", async (t) => {
  const { visitor } = await startApp(t);

  for (const Host of [...privateHosts, "labels.example.com"])
    await visitor().get("/user/signup/").set("Host", Host).expect(200);
});

test("hosts: further names can be allowed, one by one, all below one, or any (X7)", async (t) => {
  for (const [allowed_hosts, names, refused] of [
    [["old.example.com"], ["old.example.com"], ["older.example.com", "a.old.example.com"]],
    [[".example.org"], ["example.org", "a.b.example.org"], ["badexample.org"]],
    [["*"], ["evil.example"], []],
  ] as const) {
    for (const settings of [{}, publicHost]) {
      const { visitor } = await startApp(t, { ...settings, allowed_hosts });
      for (const Host of names) await visitor().get("/user/signup/").set("Host", Host).expect(200);
      for (const Host of refused) await visitor().get("/user/signup/").set("Host", Host).expect(421);
    }
  }
});

test("hosts: the host counts that a trusted proxy was asked for, and no other's word (X7, L3)", async (t) => {
  for (const [trusted_proxies, Host, forwarded, status] of [
    [undefined, "app.hosting.example", "labels.example.com", 200],
    [undefined, "labels.example.com", "evil.example", 421],
    [[], "evil.example", "labels.example.com", 421],
    [[], "labels.example.com", "evil.example", 200],
  ] as const) {
    const { visitor } = await startApp(t, { ...publicHost, trusted_proxies });
    await visitor().get("/user/signup/").set({ Host, "X-Forwarded-Host": forwarded }).expect(status);
  }
});

test("hosts: whether the server is up is answered for any host, and the API says what to do (X7)", async (t) => {
  const { visitor } = await startApp(t, publicHost);

  for (const path of ["/health", "/health/"]) await visitor().get(path).set("Host", "evil.example").expect(200);
  const { body } = await visitor().get("/api/version").set("Host", "evil.example").expect(421);
  assert.match(body.detail, /LABEL_STUDIO_ALLOWED_HOSTS/);
});

test("hosts: a refused one is logged once, and many don't fill the log (X4, X7)", async (t) => {
  const { visitor, logged } = await startApp(t, publicHost);
  const refusals = () => logged.filter((line) => JSON.parse(line).setting === "LABEL_STUDIO_ALLOWED_HOSTS");

  for (const Host of ["evil.example", "evil.example"]) await visitor().get("/").set("Host", Host).expect(421);
  assert.equal(refusals().length, 1);
  for (let other = 0; other < 30; other++) await visitor().get("/").set("Host", `${other}.evil.example`).expect(421);
  assert.equal(refusals().length, 10);
});

test("hosts: a stranger's page whose name resolves to this server can't sign up (X7)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  const signUpFrom = (address: string, headers: Record<string, string>, path = "/user/signup/") =>
    signUp(visitor(), { email: address, password }, path).set(headers);
  const rebound = { Host: "evil.example:8080", Origin: "http://evil.example:8080" };

  // An empty server has nothing to guard, and may be first reached by a name that it was never told.
  await signUpFrom("first@example.com", rebound).expect(303);
  const forgeries: Record<string, string>[] = [{}, { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "labels.lan" }];
  for (const forged of forgeries) {
    const refused = await signUpFrom("second@example.com", { ...rebound, ...forged });
    assert.equal(refused.status, 403);
    assert.match(refused.text, /Sign-up is not open at this address.*LABEL_STUDIO_HOST/s);
  }
  assert.equal(await repositories.users.findByEmail("second@example.com"), undefined);

  const invited = `/user/signup/?token=${await repositories.organizations.inviteToken(1)}`;
  await signUpFrom("invited@example.com", rebound, invited).expect(303);
  for (const [index, Host] of privateHosts.entries())
    await signUpFrom(`private${index}@example.com`, { Host, Origin: `http://${Host}` }).expect(303);
  await signUpFrom("https@example.com", { Host: "evil.example", Origin: "https://evil.example" }).expect(303);
  await signUpFrom("script@example.com", { Host: "labels.example.com" }).expect(303);
});

test("hosts: log-in works at any name while none is configured (X7)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  await logIn(visitor(), { email, password })
    .set({ Host: "labels.example.com", Origin: "http://labels.example.com" })
    .expect(303);
});

test("hosts: the invitation says where its link doesn't lead, and the browser can put its own address (X7)", async (t) => {
  for (const [settings, Host, isHint, isOwnAddress] of [
    [{}, "localhost:8080", true, true],
    [{}, "192.168.1.5:8080", false, true],
    [{}, "labels.local:8080", false, true],
    [{ host: new URL("http://labels.lan/") }, "localhost:8080", false, false],
  ] as const) {
    const { signedIn, repositories } = await startApp(t, settings);
    const { browser } = await signedIn();
    const path = `/user/signup/?token=${await repositories.organizations.inviteToken(1)}`;

    const page = read(await browser.get("/people/invite").set("Host", Host).expect(200));

    assert.equal(page("[data-loopback-hint]").length, isHint ? 1 : 0, Host);
    assert.equal(page("#invite_url").attr("data-path"), isOwnAddress ? path : undefined);
    assert.equal(page("#invite_url").val(), `http://${settings.host ? "labels.lan" : Host}${path}`);
  }
});
