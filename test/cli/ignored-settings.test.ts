import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { password } from "../support/app.ts";
import { openShellInProcess } from "../support/command.ts";

const ada = "ada@example.com";

/** The warnings in the log of a start, and whether it still served. */
async function warningsOf(t: TestContext, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { serve } = openShellInProcess(t);
  const server = await serve(["start", "--no-browser", "--port", "0", ...args], env);
  const { code, stderr } = await server.stop();
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /secret word/);
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { level: string; msg: string });
  return lines.filter(({ level, msg }) => level === "warn" && !/plain http/.test(msg)).map(({ msg }) => msg);
}

test("start: variables that are not known are told once each, with the name that was meant, and never their value", async (t) => {
  assert.deepEqual(
    await warningsOf(t, [], {
      LABEL_STUDIO_USERNAM: ada,
      HEARTEX_PASSWRD: "secret word",
      LABEL_STUDIO_PORT_FILE: "/run/port",
      LABEL_STUDIO_MOON: "full",
      LABEL_STUDIO_EMPTY: "",
      LABEL_STUDIO_SERVICE_HOST: "10.0.0.1",
      LABEL_STUDIO_PORT_8080_TCP_ADDR: "10.0.0.1",
      LABEL_STUDIO_CSRF_TRUSTED_ORIGINS: "https://labels.example.com",
      LABEL_STUDIO_LOG_LEVEL: "info",
      UNRELATED_PORT: "1",
    }),
    [
      "LABEL_STUDIO_USERNAM is unknown. Did you mean LABEL_STUDIO_USERNAME?",
      "HEARTEX_PASSWRD is unknown. Did you mean HEARTEX_PASSWORD?",
      "LABEL_STUDIO_PORT_FILE is unknown",
      "LABEL_STUDIO_MOON is unknown",
    ],
  );
});

const effectless: [args: string[], env: NodeJS.ProcessEnv, warnings: string[]][] = [
  [["--username", ada, "--password", password, "--user-token", "abcde"], {}, []],
  [
    ["--password", "secret word"],
    { LABEL_STUDIO_USER_TOKEN: "abcde" },
    [
      "--password (LABEL_STUDIO_PASSWORD) has no effect without --username (LABEL_STUDIO_USERNAME): no user was created",
      "--user-token (LABEL_STUDIO_USER_TOKEN) has no effect without --username (LABEL_STUDIO_USERNAME): no user was created",
    ],
  ],
  [
    ["--init", "-q", "--password", "secret word"],
    {},
    [
      "--password (LABEL_STUDIO_PASSWORD) has no effect without --username (LABEL_STUDIO_USERNAME): no user was created",
    ],
  ],
  [
    ["--label-config", "setup.xml", "--sampling", "uniform", "--initial-project-description", "First"],
    {},
    [
      "--initial-project-description has no effect without --init",
      "--sampling has no effect without --init",
      "--label-config has no effect without --init",
    ],
  ],
  [["--init", "-q", "--sampling", "uniform"], {}, ["--sampling has no effect without a project's title"]],
];

for (const [args, env, warnings] of effectless)
  test(`start ${args.join(" ")}: ${warnings.length} options are told to have no effect`, async (t) => {
    assert.deepEqual(await warningsOf(t, args, env), warnings);
  });

test("init: options without the one that they belong to are told on standard error", async (t) => {
  const { run } = openShellInProcess(t);

  const { code, stderr } = await run(["init", "-q", "--user-token", "abcde", "--sampling", "uniform"]);

  assert.equal(code, 0);
  assert.equal(
    stderr,
    "Note: --sampling has no effect without a project's title.\n" +
      "Note: --user-token (LABEL_STUDIO_USER_TOKEN) has no effect without --username (LABEL_STUDIO_USERNAME): no user was created.\n",
  );
});

test("options: two that say the same thing differently are refused", async (t) => {
  const { run } = openShellInProcess(t);

  for (const args of [
    ["init", "--username", ada, "--password", password, "--password-stdin"],
    ["import-label-studio", "--from", "a", "--secret-key", "k", "--secret-key-file", "f"],
  ]) {
    const { code, stderr } = await run(args);

    assert.equal(code, 2);
    assert.match(stderr, /cannot be used with option/);
  }
});

test("start: a mail server without an address for links is told to have no effect", async (t) => {
  const LABEL_STUDIO_SMTP_URL = "smtp://ann:secret%20word@127.0.0.1:1";

  const [warning, ...others] = await warningsOf(t, [], { LABEL_STUDIO_SMTP_URL });

  assert.match(String(warning), /^LABEL_STUDIO_SMTP_URL has no effect without LABEL_STUDIO_HOST/);
  assert.deepEqual(others, []);
  const host = { LABEL_STUDIO_HOST: "http://labels.example.com" };
  assert.deepEqual(await warningsOf(t, [], { LABEL_STUDIO_SMTP_URL, ...host }), []);
});
