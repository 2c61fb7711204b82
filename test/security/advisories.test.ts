import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import net from "node:net";
import { test } from "node:test";

import { load } from "cheerio";
import { SignJWT } from "jose";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { password, share, startApp } from "../support/app.ts";
import { exchangeBytes } from "../support/exchange-bytes.ts";
import { logIn, signUp } from "../support/forms.ts";
import { jpeg, withComment } from "../support/images.ts";
import { textSetup } from "../support/imports.ts";
import { listen } from "../support/listen.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { claims, storePersonalToken } from "../support/tokens.ts";

/** The owner's browser, and a project with a task whose text is markup. */
async function startWithMarkup(t: TestHooks) {
  const app = await startApi(t);
  const { browser, user } = await app.signedIn();
  const { script } = app.owner;
  const project: number = (await script("post", "/api/projects/", { title: "Markup", label_config: textSetup })).body
    .id;
  const task: number = (await script("post", "/api/tasks/", { project, data: { text: markup } }).expect(201)).body.id;
  return { ...app, browser, user, project, task };
}

const markup = "</script><script>alert(1)</script>";

const shared = share(startWithMarkup);

/** Counts who connects to a port of this machine, to which a server could be told to go. */
async function startTrap(t: TestHooks): Promise<{ port: number; visits: () => number }> {
  let visits = 0;
  const trap = net.createServer((socket) => {
    visits++;
    socket.on("error", () => undefined).end('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n[{"text": "a"}]');
  });
  return { port: await listen(t, trap), visits: () => visits };
}

test("advisory: the key that Label Studio had in its sources forges nobody's session or token (CVE-2023-43791, GHSA-f475-x83m-rx5m)", async (t) => {
  const known = "$(fefwefwef13;LFK{P!)@#*!)kdsjfWF2l+i5e3t(8a1n";
  const app = await startApi(t);
  const { owner } = app;
  assert.notEqual(app.config.secret_key, known);

  const session = Buffer.from(JSON.stringify({ _auth_user_id: String(owner.user.id) })).toString("base64url");
  const signature = createHmac("sha256", known).update(session).digest("base64url");
  for (const name of ["sessionid", "__Host-sessionid"])
    await app.visitor().get("/people/").set("Cookie", `${name}=${session}:1vXyZa:${signature}`).expect(302);
  const token = await new SignJWT(claims(owner))
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(known.padEnd(32)));
  await storePersonalToken(app, owner, token);
  await app.anonymous("post", "/api/token/refresh/", { refresh: token }).expect(401);
});

test("advisory: a profile image named .html, with a script in its comment, brings none along (CVE-2023-47115, GHSA-q68h-xwq5-mm7x)", async () => {
  const { owner, request } = await shared();
  const image = withComment(await jpeg(), Buffer.from("<script>alert(1)</script>"));
  const upload = (filename: string, contentType: string) =>
    owner.script("post", `/api/users/${owner.user.id}/avatar/`).attach("avatar", image, { filename, contentType });

  await upload("me.html", "text/html").expect(400);
  await upload("me.html", "image/jpeg").expect(400);
  await upload("me.jpg", "text/html").expect(400);
  await upload("me.jpg", "image/jpeg").expect(200);

  const { avatar } = (await owner.script("get", "/api/current-user/whoami")).body as { avatar: string };
  const served = await request().get(avatar).buffer(true);
  assert.equal(served.headers["content-type"], "image/jpeg");
  assert.equal(served.headers["x-content-type-options"], "nosniff");
  assert.ok(!Buffer.from(served.body as Buffer).includes("script"));
});

test("advisory: no filter, sorting or field reaches passwords and tokens (CVE-2023-47117, GHSA-6hjj-gq77-j4qw)", async () => {
  const { owner, project } = await shared();
  const items = ["updated_by__password_hash", "updated_by__auth_token__key"].map((column) => ({
    filter: `filter:tasks:${column}`,
    operator: "starts_with",
    type: "String",
    value: "a",
  }));
  const filters = { conjunction: "and", items };
  const tasks = `/api/tasks/?project=${project}&`;
  const action = `/api/dm/actions/?project=${project}&id=delete_tasks`;

  for (const query of [{ filters }, { ordering: ["updated_by__password_hash"] }])
    await owner.script("get", `${tasks}query=${encodeURIComponent(JSON.stringify(query))}`).expect(400);
  await owner.script("post", action, { selectedItems: { all: true, excluded: [] }, filters }).expect(400);
  const without = await owner.script("get", `${tasks}fields=all`).expect(200);
  const sorted = "ordering=updated_by__password_hash&updated_by__password_hash__startswith=a";
  assert.equal((await owner.script("get", `${tasks}fields=all&${sorted}`).expect(200)).text, without.text);
  const columns = await owner.script("get", `${tasks}include=updated_by__password_hash,password_hash`).expect(200);
  assert.deepEqual(columns.body.tasks, [{}]);
});

test("advisory: custom hotkeys are no markup of any page (CVE-2026-22033, GHSA-2mq9-hm29-8qch)", async () => {
  const { browser, user, repositories, project, task } = await shared();
  // As if they had been stored before they were checked.
  await repositories.users.update(user.id, {
    custom_hotkeys: JSON.stringify({ "a:b": { key: markup, active: true } }),
  });

  const labeling = `/projects/${project}/tasks/${task}/label`;
  for (const address of ["/", "/projects/", labeling, "/user/account/", "/people/", `/people/${user.id}`]) {
    const page = load((await browser.get(address).expect(200)).text);
    assert.equal(page("script:not([src])").length, 0, address);
  }
  const answer = await browser.get("/api/current-user/hotkeys/").expect(200);
  assert.equal(answer.headers["content-type"], "application/json");
});

test("advisory: an import that names an address makes the server fetch nothing (CVE-2022-36551, GHSA-pc6f-259w-w3j6, CVE-2023-47116)", async (t) => {
  const { owner, browser, project } = await shared();
  const trap = await startTrap(t);
  const hosts = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "user@127.0.0.1"];

  for (const url of hosts.map((host) => `http://${host}:${trap.port}/tasks.json`)) {
    await owner.script("post", `/api/projects/${project}/import`, { url }).expect(400);
    const form = owner.script("post", `/api/projects/${project}/import`).type("form");
    await form.send(`url=${encodeURIComponent(url)}`).expect(400);
    await browser.post(`/projects/${project}/import`).field("text", url).field("format", "auto").expect(422);
    // As data it is shown, and asked for by the browser of whoever labels.
    await owner.script("post", "/api/tasks/", { project, data: { text: url } }).expect(201);
  }

  assert.equal(trap.visits(), 0);
});

test("advisory: there are no cloud storages, so none is contacted (CVE-2025-25297)", async (t) => {
  const { owner, project } = await shared();
  const trap = await startTrap(t);
  const storage = { project, bucket: "b", s3_endpoint: `http://127.0.0.1:${trap.port}/` };

  for (const [path, status] of [
    ["/api/storages/s3", 403],
    ["/api/storages/s3/validate", 404],
    ["/api/storages/export/s3", 403],
    ["/api/storages/", 405],
  ] as const)
    await owner.script("post", path, storage).expect(status);

  assert.equal(trap.visits(), 0);
});

test("advisory: no path of static files leads to the program, its settings or its data (GHSA-cpmr-mw4j-99r7)", async () => {
  const app = await shared();
  const places = ["/static", "/data", "/data/avatars", "/docs", "/favicon.ico"];
  const steps = ["../", "/../", "/..%2f", "/%2e%2e/", "/%2e%2e%2f", "/..%5c", "/..;/", "%2f..%2f", "/%252e%252e/"];
  const files = ["package.json", ".env"];

  for (const place of places)
    for (const step of steps)
      for (const file of files) {
        const status = await statusOf(app, `${place}${step}${file}`);
        assert.ok(status === 404 || status === 302, `${place}${step}${file} is ${status}`);
      }
});

/** Asks for a path as it stands; clients would resolve its dots. */
async function statusOf({ port }: Pick<ApiApp, "port">, path: string): Promise<number> {
  const text = await exchangeBytes(port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
}

test("advisory: log-in and sign-up lead to no other site (LS PR#4341)", async (t) => {
  const { visitor, repositories } = await startApp(t, { disable_signup_without_link: false });
  await repositories.users.create({ email: "ada@example.com", password });

  for (const [index, next] of [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
  ].entries()) {
    const query = `?next=${encodeURIComponent(next)}`;
    const login = await logIn(visitor(), { email: "ada@example.com", password, next }, `/user/login/${query}`).expect(
      303,
    );
    const signup = await signUp(visitor(), { email: `b${index}@example.com`, password, next }, `/user/signup/${query}`);
    assert.equal(signup.status, 303);
    for (const { headers } of [login, signup]) assert.equal(headers["location"], "/");
  }
});

test("advisory: what was imported or typed as a label config is never a page of its own (CVE-2024-23633, CVE-2025-25296)", async () => {
  const { owner, browser, project, task } = await shared();
  const config = encodeURIComponent(`<View><HyperText name="p" value="${markup}"/></View>`);

  for (const path of ["/projects/upload-example", "/projects/upload-example/", "/api/projects/upload-example"])
    await browser.get(`${path}?label_config=${config}`).expect(404);
  for (const path of ["/data/upload/1/a.html", `/tasks/${task}/resolve/?fileuri=YQ==`])
    await browser.get(path).expect(404);
  await browser.get("/data/local-files/?d=a.html").expect(403);
  const paths = [`/api/tasks/${task}/`, `/api/projects/${project}/export?exportType=JSON&download_all_tasks=true`];
  for (const path of paths) {
    for (const { headers, text } of [await owner.script("get", path), await browser.get(path)]) {
      assert.ok(text.includes("alert(1)"), "the data is in it");
      assert.match(String(headers["content-type"]), /^application\/json/);
      assert.equal(headers["x-content-type-options"], "nosniff");
    }
  }
});

test("advisory: an invitation token that does not match makes no account (LS PR#2274)", async (t) => {
  for (const disable_signup_without_link of [true, false]) {
    const { visitor, repositories, database } = await startApp(t, { disable_signup_without_link });
    await repositories.users.create({ email: "ada@example.com", password });
    const token = await repositories.organizations.inviteToken(1);

    for (const wrong of ["x", token.slice(0, -1), `${token}x`, token.toUpperCase(), "%", "null"]) {
      const address = `/user/signup/?token=${encodeURIComponent(wrong)}`;
      await signUp(visitor(), { email: "eve@example.com", password }, address).expect(403);
    }
    assert.equal((await database("users")).length, 1);
  }
});
