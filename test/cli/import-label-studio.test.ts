import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { logIn, openShellInProcess } from "../support/command.ts";
import { recordedFiles } from "../support/label-studio.ts";

const command = "import-label-studio";

test("import-label-studio: moves everything in with the key and the images beside the file, and tells it", async (t) => {
  const { run, serve } = openShellInProcess(t);
  const { file, people } = recordedFiles(t);

  const { code, stdout, stderr } = await run([command, "--from", file]);

  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    new RegExp(`^From ${file}, organization "Ålesund Labels"\\.\n\n +there +moved +here before +left out +here now\n`),
  );
  assert.match(stdout, /^people +5 +5 +0 +0 +5$/m);
  assert.match(stdout, /^profile images +1 +1 +0 +0 +1$/m);
  assert.match(stdout, /^annotations +500 +500 +0 +0 +500$/m);
  assert.match(
    stdout,
    /^Without a password .* label-studio user reset-link .*: noa\.katz@example\.com \(had none\)\.$/m,
  );
  assert.match(
    stdout,
    /\nAll was moved but 1 legacy token, 7 uploaded files, 1 webhook and 1 view of the data manager\.\n$/,
  );
  assert.equal(stderr, "");
  assert.deepEqual((await run(["check"])).stdout, "All counts are right.\n");

  const { url } = await serve(["start", "--no-browser", "--port", "0"]);
  const { email, password, personal_token: refresh } = people.ada;
  assert.ok(await logIn(url, email, password ?? ""));
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(new URL("api/token/refresh/", url), {
    method: "POST",
    headers,
    body: JSON.stringify({ refresh }),
  });
  assert.equal(answer.status, 200);
});

test("import-label-studio: a dry run says so; a second time says that nothing came since", async (t) => {
  const { run } = openShellInProcess(t);
  const { file, folder, secret_key } = recordedFiles(t);
  renameSync(path.join(folder, ".env"), path.join(folder, "key"));
  rmSync(path.join(folder, "media"), { recursive: true });

  const dry = await run([command, "--from", file, "--dry-run"]);
  assert.equal(dry.code, 0);
  assert.match(dry.stdout, /^Left out: 3 personal tokens, .* --secret-key-file/m);
  assert.match(dry.stdout, /^Profile images .*: ada@example\.com \(there is no file .*ada\.png that can be read\)/m);
  assert.match(dry.stdout, /This was a dry run: nothing was changed\.\n$/);

  const first = await run([command, "--from", file, "--secret-key-file", path.join(folder, "key")]);
  assert.match(first.stdout, /^personal tokens +3 +3 +0 +0 +3$/m);
  const second = await run([command, "--from", file, "--secret-key", secret_key]);
  assert.equal(second.code, 0);
  assert.match(second.stdout, /^From .*, which moved in before: only what is new was added\.$/m);
  assert.match(second.stdout, /^annotations +500 +0 +500 +0 +500$/m);
});

test("import-label-studio: what can't be done is one line, and exit code 1", async (t) => {
  const { run, openRepositories, env } = openShellInProcess(t);
  const { file, folder } = recordedFiles(t);
  const { users } = await openRepositories();
  await users.create({ email: "owner@example.com" });
  const own = env["DATABASE_URL"] ?? path.join(env["LABEL_STUDIO_BASE_DATA_DIR"] ?? "", "label_studio.sqlite3");

  for (const [args, line] of [
    [[], /^Say where Label Studio's data is: --from .*\n$/],
    [["--from", file], /^There are people here already, and nothing was moved: .*--into-existing\.\n$/],
    [["--from", path.join(folder, "nothing")], /nothing can't be read \(.*\): see that --from is right\.\n$/],
    [["--from", own], /is the database this server would write to\. .*\n$/],
    [["--from", "postgresql://"], /^--from can't be used: .*\n$/],
    [
      ["--from", "postgresql://127.0.0.1:1/labels"],
      /^postgresql:\/\/127\.0\.0\.1:1\/labels can't be read \(.*\): .*\n$/,
    ],
    [["--from", file, "--secret-key-file", folder], /^--secret-key-file .* can't be used: .*\n$/],
  ] as const) {
    const { code, stdout, stderr } = await run([command, ...args]);
    assert.deepEqual([code, stdout], [1, ""], args.join(" "));
    assert.match(stderr, line);
    assert.equal(stderr.split("\n").length, 2, stderr);
  }
});

test("import-label-studio: shows a bar on a terminal", async (t) => {
  const { runInTerminal } = openShellInProcess(t);
  const { file, folder } = recordedFiles(t);
  rmSync(path.join(folder, "media"), { recursive: true });

  const terminal = await runInTerminal([command, "--from", file]);

  await terminal.shows(/All was moved but /);
  assert.match(terminal.output, /\[#{30}\] annotations 500 of 500/);
});
