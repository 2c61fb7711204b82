import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { openShell, openShellWithKeyOf } from "../support/command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("backup: taken while another process writes, it is as of one moment", async (t) => {
  const shell = openShell(t);
  const { run } = shell;
  const repositories = await shell.openRepositories();
  const ada = await repositories.users.create({ email: "ada@example.com" });
  const project = await repositories.projects.create(1, ada.id, { title: "Reviews" });
  await repositories.installation.claim(shell.config.secret_key);
  const file = path.join(temporaryFolder(t), "atelier.backup");
  const backing = { isDone: false };
  const backup = run(["backup", file]).finally(() => (backing.isDone = true));
  let written = 0;
  for (; !backing.isDone; written++) {
    const task = await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 1);
    await repositories.annotations.create(task.id, ada.id, {});
  }

  const { code, stdout, stderr } = await backup;
  const other = openShellWithKeyOf(shell, t, openShell);
  const restored = await other.run(["restore", file]);

  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^Backup of \S+: \S+atelier\.backup \(\d+ rows in \d+ tables, \d+ bytes\)\nThe secret key is not in it: /,
  );
  assert.equal(stderr, "");
  assert.match(restored.stdout, /^Restored \S+atelier\.backup, made at 2\S+Z, to \S+\.\n$/, restored.stderr);
  const checked = await other.run(["check"]);
  assert.deepEqual([checked.code, checked.stdout], [0, "All counts are right.\n"]);
  assert.ok(written > 0);
});
