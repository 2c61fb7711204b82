import assert from "node:assert/strict";
import { test } from "node:test";

import { createLogger } from "../../src/common/logger.ts";
import { serve } from "../../src/server.ts";
import { password, startApp } from "../support/app.ts";
import { cookiesOf, sessionHeader } from "../support/cookies.ts";
import { logIn, signUp } from "../support/forms.ts";

const email = "ada@example.com";
const root = new URL("https://labels.example.com");
const below = new URL("https://example.com/labels");

test("cookies: over plain http the session's is closed to scripts and to other sites' forms (S7)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  const [cookie] = cookiesOf(await logIn(visitor(), { email, password }));

  assert.equal(cookie?.name, "sessionid");
  assert.deepEqual(cookie.attributes, ["httponly", "path=/", "samesite=lax"]);
});

test("cookies: over https the session's belongs to this very host, and is sent over https only (S7)", async (t) => {
  const { visitor, repositories } = await startApp(t, { host: root });
  await repositories.users.create({ email, password });

  const answer = await logIn(visitor(), { email, password });

  assert.equal(cookiesOf(answer)[0]?.name, "__Host-sessionid");
  assert.deepEqual(cookiesOf(answer)[0]?.attributes, ["httponly", "path=/", "samesite=lax", "secure"]);
  await visitor().get("/people/").set("Cookie", sessionHeader(answer)).expect(200);
});

test("cookies: a session lasts in the frames that are allowed, over https only (S7)", async (t) => {
  const lax = ["httponly", "path=/", "samesite=lax"];
  const framed = ["httponly", "partitioned", "path=/", "samesite=none", "secure"];
  for (const [settings, expected] of [
    [{ host: root, frame_ancestors: ["https://portal.example.com"] }, framed],
    [{ frame_ancestors: ["https://portal.example.com"] }, lax],
    [{ host: root }, [...lax, "secure"]],
  ] as const) {
    const { visitor, repositories } = await startApp(t, settings);
    await repositories.users.create({ email, password });

    const answer = await logIn(visitor(), { email, password });
    const Cookie = sessionHeader(answer);
    assert.deepEqual(cookiesOf(answer)[0]?.attributes, expected);
    await visitor().get("/people/").set("Cookie", Cookie).expect(200);
    const ended = cookiesOf(await visitor().post("/logout").set("Cookie", Cookie));
    assert.deepEqual(ended[0]?.attributes, expected);
    for (const site of ["cross-site", "same-site"])
      await visitor().post("/user/account/").set({ Cookie, "Sec-Fetch-Site": site }).expect(403);
  }
});

test("cookies: over https below a path the session's is sent for that path only (S7)", async (t) => {
  const { visitor, repositories } = await startApp(t, { host: below, base_path: "/labels" });
  await repositories.users.create({ email, password });

  const answer = await logIn(visitor(), { email, password });

  assert.equal(cookiesOf(answer)[0]?.name, "__Secure-sessionid");
  assert.deepEqual(cookiesOf(answer)[0]?.attributes, ["httponly", "path=/labels", "samesite=lax", "secure"]);
  await visitor().get("/labels/people/").set("Cookie", sessionHeader(answer)).expect(200);
});

test("cookies: over https a session's cookie without its prefix opens nothing (S7)", async (t) => {
  const { visitor, repositories } = await startApp(t, { host: root });
  await repositories.users.create({ email, password });
  const cookie = sessionHeader(await logIn(visitor(), { email, password }));

  await visitor().get("/people/").set("Cookie", cookie.replace("__Host-", "")).expect(302);
});

test("cookies: they are for https only when the configuration says so (S7)", async (t) => {
  const { visitor, repositories } = await startApp(t, { session_cookie_secure: true });
  await repositories.users.create({ email, password });
  const browser = visitor();

  const cookies = [
    ...cookiesOf(await browser.get("/user/login/")),
    ...cookiesOf(await logIn(browser, { email, password })),
  ];

  assert.deepEqual(
    cookies.map(({ name }) => name),
    ["csrftoken", "sessionid"],
  );
  for (const { attributes } of cookies) assert.ok(attributes.includes("secure"));
});

test("cookies: those that are taken away are taken away under their own name and path (S4, S7)", async (t) => {
  const { visitor, repositories } = await startApp(t, { host: below, base_path: "/labels" });
  await repositories.users.create({ email, password });
  const cookie = sessionHeader(await logIn(visitor(), { email, password }));

  const answer = await visitor().post("/labels/logout").set("Cookie", cookie);

  assert.deepEqual(
    cookiesOf(answer).map(({ name, attributes }) => [name, attributes.includes("path=/labels")]),
    [["__Secure-sessionid", true]],
  );
  await visitor().get("/labels/people/").set("Cookie", cookie).expect(302);
});

test("cookies: who ticks the box, or signs up, is remembered beyond the browser's window; others are not (S6)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  const forgotten = await logIn(visitor(), { email, password });
  const remembered = await logIn(visitor(), { email, password, persist_session: "on" });
  const signup = await signUp(visitor(), { email: "bob@example.com", password });

  assert.equal(cookiesOf(forgotten).at(-1)?.isKept, false);
  assert.match(String(remembered.get("Set-Cookie")), /expires=/);
  assert.equal(cookiesOf(remembered).at(-1)?.isKept, true);
  assert.equal(cookiesOf(signup).at(-1)?.isKept, true);
});

test("cookies: a message that is shown makes nobody forgotten or remembered (S6)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create({ email, password });

  for (const persist_session of ["on", "off"]) {
    const browser = visitor();
    await logIn(browser, { email, password, persist_session });
    await browser.post("/user/account/").type("form").send({ first_name: "Ada" }).expect(303);
    const page = await browser.get("/user/account/");
    assert.match(page.text, /<p>Saved</);
    assert.equal(cookiesOf(page)[0]?.isKept, persist_session === "on");
  }
});

test("cookies: all of them together stay far below 4096 bytes, whatever the browser calls itself (S8)", async (t) => {
  const { visitor, repositories } = await startApp(t, { host: root });
  await repositories.users.create({ email, password });

  const answer = await logIn(visitor(), { email, password, persist_session: "on" }).set("User-Agent", "U".repeat(6000));

  assert.equal(answer.status, 303);
  assert.ok(String(answer.get("Set-Cookie")).length < 1024);
});

test("cookies: a page that needs no session starts none (S1)", async (t) => {
  const { visitor, repositories, database } = await startApp(t);
  await repositories.users.create({ email, password });

  for (const address of ["/", "/version", "/health", "/nowhere"])
    assert.deepEqual(cookiesOf(await visitor().get(address)), []);
  assert.deepEqual(await database("sessions"), []);
});

test("cookies: a server on plain http says once in its log what that means for them (S7)", async (t) => {
  for (const [host, expected] of [
    [undefined, 1],
    [new URL("http://labels.lan"), 1],
    [root, 0],
  ] as const) {
    const { config, database } = await startApp(t);
    const lines: string[] = [];
    const log = createLogger("info", { write: (line: string) => void lines.push(line) });
    const server = await serve(
      { config: { ...config, host, port: 0, internal_host: "127.0.0.1" }, database, log },
      () => {},
    );
    await server.close();
    assert.equal(lines.filter((line) => line.includes("Served over plain http")).length, expected);
  }
});
