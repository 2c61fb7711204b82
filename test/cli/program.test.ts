import assert from "node:assert/strict";
import { test } from "node:test";

import { labelStudioVersion } from "../../src/common/package.ts";
import { openShell, openShellInProcess } from "../support/command.ts";

for (const [args, open] of [
  [["version"], openShell],
  [["--version"], openShellInProcess],
] as const) {
  test(`${args.join(" ")}: prints the version as a line and as JSON, and starts nothing`, async (t) => {
    const { run } = open(t);

    const { code, stdout, stderr } = await run([...args]);

    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.ok(stdout.startsWith(`\nLabel Studio version: ${labelStudioVersion} \n\n{\n    "release"`), stdout);
    const versions = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Record<string, unknown>;
    assert.equal(versions.release, labelStudioVersion);
    assert.equal(versions.edition, "Community");
  });
}

const helps: [args: string[], mentions: string[]][] = [
  [
    ["--help"],
    [
      "start",
      "init",
      "user",
      "reset_password",
      "check",
      "export",
      "version",
      "--username",
      "--password-stdin",
      "--data-dir",
      "-db",
    ],
  ],
  [
    ["start", "--help"],
    ["--user-token", "--port", "--internal-host", "--host", "--enable-legacy-api-token", "-b"],
  ],
  [
    ["init", "--help"],
    ["label-studio init [options] [project]", "--label-config", "--sampling", "--initial-project-description", "-q"],
  ],
  [
    ["user", "--help"],
    ["label-studio user", "--json"],
  ],
  [
    ["export", "--help"],
    ["label-studio export [options] <project id> <format>", "--export-path", "JSON_MIN"],
  ],
  [
    ["reset_password", "--help"],
    ["label-studio reset_password", "sessions"],
  ],
  [["version", "-h"], ["label-studio version"]],
];

test("--help: says on standard output what there is, for the program and for each command", async (t) => {
  const { run } = openShellInProcess(t);

  for (const [args, mentions] of helps) {
    const { code, stdout, stderr } = await run(args);

    assert.equal(code, 0, args.join(" "));
    assert.equal(stderr, "");
    assert.match(stdout, /^Usage: label-studio /);
    for (const word of mentions) assert.ok(stdout.includes(word), `${word} in:\n${stdout}`);
  }
});

const mistakes: [args: string[], named: string][] = [
  [["nonsense"], "nonsense"],
  [["--nonsense"], "--nonsense"],
  [["user", "--nonsense"], "--nonsense"],
  [["reset_password", "ada@example.com"], "reset_password"],
  [["start", "--port"], "--port"],
  [["user", "--username"], "--username"],
  [["start", "reviews", "films"], "start"],
  [["reviews"], "reviews"],
  [["start", "--ml-backends", "http://localhost:9090", "http://localhost:9091"], "--ml-backends"],
  [["--ml-backends=http://localhost:9090", "init"], "--ml-backends"],
  [["start", "--cert", "cert.pem", "--key", "key.pem"], "Use nginx"],
  [["start", "-c", "config.json"], "--config"],
];

for (const [args, named] of mistakes) {
  test(`label-studio ${args.join(" ")}: ends with 2 and names the mistake`, async (t) => {
    const { run } = openShellInProcess(t);

    const { code, stdout, stderr } = await run(args);

    assert.equal(code, 2);
    assert.equal(stdout, "");
    const [message] = stderr.split("\n");
    assert.match(message ?? "", /^label-studio: error: /);
    assert.ok(message?.includes(named), message);
  });
}

test("--agree-fix-sqlite and --skip-long-migrations are taken, and do nothing", async (t) => {
  const { run } = openShellInProcess(t);

  const { code, stderr } = await run(["--agree-fix-sqlite", "version", "--skip-long-migrations"]);

  assert.deepEqual([code, stderr], [0, ""]);
});
