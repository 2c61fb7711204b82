import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { freePort } from "../scripts/support/ports.js";

/** The built program. */
export const bin = path.resolve(import.meta.dirname, "../dist/cli/index.js");

const startSeconds = 60;

export const secret_key = "only for measuring ".repeat(3);

export const label_config =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="good"/><Choice value="bad"/></Choices></View>';

export interface MeasuredServer {
  address: string;
  data_dir: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts the built program on an empty data directory, on this Node or another program, and resolves when it listens. */
export async function startServer(
  variables: NodeJS.ProcessEnv = {},
  node: string = process.execPath,
): Promise<MeasuredServer> {
  const data_dir = mkdtempSync(path.join(os.tmpdir(), "atelier-bench-"));
  const port = String(await freePort());
  const args = [bin, "start", "--no-browser", "--internal-host", "127.0.0.1", "-p", port, "--data-dir", data_dir];
  const env = { ...process.env, ...variables };
  const child = spawn(node, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const address = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString();
      const url = /running at (\S+)\//.exec(output)?.[1];
      if (url) resolve(url);
    });
    const fail = () => reject(new Error(`The server did not start within ${startSeconds} seconds: ${output}`));
    child.once("exit", fail);
    setTimeout(fail, startSeconds * 1000).unref();
  });
  return {
    address,
    data_dir,
    pid: child.pid ?? 0,
    async stop() {
      child.kill();
      await exited;
      rmSync(data_dir, { recursive: true });
    },
  };
}

/** Signs up the first user, and returns the Cookie header of their session. */
export async function signUp({ address }: MeasuredServer, email = "ada@example.com"): Promise<string> {
  const form = new URLSearchParams({ email, password: "correct horse battery" });
  const answer = await fetch(`${address}/user/signup/`, { method: "POST", body: form, redirect: "manual" });
  return cookiesOf(answer);
}

/** The Cookie header for what an answer has set. */
export function cookiesOf({ headers }: Response): string {
  return headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
}
