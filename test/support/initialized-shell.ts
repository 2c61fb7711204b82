import assert from "node:assert/strict";
import type { TestContext } from "node:test";

import { password } from "./app.ts";
import { openShellInProcess } from "./command.ts";
import type { Shell } from "./command.ts";

/** The owner in an initialized shell, whose password is `password`. */
export const email = "ada@example.com";

/** A shell in which `init` has run, so that it has a database, a secret key and an owner. */
export async function openInitializedShell(t: TestContext): Promise<Shell> {
  const shell = openShellInProcess(t);
  const { code, stderr } = await shell.run(["init", "-q", "--username", email, "--password", password]);
  assert.equal(code, 0, stderr);
  return shell;
}
