import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import http from "node:http";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { readSecretKey, replaceSecretKey, writeNextSecretKey } from "../../src/config/data-directory.ts";
import { password, startApp } from "../support/app.ts";
import { email, openInitializedShell } from "../support/initialized-shell.ts";
import { listen } from "../support/listen.ts";
import { startMailServer } from "../support/mail-server.ts";

/** What `doctor --json` finds wrong with the site at this address, by name. */
async function wrongAt(t: TestContext, url: string): Promise<Record<string, string>> {
  const { run } = await openInitializedShell(t);
  const { stdout } = await run(["doctor", "--json", "--url", url]);
  const { findings } = JSON.parse(stdout) as { findings: { name: string; ok: boolean; message: string }[] };
  return Object.fromEntries(findings.filter(({ ok }) => !ok).map(({ name, message }) => [name, message]));
}

/** A site with these settings behind a proxy on plain http that sends this `Host`; gives its address. */
async function openSite(t: TestContext, settings: Parameters<typeof startApp>[1], Host?: string): Promise<string> {
  const app = await startApp(t, settings);
  await app.repositories.users.create({ email, password });
  const passOn = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const answer = app.visitor()[request.method === "POST" ? "post" : "get"](request.url ?? "/");
    for (const [name, value] of Object.entries(request.headers))
      if (["origin", "content-type"].includes(name)) answer.set(name, String(value));
    const { status, headers, text } = await answer
      .set("Host", Host ?? request.headers.host ?? "")
      .redirects(0)
      .ok(() => true);
    response.writeHead(status, headers.location ? { location: headers.location } : {}).end(text);
  };
  const proxy = http.createServer((request, response) => void passOn(request, response));
  return `http://127.0.0.1:${await listen(t, proxy)}`;
}

test("doctor: a server that can work is told so, line by line", async (t) => {
  const { run } = await openInitializedShell(t);

  const { code, stdout, stderr } = await run(["doctor", "--url", await openSite(t, {})]);

  assert.deepEqual([code, stderr], [0, ""], stdout);
  for (const name of [
    "data folder",
    "disk",
    "database",
    "migrations",
    "secret key",
    "site",
    "path",
    "forms",
    "host",
    "protocol",
  ])
    assert.match(stdout, new RegExp(`^ok +${name}: .+$`, "m"));
});

test("doctor: a key that is not the database's is told, with exit code 1", async (t) => {
  const { run } = await openInitializedShell(t);

  const { code, stdout, stderr } = await run(["doctor"], { env: { LABEL_STUDIO_SECRET_KEY: "x".repeat(50) } });

  assert.equal(code, 1);
  assert.match(stdout, /^WRONG +secret key: .*LABEL_STUDIO_SECRET_KEY/m);
  assert.equal(stderr, "Wrong: secret key.\n");
});

test("doctor: a key that was being replaced during a crash is the database's, as for a start", async (t) => {
  const { run, config } = await openInitializedShell(t);
  const key = readSecretKey(config.data_dir) ?? "none";
  replaceSecretKey(config.data_dir, "k".repeat(50));
  writeNextSecretKey(config.data_dir, key);

  const { code, stdout } = await run(["doctor"]);

  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok {5}secret key: the same$/m);
});

test("doctor: a data folder that can't be written is told", { skip: process.getuid?.() === 0 }, async (t) => {
  const { run, config } = await openInitializedShell(t);
  chmodSync(config.data_dir, 0o500);
  t.after(() => chmodSync(config.data_dir, 0o700));

  assert.match((await run(["doctor"])).stdout, /^WRONG +data folder: .*--data-dir/m);
});

test("doctor: a host that the proxy replaced is told, with header and setting", async (t) => {
  const wrong = await wrongAt(t, await openSite(t, {}, "10.0.0.5:8080"));

  assert.deepEqual(Object.keys(wrong), ["forms", "host"]);
  assert.match(String(wrong.forms), /Host.*LABEL_STUDIO_HOST/);
  assert.match(String(wrong.host), /10\.0\.0\.5:8080.*X-Forwarded-Host.*LABEL_STUDIO_HOST/);
});

test("doctor: another protocol than the server's own is told, with header and setting", async (t) => {
  const address = await openSite(t, { trusted_proxies: [] });
  const { host } = new URL(address);
  const configured = await openSite(t, { host: new URL(`https://${host}`) });

  const wrong = await wrongAt(t, configured);

  assert.match(String(wrong.protocol), /https:\/\/.*X-Forwarded-Proto.*LABEL_STUDIO_HOST/);
});

test("doctor: a path that the server does not know is told", async (t) => {
  const wrong = await wrongAt(t, await openSite(t, { base_path: "/labels" }));

  assert.match(String(wrong.path), /LABEL_STUDIO_HOST/);
});

test("doctor: a host that is refused is told", async (t) => {
  const address = await openSite(t, { allowed_hosts: ["labels.example.com"] }, "other.example.com");

  assert.match(String((await wrongAt(t, address)).host), /LABEL_STUDIO_ALLOWED_HOSTS/);
});

test("doctor: an address where nothing answers is told, and one that is none is refused", async (t) => {
  const { run } = await openInitializedShell(t);

  const nothing = await run(["doctor", "--url", "http://127.0.0.1:1"]);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stdout, /^WRONG +site: http:\/\/127\.0\.0\.1:1 doesn't answer: .+/m);
  const none = await run(["doctor", "--url", "labels example"]);
  assert.deepEqual([none.code, none.stdout], [2, ""]);
});

test("doctor: a mail server that takes no mail is found, and one that has no effect", async (t) => {
  const { run } = await openInitializedShell(t);
  const { url } = await startMailServer(t);
  const mailOf = async (env: NodeJS.ProcessEnv) => {
    const { stdout } = await run(["doctor"], { env });
    return stdout.split("\n").find((line) => line.includes("mail:"));
  };
  const LABEL_STUDIO_HOST = "https://labels.example.com";

  assert.equal(await mailOf({ LABEL_STUDIO_HOST }), undefined);
  assert.equal(
    await mailOf({ LABEL_STUDIO_HOST, LABEL_STUDIO_SMTP_URL: url }),
    `ok     mail: ${new URL(url).host} takes mail`,
  );
  assert.match(
    String(await mailOf({ LABEL_STUDIO_HOST, LABEL_STUDIO_SMTP_URL: "smtp://ann:secret@127.0.0.1:1" })),
    /^WRONG {2}mail: 127\.0\.0\.1:1 takes no mail: .*ECONNREFUSED/,
  );
  assert.match(
    String(await mailOf({ LABEL_STUDIO_SMTP_URL: url })),
    /^WRONG {2}mail: .* no effect without LABEL_STUDIO_HOST/,
  );
});
