import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { median } from "./median.ts";
import { processorTime } from "./processor-time.ts";
import type { Ratio } from "./ratios.ts";
import { bin, startServer } from "./server.ts";

const email = "ada@example.com";
const password = "wide open meadow";

/** How long a server is left alone before its memory is read, in milliseconds. */
const idleTime = 2000;

/** Milliseconds of a process: from the command on, and of all processors. */
interface Times {
  wall: number;
  processor: number;
}

/**
 * Compares the first page after the command on an empty folder, and commands, with an empty process of Node, in turn; and reads
 * the anonymous memory of an idle server. Linux only.
 */
export async function start(rounds = 15): Promise<Ratio[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-bench-"));
  const run = commandRunner(folder);
  run([bin, "init", "--username", email, "--password", password, "--data-dir", folder]);
  const person = ["--username", email, "--data-dir", folder];
  const empty: Times[] = [];
  const page: (Times & { megabytes: number })[] = [];
  const [version, user, reset]: Times[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    empty.push(run(["-e", "0"]));
    page.push(await firstPage());
    version?.push(run([bin, "version"]));
    user?.push(run([bin, "user", ...person]));
    reset?.push(run([bin, "reset_password", ...person, "--password", `${password} ${round}`]));
  }
  rmSync(folder, { recursive: true });

  const against = (times: Times[] = [], kind: keyof Times) =>
    median(times.map((time, round) => time[kind] / (empty[round]?.[kind] ?? Number.NaN)));
  const row = (what: string, times: Times[] | undefined, target: number) => ({
    what: `${what}, processor time against an empty process of Node`,
    ratio: against(times, "processor"),
    target,
  });
  return [
    {
      what: "First page, time after the command against an empty process of Node",
      ratio: against(page, "wall"),
      target: 5,
    },
    row("First page", page, 5),
    row("version", version, 3),
    row("user", user, 4),
    row("reset_password", reset, 4),
    {
      what: "Anonymous memory of an idle server",
      ratio: median(page.map(({ megabytes }) => megabytes)),
      target: 45,
      unit: "MB",
    },
  ];
}

/** Runs Node with arguments until it ends. What it tells of its processor time needs a file in the folder. */
function commandRunner(folder: string): (args: string[]) => Times {
  const hook = path.join(folder, "processor-time.cjs");
  writeFileSync(
    hook,
    `process.once("exit", () => {
       const { user, system } = process.cpuUsage();
       require("node:fs").writeSync(3, String((user + system) / 1000));
     });`,
  );
  return (args) => {
    const started = performance.now();
    const { status, output } = spawnSync(process.execPath, ["--require", hook, ...args], {
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    const wall = performance.now() - started;
    if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${String(output[2])}`);
    return { wall, processor: Number(output[3]) };
  };
}

async function firstPage(): Promise<Times & { megabytes: number }> {
  const started = performance.now();
  const server = await startServer();
  await (await fetch(`${server.address}/user/signup/`)).text();
  const wall = performance.now() - started;
  const processor = processorTime(server.pid) / 1000;
  await setTimeout(idleTime);
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  await server.stop();
  return { wall, processor, megabytes: Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) / 1024 };
}
