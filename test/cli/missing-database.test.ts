import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { tableNames } from "../support/tables.ts";
import { password } from "../support/app.ts";
import { openShellInProcess } from "../support/command.ts";
import { onPostgres } from "../support/database.ts";
import { folderContents } from "../support/folder-contents.ts";
import { recordedFiles } from "../support/label-studio.ts";

/* What becomes of a database that is missing, or that nobody has used so far. */

const ada = "ada@example.com";
const credentials = ["--username", ada, "--password", password];
const start = ["start", "--no-browser", "--port", "0"];

/** The commands that need a database that was used. */
const readers: string[][] = [
  ["user"],
  ["reset_password", ...credentials],
  ["check"],
  ["check", "--repair"],
  ["export", "1", "JSON"],
  ["backup", "a.backup"],
  ["db", "copy", "--to", "other.sqlite3"],
  ["secret-key", "rotate"],
  ["secret-key", "reset", "--yes"],
];

if (!onPostgres)
  test("a missing database: commands that need one refuse a mistyped folder or file, and make nothing (X9)", async (t) => {
    const { run, home } = openShellInProcess(t);
    const before = folderContents(home);

    for (const args of [...readers, ["doctor"]])
      for (const place of [
        ["--data-dir", path.join(home, "typo")],
        ["--database", path.join(home, "data", "typo.sqlite3")],
        ["-db", path.join(home, "typo", "typo.sqlite3")],
      ]) {
        const outcome = await run([...args, ...place]);

        assert.deepEqual([outcome.code, outcome.stdout], [2, ""], args.join(" "));
        assert.match(
          outcome.stderr,
          /^There is no database \S+: say where the server has it, with --data-dir or --dat/,
        );
        assert.deepEqual(folderContents(home), before, args.join(" "));
      }
  });

test("an empty database: commands that need one that was used refuse it, and leave it as it is (X9)", async (t) => {
  const { run, home, config, openDatabase } = openShellInProcess(t);
  const database = await openDatabase();
  if (!onPostgres) writeFileSync(path.join(config.data_dir, "label_studio.sqlite3"), "");
  const before = folderContents(home);

  for (const args of readers) {
    const outcome = await run(args);

    assert.notEqual(outcome.code, 0, args.join(" "));
    assert.equal(outcome.stdout, "");
    assert.match(outcome.stderr, /^\S+ holds no data of Atelier\. [^\n]+\n$/, args.join(" "));
    assert.deepEqual(folderContents(home), before, args.join(" "));
  }
  assert.deepEqual(await tableNames(database), []);
});

/** What `start` and `init` refuse before there is anything. */
const refused: [args: string[], stdin: string, message: RegExp][] = [
  [["--username", ada, "--password", "kX9!aap"], "", /^--password \(LABEL_STUDIO_PASSWORD\) can't be used/],
  [["--username", ada, "--password-stdin"], "short\n", /^--password \(LABEL_STUDIO_PASSWORD\) can't be used/],
  [["--username", "ada", "--password", password], "", /^--username \(LABEL_STUDIO_USERNAME\) can't be used/],
  [[...credentials, "--user-token", "abcd"], "", /^--user-token \(LABEL_STUDIO_USER_TOKEN\) can't be used/],
  [["-q", "--username", ada], "", /^There is no user ada@example\.com yet\. Give a password, too/],
  [[...credentials, "--label-config", "nowhere.xml"], "", /^--label-config /],
  [["--password-stdin"], password, /^--password-stdin takes all of standard input: give --username too/],
  [[...credentials, "--sampling", "oddly"], "", /argument 'oddly' is invalid/],
  [[...credentials, "--port", "99999999"], "", /^--port is "99999999": use /],
  [[...credentials, "--repair"], "", /has no option '--repair'/],
];
const refusedByInit: typeof refused = [
  [["-q", "reviews"], "", /^Somebody has to own the project "reviews": give --username and --password\.$/m],
  [["reviews"], "", /^Nobody answered\. /],
  [[], `ada\n${password}\n`, /^The email can't be used: /],
  [[], `${ada}\nshort\n`, /^The password can't be used: /],
];
const refusedByStart: typeof refused = [
  [["reviews"], "", /^Project "reviews" not found\./],
  [["reviews", ...credentials], "", /^Project "reviews" not found\./],
];

const cases: [command: string[], table: typeof refused][] = [
  [["init"], [...refused, ...refusedByInit]],
  [start, [...refused.filter(([args]) => !args.includes("--label-config")), ...refusedByStart]],
  [
    [...start, "--init"],
    [...refused, ...refusedByInit],
  ],
];

for (const [command, table] of cases)
  test(`${command.join(" ")}: refused before the first use, it leaves no folder, key or table`, async (t) => {
    const { run, home, openDatabase } = openShellInProcess(t);
    const folder = path.join(home, "new");
    mkdirSync(path.join(home, "there"));
    const before = folderContents(home);

    for (const [args, stdin, message] of table)
      for (const place of [folder, path.join(home, "there")]) {
        const outcome = await run([...command, ...args, "--data-dir", place], { stdin });

        const what = [...command, ...args].join(" ");
        assert.notEqual(outcome.code, 0, what);
        assert.match(outcome.stderr, message, what);
        assert.deepEqual(folderContents(home), before, what);
      }
    if (onPostgres) assert.deepEqual(await tableNames(await openDatabase()), []);
  });

test("import-label-studio: refused before the first use, it leaves no folder, key or table", async (t) => {
  const { run, home, openDatabase } = openShellInProcess(t);
  const { file, folder } = recordedFiles(t);
  writeFileSync(path.join(folder, "text"), "not a database".repeat(99));
  const before = folderContents(home);

  for (const args of [
    [],
    ["--from", path.join(folder, "none")],
    ["--from", path.join(folder, "text")],
    ["--from", "postgresql://127.0.0.1:1/labels"],
    ["--from", file, "--secret-key-file", path.join(folder, "none")],
  ]) {
    const outcome = await run(["import-label-studio", ...args, "--data-dir", path.join(home, "new")]);

    assert.deepEqual([outcome.code, outcome.stdout], [1, ""], args.join(" "));
    assert.deepEqual(folderContents(home), before, args.join(" "));
  }
  if (onPostgres) assert.deepEqual(await tableNames(await openDatabase()), []);
});
