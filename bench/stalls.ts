import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { startPostgres } from "../scripts/support/postgres.js";
import { parseLocation } from "../src/database/location.ts";
import type { DatabaseLocation } from "../src/database/location.ts";
import { jpeg } from "../test/support/images.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import {
  addAccounts,
  createProject,
  deleteProject,
  exportTasks,
  importTasks,
  logIn,
  uploadAvatar,
  writeTable,
} from "./large-requests.ts";
import { quantile } from "./median.ts";
import type { Ratio } from "./ratios.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";
import type { ProbeMessage } from "./whoami-probe.ts";

const importedTasks = 200_000;
/** Added to the imported ones before the project is deleted. */
const furtherTasks = 50_000;
const logIns = 50;
const logInRounds = 4;
const images = 40;
const imagesAtOnce = 10;
const imagePixels = 1200;
const idleSeconds = 10;

const stallMeter = path.join(import.meta.dirname, "stall-meter.cjs");
const longestStall = 25;

/** A piece of work, and how many times as long as idle whoami may take meanwhile: the median, and 99 of 100. */
interface Load {
  name: string;
  work: () => Promise<unknown>;
  targets?: [median: number, most: number];
  /** The event loop's longest stall is a target, too. */
  isStallLimited?: boolean;
}

interface Waits {
  /** Milliseconds of each answer. */
  times: number[];
  /** The event loop's longest stall, in milliseconds. */
  stall: number;
  seconds: number;
}

/** Compares how long others wait for a small answer while one person asks for something large with how long they do directly before. */
export async function stallsOnSqlite(): Promise<Ratio[]> {
  const meter = startMeter();
  const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key, ...meter.variables });
  const file = path.join(server.data_dir, "label_studio.sqlite3");
  try {
    return await measure("SQLite", server, { client: "sqlite3", file }, meter);
  } finally {
    await server.stop();
    meter.remove();
  }
}

/** The same on PostgreSQL. */
export async function stallsOnPostgres(): Promise<Ratio[]> {
  const postgres = await startPostgres({ durable: true });
  const meter = startMeter();
  const variables = { DATABASE_URL: postgres.url, LABEL_STUDIO_SECRET_KEY: secret_key };
  const server = await startServer({ ...variables, ...meter.variables });
  try {
    return await measure("PostgreSQL", server, parseLocation(postgres.url), meter);
  } finally {
    await server.stop();
    await postgres.stop();
    meter.remove();
  }
}

/** What makes a server note its stalls. */
function startMeter() {
  const file = path.join(os.tmpdir(), `atelier-bench-stall-${process.pid}`);
  return {
    variables: { NODE_OPTIONS: `--require=${stallMeter}`, STALL_FILE: file },
    /** The longest stall since the last time, in milliseconds. */
    async read({ pid }: MeasuredServer): Promise<number> {
      rmSync(file, { force: true });
      process.kill(pid, "SIGUSR2");
      const text = await waitUntil(
        "the server has noted its longest stall",
        () => existsSync(file) && readFileSync(file, "utf8"),
        { interval: 20 },
      );
      return Number(text);
    },
    remove: () => rmSync(file, { force: true }),
  };
}

async function measure(
  name: string,
  server: MeasuredServer,
  location: DatabaseLocation,
  meter: ReturnType<typeof startMeter>,
): Promise<Ratio[]> {
  const cookie = await signUp(server);
  const emails = await addAccounts(location, logIns + 1);
  const other = await logIn(server, emails.pop() ?? "");
  const project = await createProject(server, cookie);
  const imported = await writeTable(server, importedTasks);
  const rest = await writeTable(server, furtherTasks);
  const face = new Blob([Uint8Array.from(await jpeg(imagePixels, imagePixels))], { type: "image/jpeg" });
  const logInAll = async () => {
    for (let round = 0; round < logInRounds; round++) await Promise.all(emails.map((email) => logIn(server, email)));
  };
  const uploadAll = () =>
    Promise.all(
      Array.from({ length: imagesAtOnce }, async () => {
        for (let sent = 0; sent < images / imagesAtOnce; sent++) await uploadAvatar(server, cookie, face);
      }),
    );
  const deleteAll = async () => {
    await deleteProject(server, cookie, project, location);
  };
  const many = importedTasks.toLocaleString("en");
  const loads: Load[] = [
    { name: `${logIns} log-ins at once`, work: logInAll, targets: [1.5, 5] },
    { name: `${imagesAtOnce} images at once`, work: uploadAll, targets: [1.5, 5] },
    {
      name: `an import of ${many} tasks`,
      work: () => importTasks(server, cookie, project, imported),
      targets: [2, 5],
      isStallLimited: true,
    },
    {
      name: `an export of ${many} tasks`,
      work: () => exportTasks(server, cookie, project, importedTasks),
      targets: [1.5, 5],
      isStallLimited: true,
    },
    { name: "an import before the deletion", work: () => importTasks(server, cookie, project, rest) },
    {
      name: `a deletion of ${(importedTasks + furtherTasks).toLocaleString("en")} tasks`,
      work: deleteAll,
      targets: [2, 5],
      isStallLimited: true,
    },
  ];
  const probe = fork(path.join(import.meta.dirname, "whoami-probe.ts"));
  const chosen = process.env.STALLS?.split(",");
  const ratios: Ratio[] = [];
  const whileMeasuring = async (work: () => Promise<unknown>): Promise<Waits> => {
    await meter.read(server);
    const { times, seconds } = await probeWhile(probe, server, other, work);
    return { times, seconds, stall: await meter.read(server) };
  };
  for (const load of loads) {
    if (chosen && load.targets && !chosen.some((part) => load.name.includes(part))) continue;
    const idle = await whileMeasuring(() => setTimeout(idleSeconds * 1000));
    const loaded = await whileMeasuring(load.work);
    print(`${name}, idle`, idle);
    print(`${name}, ${load.name}`, loaded);
    if (load.targets) ratios.push(...ratiosOf(name, load, idle, loaded));
  }
  probe.disconnect();
  return ratios;
}

function ratiosOf(
  name: string,
  { name: load, targets: [half, most] = [0, 0], isStallLimited }: Load,
  idle: Waits,
  loaded: Waits,
): Ratio[] {
  const row = (part: number, words: string, target: number): Ratio => ({
    what: `${name}: whoami, ${words}, during ${load}, against idle`,
    ratio: quantile(loaded.times, part) / quantile(idle.times, part),
    target,
  });
  const stall = {
    what: `${name}: the event loop's longest stall during ${load}`,
    ratio: loaded.stall,
    target: longestStall,
    unit: "ms",
  };
  return [row(0.5, "median", half), row(0.99, "99 of 100", most), ...(isStallLimited ? [stall] : [])];
}

function print(what: string, { times, seconds, stall }: Waits): void {
  const figures = [quantile(times, 0.5), quantile(times, 0.99), Math.max(...times)].map((value) => value.toFixed(1));
  console.log(
    `${what}, ${seconds.toFixed(1)} s: whoami ${figures.join(" / ")} ms, longest stall ${stall.toFixed(0)} ms`,
  );
}

/** Asks for whoami until the work is done, from a process of its own: this one is busy with what it asks for. */
async function probeWhile(
  probe: ChildProcess,
  { address }: MeasuredServer,
  cookie: string,
  work: () => Promise<unknown>,
): Promise<{ times: number[]; seconds: number }> {
  const send = (message: ProbeMessage) => probe.send(message);
  send({ address, cookie });
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  send("stop");
  const [times] = (await once(probe, "message")) as [number[]];
  return { times, seconds };
}
