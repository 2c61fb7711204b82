import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";

import { packageRoot } from "../../src/common/package.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

async function answers(url: string): Promise<boolean> {
  return fetch(new URL("health", url)).then(
    ({ ok }) => ok,
    () => false,
  );
}

test("npm start: SIGTERM to npm ends the server, too", { skip: process.platform === "win32" }, async (t) => {
  const data = path.join(temporaryFolder(t), "data");
  const args = ["start", "--", "--no-browser", "-p", "0", "--internal-host", "127.0.0.1", "--data-dir", data];
  // A group of its own, so that nothing of it outlives the test.
  const env = { PATH: process.env.PATH, HOME: data };
  const npm = spawn("npm", args, { cwd: packageRoot, env, detached: true });
  const ended = once(npm, "exit");
  t.after(() => void (npm.pid && killGroup(npm.pid)));
  let output = "";
  npm.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const url = await waitUntil("the server says where it is", async () => /running at (\S+)/.exec(output)?.[1]);
  assert.equal(await answers(url), true);

  npm.kill("SIGTERM");

  await waitFor("the end of npm", ended);
  await waitUntil("the server is gone", async () => !(await answers(url)));
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
