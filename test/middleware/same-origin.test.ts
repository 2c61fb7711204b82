import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";
import { cookiesOf, sessionHeader } from "../support/cookies.ts";
import { logIn, signUp } from "../support/forms.ts";
import { servedRoutes } from "../support/served-routes.ts";
import { databaseContents } from "../support/tables.ts";

const email = "ada@example.com";
const addresses = servedRoutes.map(({ method, path }) => ({ method, path: path.replaceAll(/:\w+/g, "1") }));
const unsafe = addresses.filter(({ method }) => method !== "GET");
const readable = addresses.filter(({ method }) => method === "GET");

const fromElsewhere: Record<string, string>[] = [
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "cross-site", Origin: "http://labels.example.com" },
  { Origin: "https://evil.example" },
  { Origin: "http://labels.example.com.evil.example" },
  { Origin: "http://labels.example.com:8081" },
  { Origin: "null" },
];

const fromHere: Record<string, string>[] = [
  { "Sec-Fetch-Site": "same-origin" },
  { "Sec-Fetch-Site": "none" },
  { "Sec-Fetch-Site": "same-origin", Origin: "null" },
  { Origin: "http://labels.example.com" },
  { Origin: "https://labels.example.com" },
  { Origin: "https://outside.example", "X-Forwarded-Host": "outside.example" },
  { Origin: "https://outside.example", "X-Forwarded-Host": "outside.example, inside.example" },
  {},
];

/** The session under both names, since the headers below say now https, now http. */
const underBothNames = (cookie: string) => `${cookie}; __Host-${cookie}`;

test("same origin: every route that changes something refuses what another site's page sent (C1)", async (t) => {
  const app = await startApp(t, { disable_signup_without_link: false });
  await app.repositories.users.create({ email, password });
  const cookie = sessionHeader(await logIn(app.visitor(), { email, password }));
  const before = await databaseContents(app.database);
  const fields = {
    email: "eve@example.com",
    password,
    current_password: password,
    new_password: "another staple",
    session: "1",
  };

  assert.ok(unsafe.length >= 29, "the list of routes is the real one");
  // What is refused does not depend on the route: each route is asked with two of the headers, the first ones with all.
  for (const [index, { path, method }] of unsafe.entries()) {
    for (const [at, headers] of fromElsewhere.entries()) {
      for (const [cookies, turn] of [
        [cookie, index],
        ["", index + 1],
      ] as const) {
        if (index > 1 && at !== turn % fromElsewhere.length) continue;
        const requestHeaders = { Host: "labels.example.com", Cookie: cookies, ...headers };
        const verb = method.toLowerCase() as "post" | "put" | "patch" | "delete";
        const answer = await app.visitor()[verb](path).set(requestHeaders).type("form").send(fields);
        assert.equal(answer.status, 403, `${method} ${path} ${JSON.stringify(requestHeaders)}`);
        assert.match(answer.text, /This form was sent from another site/);
        assert.deepEqual(cookiesOf(answer), []);
      }
    }
  }
  assert.equal(await databaseContents(app.database), before);
});

test("same origin: what our own page, or a program, sends is taken (C3)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  const user = await repositories.users.create({ email, password });
  const Cookie = underBothNames(sessionHeader(await logIn(visitor(), { email, password })));

  for (const [index, headers] of fromHere.entries()) {
    const first_name = `Ada ${index}`;
    await visitor()
      .post("/user/account/")
      .set({ Host: "labels.example.com", Cookie, ...headers })
      .type("form")
      .send({ first_name })
      .expect(303);
    assert.equal((await repositories.users.find(user.id))?.first_name, first_name);
  }
});

test("same origin: the configured host is our own, whatever host a proxy asks for (C4)", async (t) => {
  const { visitor, repositories } = await startApp(t, { host: new URL("https://labels.example.com/") });
  await repositories.users.create({ email, password });

  for (const [Origin, status] of [
    ["https://labels.example.com", 303],
    ["https://evil.example", 403],
  ] as const) {
    await logIn(visitor(), { email, password }).set({ Host: "10.0.0.5:8080", Origin }).expect(status);
  }
});

test("same origin: a proxy may name the port of the host that browsers leave out (C4)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  for (const headers of [
    { Host: "labels.example.com:80", Origin: "http://labels.example.com" },
    { Host: "labels.example.com:443", Origin: "https://labels.example.com" },
    { "X-Forwarded-Host": "labels.example.com:443", Origin: "https://labels.example.com" },
    { Host: "Labels.Example.com", Origin: "http://labels.example.com" },
  ]) {
    await logIn(visitor(), { email, password }).set(headers).expect(303);
  }
});

test("same origin: a host that the proxy rewrote is no hindrance where the browser says that the form is ours (C4)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  for (const headers of [
    { "Sec-Fetch-Site": "same-origin", Origin: "https://labels.example.com" },
    { "X-Forwarded-Host": "labels.example.com", Origin: "http://labels.example.com" },
    { Forwarded: "host=labels.example.com", Origin: "http://labels.example.com" },
  ]) {
    await logIn(visitor(), { email, password })
      .set({ Host: "10.0.0.5:8080", ...headers })
      .expect(303);
  }
});

test("same origin: a rewritten host that can't be told from another site names the setting, on the page and in the log (C4)", async (t) => {
  const { visitor, repositories, logged } = await startApp(t);
  await repositories.users.create({ email, password });
  const send = (headers: Record<string, string>) =>
    logIn(visitor(), { email, password })
      .set({ Host: "10.0.0.5:8080", ...headers })
      .expect(403);

  const Origin = "http://labels.example.com";
  for (const answer of [await send({ Origin }), await send({ Origin })]) assert.match(answer.text, /LABEL_STUDIO_HOST/);
  const lines = () => logged.map((line) => JSON.parse(line)).filter(({ setting }) => setting === "LABEL_STUDIO_HOST");
  assert.deepEqual(
    lines().map(({ host, origin }) => ({ host, origin })),
    [{ host: "10.0.0.5:8080", origin: Origin }],
  );

  const certain = await send({ Origin, "Sec-Fetch-Site": "cross-site" });
  assert.doesNotMatch(certain.text, /LABEL_STUDIO_HOST/);
  for (let other = 0; other < 30; other++) await send({ Origin: `http://${other}.example/${"x".repeat(1000)}` });
  assert.equal(lines().length, 10);
  assert.ok(Math.max(...lines().map(({ origin }) => origin.length)) <= 200);
});

test("same origin: a form from elsewhere than the configured host is told which that is (C4)", async (t) => {
  const { visitor } = await startApp(t, { host: new URL("https://labels.example.com/") });

  const answer = await logIn(visitor(), { email, password }).set({ Host: "10.0.0.5:8080", Origin: "http://10.0.0.6" });

  assert.equal(answer.status, 403);
  assert.match(answer.text, /https:\/\/labels\.example\.com\/ \(LABEL_STUDIO_HOST\)/);
});

test("same origin: it is held to the same, whatever it was sent as (C5)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();

  for (const type of [
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
  ]) {
    const change = browser.post("/user/account/").set({ "Content-Type": type, "Sec-Fetch-Site": "cross-site" });
    await change.send('{"first_name":"Eve"}').expect(403);
  }
  assert.deepEqual(await repositories.users.find(user.id), user);
});

test("same origin: scripts that log in or sign up as Label Studio's form does get in (C6)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  const cookies = cookiesOf(await visitor().get("/user/login/").expect(200));
  assert.deepEqual(
    cookies.map(({ name, attributes }) => [name, attributes]),
    [["csrftoken", ["path=/", "samesite=lax"]]],
  );
  assert.notEqual(cookies[0]?.value, "");
  assert.equal(cookiesOf(await visitor().get("/user/signup/").expect(200))[0]?.name, "csrftoken");

  for (const csrfmiddlewaretoken of [cookies[0]?.value ?? "", "anything", ""]) {
    await logIn(visitor(), { email, password, csrfmiddlewaretoken }).expect(303);
    const fields = { email: `new${csrfmiddlewaretoken.length}@example.com`, password, csrfmiddlewaretoken };
    await signUp(visitor(), fields).expect(303);
  }
});

test("same origin: looking at any page changes nothing (C2)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email, password });
  const cookie = sessionHeader(await logIn(app.visitor(), { email, password }));
  const invite = await app.repositories.organizations.inviteToken(1);
  const before = await databaseContents(app.database);

  assert.ok(readable.length >= 20, "the list of routes is the real one");
  for (const { path } of [...readable, { path: `/user/signup/?token=${invite}` }].filter(
    ({ path }) => path !== "/logout",
  )) {
    for (const cookies of [cookie, ""]) {
      await app.visitor().get(path).set("Cookie", cookies);
      await app.visitor().head(path).set("Cookie", cookies);
    }
  }
  assert.equal(await databaseContents(app.database), before);
});

test("same origin: a link or an image of another site logs nobody out (C2)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });
  const cookie = underBothNames(sessionHeader(await logIn(visitor(), { email, password })));
  const requestHeaders = { Host: "labels.example.com", Cookie: cookie };

  for (const headers of [...fromElsewhere, { Referer: "https://evil.example/page" }, { Referer: "nonsense" }]) {
    for (const address of ["/logout", "/logout/"]) {
      const page = await visitor().get(address).set(requestHeaders).set(headers);
      assert.equal(page.status, 200, JSON.stringify(headers));
      assert.match(page.text, /You’re logged in as <bdi>ada@example\.com/);
      await visitor().head(address).set(requestHeaders).set(headers);
    }
  }
  await visitor().get("/people/").set(requestHeaders).expect(200);
  await visitor().get("/logout").set(requestHeaders).set("Referer", "http://labels.example.com/people/").expect(302);
  await visitor().get("/people/").set(requestHeaders).expect(302);
});

test("same origin: asking only for the headers of log-out ends nothing (C2)", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  await browser.head("/logout");

  await browser.get("/people/").expect(200);
});
