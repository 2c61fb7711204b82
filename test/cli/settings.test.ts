import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { locationName } from "../../src/database/location.ts";
import { password } from "../support/app.ts";
import { openShell, openShellInProcess } from "../support/command.ts";

const ada = "ada@example.com";

const wrongValues: [env: NodeJS.ProcessEnv, args: string[], message: RegExp][] = [
  [{ LABEL_STUDIO_PORT: "abc" }, [], /^LABEL_STUDIO_PORT is "abc": .*0 to 65535$/],
  [{ PORT: "-1" }, [], /^PORT is "-1": .*0 to 65535$/],
  [{}, ["--port", "65536"], /^--port is "65536": .*0 to 65535$/],
  [{ HEARTEX_HOST: "0.0.0.0" }, [], /^HEARTEX_HOST is "0\.0\.0\.0": .*https:\/\/.*LABEL_STUDIO_INTERNAL_HOST/],
  [{}, ["--host", "ftp://labels.example.com"], /^--host is "ftp:\/\/labels\.example\.com": .*https:\/\//],
  [{}, ["--log-level", "LOUD"], /^--log-level is "LOUD": .*DEBUG, INFO, WARNING or ERROR$/],
  [
    { LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK: "maybe" },
    [],
    /^LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK is "maybe": .*true or false$/,
  ],
  [{ LABEL_STUDIO_PASSWORD_COST: "4" }, [], /^LABEL_STUDIO_PASSWORD_COST is "4": .*10 to 15$/],
  [{ LABEL_STUDIO_TRUSTED_PROXIES: "proxy" }, [], /^LABEL_STUDIO_TRUSTED_PROXIES is "proxy": .*IP addresses/],
  [{ SECRET_KEY: "not long enough" }, [], /^SECRET_KEY is not usable: .*32 characters or more$/],
  [{ LABEL_STUDIO_PASSWORD_FILE: "/nowhere" }, [], /^LABEL_STUDIO_PASSWORD_FILE is "\/nowhere": .*file.*read$/],
];

test("settings: a wrong value ends with 2 and one line that names the setting, the value and what is allowed", async (t) => {
  const { run } = openShellInProcess(t);

  for (const [env, args, message] of wrongValues) {
    const outcome = await run(["start", "--no-browser", ...args], { env });

    assert.equal(outcome.code, 2, String(message));
    assert.equal(outcome.stdout, "");
    assert.equal(outcome.stderr.split("\n").length, 2, outcome.stderr);
    assert.match(outcome.stderr.trimEnd(), message);
  }
});

test("settings: an address that this machine does not have ends with one line that names it", async (t) => {
  const { run } = openShellInProcess(t);

  const outcome = await run(["start", "--no-browser", "--internal-host", "192.0.2.1"]);

  assert.ok(outcome.code === 1 || outcome.code === 2, String(outcome.code));
  assert.equal(outcome.stderr.split("\n").length, 2, outcome.stderr);
  assert.match(outcome.stderr, /192\.0\.2\.1/);
});

test("settings: the command line wins over LABEL_STUDIO_, that over HEARTEX_, that over the bare name", async (t) => {
  const { run } = openShellInProcess(t);
  const port = async (args: string[], env: NodeJS.ProcessEnv) =>
    (await run(["start", "--no-browser", ...args], { env })).stderr.split(" ")[0];

  const env = { PORT: "bare", HEARTEX_PORT: "second", LABEL_STUDIO_PORT: "first" };
  assert.equal(await port(["--port", "option"], env), "--port");
  assert.equal(await port([], env), "LABEL_STUDIO_PORT");
  assert.equal(await port([], { ...env, LABEL_STUDIO_PORT: "" }), "HEARTEX_PORT");
  assert.equal(await port([], { PORT: "bare" }), "PORT");
});

test("settings: USERNAME, PASSWORD and HOST without a prefix are the desktop's, not ours", async (t) => {
  const { serve } = openShellInProcess(t, { USERNAME: ada, PASSWORD: password, HOST: "my-laptop" });

  const server = await serve(["start", "--no-browser", "--port", "0"]);

  assert.doesNotMatch(server.stdout(), /User/);
  assert.match(server.url, /^http:\/\/localhost:/);
});

test("settings: --data-dir is made for its owner alone, and wins over the environment", async (t) => {
  const { home, run } = openShell(t, { DATABASE_URL: "" });

  await run(["init", "--quiet", "--data-dir", "deep/inside"]);

  assert.ok(existsSync(path.join(home, "deep", "inside", "label_studio.sqlite3")));
  assert.equal(statSync(path.join(home, "deep", "inside")).mode & 0o777, 0o700);
  assert.equal(statSync(path.join(home, "deep", "inside", ".env")).mode & 0o777, 0o600);
  assert.ok(!existsSync(path.join(home, "data", "label_studio.sqlite3")));
});

test(
  "settings: without a data folder, Label Studio's own is used",
  { skip: process.platform !== "linux" },
  async (t) => {
    const { home, run } = openShell(t, { DATABASE_URL: "" });

    await run(["init", "--quiet"], { env: { LABEL_STUDIO_BASE_DATA_DIR: "" } });

    assert.ok(existsSync(path.join(home, ".local", "share", "label-studio", "label_studio.sqlite3")));
  },
);

for (const database of [["-db", "mine.sqlite3"], ["-db=mine.sqlite3"], ["--database", "mine.sqlite3"]]) {
  test(`settings: ${database.join(" ")} names the file`, async (t) => {
    const { config, run } = openShellInProcess(t, { DATABASE_URL: "" });

    const outcome = await run(["init", "--quiet", ...database]);

    assert.equal(outcome.code, 0);
    assert.ok(existsSync(path.join(config.data_dir, "mine.sqlite3")));
    assert.ok(!existsSync(locationName(config.database)));
  });
}

test("settings: options may stand before or after the command, or without one", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ email: ada, password });

  for (const args of [
    ["--username", ada, "--port", "0", "-b", "start"],
    ["start", "-b", "-p", "0", "--username", ada],
    ["--username", ada, "start", "--port=0", "-b"],
    ["-b", "--port", "0", "--username", ada],
  ]) {
    const server = await serve(args);
    assert.match(server.stdout(), /^User ada@example\.com already exists\nAtelier is running at /, args.join(" "));
    await server.stop();
  }
});
