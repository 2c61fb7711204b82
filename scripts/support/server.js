import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { freePort } from "./ports.js";
import { root } from "./run.js";

/** The built program. */
export const program = path.join(root, "dist", "cli", "index.js");

/** How long a server may take to start, and to stop, in milliseconds. */
const limit = 60_000;

/** Who founded the organization of a started server. */
export const owner = {
  email: "owner@example.com",
  password: "wide open meadow",
  token: "0123456789abcdef0123456789abcdef01234567",
};

/** What the built program is started with, for the owner to be there. */
export function startArguments(port, folder) {
  const args = ["start", "--no-browser", "--internal-host", "127.0.0.1", "-p", String(port), "--data-dir", folder];
  args.push("--username", owner.email, "--password", owner.password, "--user-token", owner.token);
  return [...args, "--enable-legacy-api-token", "--log-level", "ERROR"];
}

/**
 * Starts the built program on an empty folder, with an owner and legacy tokens, and resolves when it says where it is:
 * `url` ends with a slash. `prefix` is a path in front of all its addresses, such as `/labels`; `host` is its --host, with
 * which it still listens on `port` here; `database` is the address of an empty database of PostgreSQL, without which it
 * uses SQLite; `variables` are further ones of the environment.
 */
export async function startServer({ prefix = "", host, database, variables = {} } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-data-"));
  const port = await freePort();
  const args = startArguments(port, folder);
  const address = host ?? (prefix && `http://127.0.0.1:${port}${prefix}`);
  if (address) args.push("--host", address);

  // Nothing of the developer's own settings.
  const env = { PATH: process.env.PATH, HOME: folder, ...(database && { DATABASE_URL: database }), ...variables };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  process.once("exit", () => child.kill());
  const stop = async () => {
    child.kill();
    // One that does not stop is killed, so that this ends.
    const timer = setTimeout(() => child.kill("SIGKILL"), limit);
    await ended;
    clearTimeout(timer);
    rmSync(folder, { recursive: true });
  };

  let said = "";
  const timer = setTimeout(() => child.kill("SIGKILL"), limit);
  for await (const text of child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += text;
    const printed = /^Atelier is running at (\S+)\n/m.exec(said)?.[1];
    if (!printed) continue;
    clearTimeout(timer);
    return { url: printed.replace(/\/?$/, "/"), port, pid: child.pid, stop };
  }
  await stop();
  clearTimeout(timer);
  throw new Error(`The server did not say within ${limit} ms where it is: ${said}`);
}
