import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { addFailures } from "../support/attempts.ts";
import { logIn, signUp } from "../support/forms.ts";
import { textSetup } from "../support/imports.ts";
import { newToken } from "../support/tokens.ts";

const email = "ada@example.com";

interface Line {
  event?: string;
  time: string;
  ip?: string;
  user?: number;
  by?: number;
  email?: string;
}

function events({ logged }: TestApp): Line[] {
  return logged.map((line) => JSON.parse(line) as Line).filter(({ event }) => event !== undefined);
}

test("log: each event of accounts, sessions, tokens and invitations is in it, in UTC, with who and from where (G1)", async (t) => {
  const app = await startApi(t, { disable_signup_without_link: true });
  const { owner, repositories } = app;
  const invitation = `/user/signup/?token=${await repositories.organizations.inviteToken(1)}`;
  const browser = app.visitor();
  const post = (address: string, fields: object = {}) => browser.post(address).type("form").send(fields);
  const expected: string[] = [];
  const isLogged = (...names: string[]) => {
    expected.push(...names);
    const lines = events(app);
    assert.deepEqual(
      lines.map(({ event }) => event),
      expected,
    );
    const line = lines.at(-1);
    assert.match(String(line?.time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.equal(line?.ip?.replace("::ffff:", ""), "127.0.0.1", line?.event);
    assert.ok(line?.user ?? line?.by ?? line?.email, `${line?.event} says who`);
  };

  await signUp(browser, { email, password }, invitation).expect(303);
  isLogged("user_created");
  await post("/logout").expect(303);
  isLogged("authn_logout");
  await logIn(browser, { email, password: "wrong password" }).expect(422);
  isLogged("authn_login_fail");
  await addFailures(app, 6);
  await logIn(browser, { email, password: "wrong password" });
  await logIn(browser, { email, password }).expect(429);
  // A failure, the wait that begins with it, and a try that has to wait.
  isLogged("authn_login_fail", "authn_login_lock", "authn_login_lock");
  await repositories.loginThrottle.resetLogin(email);
  await logIn(browser, { email, password }).expect(303);
  isLogged("authn_login_success");
  await post("/user/account/personal-access-token", { name: "export" }).expect(200);
  isLogged("authn_token_created");
  await post("/user/account/personal-access-token/1/delete").expect(303);
  isLogged("authn_token_revoked");
  await post("/user/account/legacy-token").expect(303);
  isLogged("authn_token_renewed");
  await post("/organization/access", { api_tokens_enabled: "on", api_token_ttl_days: "9" }).expect(303);
  isLogged("token_settings_changed");
  await post("/people/invite").expect(303);
  isLogged("invite_reset");
  const [session] = await repositories.sessions.list(owner.user.id + 1);
  await post("/user/account/sessions/delete", { current_password: password, session: session?.id }).expect(303);
  isLogged("session_ended");
  await logIn(browser, { email, password }).expect(303);
  await post("/user/account/password", { current_password: password, new_password: "another staple" }).expect(303);
  isLogged("authn_login_success", "authn_password_change");
  await repositories.organizations.update(1, { legacy_api_tokens_enabled: true });
  const refresh = await newToken(owner.script);
  isLogged("authn_token_created");
  const { refresh: rotated } = (await owner.script("post", "/api/token/rotate/", { refresh }).expect(200)).body;
  isLogged("authn_token_rotated");
  await app.anonymous("post", "/api/token/blacklist/", { refresh: rotated }).expect(204);
  isLogged("authn_token_revoked");
  await owner.script("delete", `/api/organizations/1/memberships/${owner.user.id + 1}/`).expect(204);
  isLogged("member_removed");
});

test("log: a line break that somebody sends begins no line of its own (G2)", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const forged = '{"level":"info","event":"authn_login_success"}';

  for (const newline of ["\n", "\r\n", "\u2028", "\u0085", "\\n"]) {
    const text = `a${newline}${forged}`;
    await logIn(app.visitor(), { email: `a@b.c${newline}${forged}`, password: text });
    await browser.post("/user/account/").type("form").send({ first_name: text });
    await browser.post("/projects/").type("form").send({ title: text, template: "xml", label_config: text });
    await browser.get(`/${encodeURIComponent(text)}?q=${encodeURIComponent(text)}`).expect(404);
    await browser.get("/people/").set("Referer", encodeURIComponent(text));
  }

  assert.ok(app.logged.length >= 25, "the requests are logged");
  for (const line of app.logged) assert.match(line, /^\{"level":"(?:debug|info|warn)"[^\n\r]*\}\n$/);
  assert.deepEqual(
    events(app).filter(({ event }) => event === "authn_login_success"),
    [],
  );
});

test("server: TRACE gives nothing back, folders are not listed, and no answer names the software (G4)", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();

  for (const path of ["/", "/people/", "/health", "/api/users/", "/static/"]) {
    const answer = await browser.trace(path).set("X-Secret", "echoed");
    assert.ok([404, 405].includes(answer.status), `${path} is ${answer.status}`);
    assert.doesNotMatch(`${answer.text}${JSON.stringify(answer.headers)}`, /echoed/);
  }
  for (const path of ["/static", "/static/", "/data", "/data/", "/data/avatars/", "/docs/", "/src/", "/node_modules/"])
    await browser.get(path).expect(404);
  for (const path of ["/debug", "/__debug__/", "/admin/", "/sentry-debug", "/heidi-tips", "/.env", "/.git/config"])
    await browser.get(path).expect(404);
  const { headers } = await browser.get("/people/").expect(200);
  assert.deepEqual(
    ["server", "x-powered-by", "x-runtime"].filter((name) => name in headers),
    [],
  );
});

test("server: with default settings it connects to nobody, whatever people do (G5)", async (t) => {
  const app = await startApi(t);
  const { script } = app.owner;
  const elsewhere: string[] = [];
  const note = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once("lookup", (_error, _address, _family, host: string) => void elsewhere.push(host));
    socket.once("connect", () => {
      if (socket.remotePort !== app.port) elsewhere.push(`${socket.remoteAddress}:${socket.remotePort}`);
    });
  };
  subscribe("net.client.socket", note);
  t.after(() => void unsubscribe("net.client.socket", note));

  const browser = app.visitor();
  const invitation = `/user/signup/?token=${await app.repositories.organizations.inviteToken(1)}`;
  await signUp(browser, { email, password, allow_newsletters: "on" }, invitation).expect(303);
  const project = (await script("post", "/api/projects/", { title: "Away", label_config: textSetup })).body
    .id as number;
  const data = { text: "https://labels.invalid/a.png", image: "s3://bucket/a.png" };
  const task = (await script("post", "/api/tasks/", { project, data }).expect(201)).body.id as number;
  await script("post", `/api/projects/${project}/import`, { url: "https://labels.invalid/tasks.json" }).expect(400);
  await browser.get(`/projects/${project}/tasks/${task}/label`).expect(200);
  await script("get", `/api/projects/${project}/export?exportType=CSV&download_all_tasks=true`).expect(200);
  for (const path of ["/", "/people/", "/user/account/", "/version", "/docs/api/", "/api/version/"])
    await browser.get(path).redirects(1).expect(200);

  assert.deepEqual(elsewhere, []);
});
