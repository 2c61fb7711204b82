import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
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

test("version --json: prints the JSON alone", async (t) => {
  const { stdout } = await openShellInProcess(t).run(["version", "--json"]);

  assert.equal((JSON.parse(stdout) as { release: string }).release, labelStudioVersion);
});

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
    ["label-studio reset_password", "log them out everywhere"],
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

const commands = [
  ["start"],
  ["init"],
  ["user"],
  ["reset_password"],
  ["check"],
  ["doctor"],
  ["export", "1", "JSON"],
  ["import-label-studio"],
  ["backup", "file"],
  ["restore", "file"],
  ["db", "copy"],
  ["secret-key", "rotate"],
  ["secret-key", "reset"],
  ["users", "list"],
  ["invite", "create"],
  ["invite", "list"],
  ["invite", "revoke", "1"],
  ["users", "create", "ada@example.com"],
  ...["show", "deactivate", "activate", "remove", "restore", "make-owner"].map((name) => ["users", name, "1"]),
  ["version"],
];

/** The options that a help lists, each with a value where it takes one. */
function optionsIn(help: string): Map<string, string[]> {
  const lines = help.matchAll(/^ +(?:-\w, )?(--[\w-]+)( <[^>]+>)?/gm);
  const values: Record<string, string> = { "--sampling": "uniform", "--show": "removed" };
  const value = (option: string) => values[option] ?? "1";
  return new Map([...lines].map(([, name = "", hasValue]) => [name, hasValue ? [name, value(name)] : [name]]));
}

test("each command refuses all options that its help does not list, and does nothing (X9)", async (t) => {
  const { run, home } = openShellInProcess(t);
  const helps = await Promise.all(
    commands.map(async (command) => optionsIn((await run([...command, "--help"])).stdout)),
  );
  const all = new Map(helps.flatMap((options) => [...options]));
  const before = readdirSync(home);
  assert.ok(all.size > 25, [...all.keys()].join());

  for (const [index, command] of commands.entries())
    for (const [name, option] of all) {
      if (helps[index]?.has(name)) continue;
      for (const args of [
        [...command, ...option],
        [...option, ...command],
      ]) {
        const { code, stdout, stderr } = await run(args);

        assert.deepEqual([code, stdout], [2, ""], args.join(" "));
        assert.match(stderr, new RegExp(`^label-studio: error: .* has no option '${name}'`), args.join(" "));
      }
    }
  assert.deepEqual(readdirSync(home), before);
});

for (const args of [
  ["user"],
  ["reset_password", "--username", "ada@example.com", "--password", "correct horse battery"],
  ["users", "list"],
  ["users", "create", "ada@example.com"],
  ["check"],
  ["doctor"],
  ["export", "1", "JSON"],
  ["backup", "file"],
  ["db", "copy", "--to", "copy.sqlite3"],
])
  test(`${args.slice(0, 2).join(" ")}: a mistyped data folder is named, and nothing is created`, async (t) => {
    const { run, home } = openShellInProcess(t, { DATABASE_URL: "" });
    const folder = path.join(home, "mistyped");

    const { code, stdout, stderr } = await run([...args, "--data-dir", folder]);

    assert.deepEqual([code, stdout], [2, ""]);
    assert.equal(
      stderr,
      `There is no database ${path.join(folder, "label_studio.sqlite3")}: say where the server has it, with --data-dir or --database\n`,
    );
    assert.deepEqual([existsSync(folder), existsSync("copy.sqlite3")], [false, false]);
  });

test("user: without the server's secret key, nothing is created beside its database", async (t) => {
  const { run, openRepositories, config } = openShellInProcess(t, { DATABASE_URL: "" });
  await openRepositories();
  rmSync(path.join(config.data_dir, ".env"));

  const { code, stderr } = await run(["user"]);

  assert.equal(code, 2);
  assert.match(stderr, /^There is no secret key in \S+ for this database: say where the server has it, .*\n$/);
  assert.equal(existsSync(path.join(config.data_dir, ".env")), false);
});

for (const [args, meant] of [
  [["strat"], "start"],
  [["reset-password"], "reset_password"],
  [["start", "--prot", "80"], "--port"],
] as const)
  test(`label-studio ${args.join(" ")}: says what was probably meant`, async (t) => {
    const { code, stderr } = await openShellInProcess(t).run([...args]);

    assert.equal(code, 2);
    assert.ok(stderr.includes(`(Did you mean ${meant}?)`), stderr);
  });

test("--agree-fix-sqlite and --skip-long-migrations are taken, and do nothing", async (t) => {
  const { run } = openShellInProcess(t);

  const { code, stderr } = await run(["--agree-fix-sqlite", "version", "--skip-long-migrations"]);

  assert.deepEqual([code, stderr], [0, ""]);
});
