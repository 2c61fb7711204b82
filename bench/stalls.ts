import { createWriteStream, openAsBlob } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";

import { startPostgres } from "../scripts/support/postgres.js";
import { loadConfig } from "../src/config/config.ts";
import { parseLocation } from "../src/database/location.ts";
import type { DatabaseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { jpeg } from "../test/support/images.ts";
import { quantile } from "./median.ts";
import { cookiesOf, label_config, secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const password = "correct horse battery";
const importedTasks = 200_000;
/** Added to the imported ones before the project is deleted. */
const furtherTasks = 50_000;
const logIns = 50;
const images = 10;
const imagePixels = 1200;
const idleSeconds = 15;
const interval = 20;

const probes = { whoami: "/api/current-user/whoami", page: "/projects/" };
type Times = Record<keyof typeof probes, number[]>;

/** Prints how long others wait for two small answers while nothing goes on, and while one person asks for something large. */
export async function stallsOnSqlite(): Promise<void> {
  const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key });
  const file = path.join(server.data_dir, "label_studio.sqlite3");
  try {
    await measure("SQLite", server, { client: "sqlite3", file });
  } finally {
    await server.stop();
  }
}

/** The same on PostgreSQL. */
export async function stallsOnPostgres(): Promise<void> {
  const postgres = await startPostgres({ durable: true });
  const server = await startServer({ DATABASE_URL: postgres.url, LABEL_STUDIO_SECRET_KEY: secret_key });
  try {
    await measure("PostgreSQL", server, parseLocation(postgres.url));
  } finally {
    await server.stop();
    await postgres.stop();
  }
}

async function measure(name: string, server: MeasuredServer, location: DatabaseLocation): Promise<void> {
  const cookie = await signUp(server);
  const emails = await addPeople(location);
  const other = await logIn(server, emails.pop() ?? "");
  const project = await createProject(server, cookie);
  const imported = await writeTable(server, importedTasks);
  const rest = await writeTable(server, furtherTasks);
  const face = new Blob([Uint8Array.from(await jpeg(imagePixels, imagePixels))], { type: "image/jpeg" });

  console.log(`Milliseconds that others wait on ${name}: median / 99 of 100 / longest (times the median of idle)`);
  const idle = await whileMeasuring(server, other, () => setTimeout(idleSeconds * 1000));
  print("idle", idle, idle);
  const loads: [string, () => Promise<unknown>][] = [
    [`${logIns} log-ins at once`, () => Promise.all(emails.map((email) => logIn(server, email)))],
    [`${images} images at once`, () => Promise.all(Array.from({ length: images }, () => upload(server, cookie, face)))],
    [`import of ${importedTasks.toLocaleString("en")} tasks`, () => importTasks(server, cookie, project, imported)],
    [`export of ${importedTasks.toLocaleString("en")} tasks`, () => exportTasks(server, cookie, project)],
  ];
  for (const [load, work] of loads) print(load, await whileMeasuring(server, other, work), idle);
  await importTasks(server, cookie, project, rest);
  const deleted = await whileMeasuring(server, other, () => deleteProject(server, cookie, project, location));
  print(`deletion of ${(importedTasks + furtherTasks).toLocaleString("en")} tasks`, deleted, idle);
}

/** Asks for each of `probes` every 20 ms, or as soon as it was answered, until the work is done. */
async function whileMeasuring(
  server: MeasuredServer,
  cookie: string,
  work: () => Promise<unknown>,
): Promise<Times & { seconds: number }> {
  const times: Times = { whoami: [], page: [] };
  let isDone = false;
  const ask = async (probe: keyof Times) => {
    while (!isDone) {
      const started = performance.now();
      const answer = await fetch(server.address + probes[probe], { headers: { cookie } });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${probes[probe]} was answered with ${answer.status}.`);
      const time = performance.now() - started;
      times[probe].push(time);
      await setTimeout(Math.max(0, interval - time));
    }
  };
  const started = performance.now();
  const asking = Promise.all([ask("whoami"), ask("page")]);
  await Promise.race([work(), asking]).finally(() => (isDone = true));
  const seconds = (performance.now() - started) / 1000;
  await asking;
  return { ...times, seconds };
}

function print(load: string, { seconds, ...times }: Times & { seconds: number }, idle: Times): void {
  const columns = (["whoami", "page"] as const).map((probe) => {
    const figures = [quantile(times[probe], 0.5), quantile(times[probe], 0.99), Math.max(...times[probe])];
    const base = quantile(idle[probe], 0.5);
    const shown = figures.map((value) => `${value.toFixed(0)} (${(value / base).toFixed(1)})`);
    return `${probe} ${shown.join(" / ")}`;
  });
  console.log(`  ${load}, ${seconds.toFixed(1)} s: ${columns.join("; ")}`);
}

/** Returns the emails of one more person than log in at once. */
async function addPeople(location: DatabaseLocation): Promise<string[]> {
  const database = openDatabase(location);
  const { users } = createRepositories(database, { ...loadConfig({}, {}), secret_key });
  const emails = Array.from({ length: logIns + 1 }, (_, number) => `person${number}@example.com`);
  for (const email of emails) await users.create({ email, password });
  await database.destroy();
  return emails;
}

/** Returns the Cookie header of the new session. */
async function logIn({ address }: MeasuredServer, email: string): Promise<string> {
  const body = new URLSearchParams({ email, password });
  const answer = await fetch(`${address}/user/login/`, { method: "POST", body, redirect: "manual" });
  if (answer.status !== 303) throw new Error(`The log-in of ${email} was answered with ${answer.status}.`);
  return cookiesOf(answer);
}

async function upload({ address }: MeasuredServer, cookie: string, image: Blob): Promise<void> {
  const form = new FormData();
  form.append("avatar", image, "face.jpg");
  await answered(fetch(`${address}/api/users/1/avatar`, { method: "POST", headers: { cookie }, body: form }));
}

async function createProject({ address }: MeasuredServer, cookie: string): Promise<number> {
  const headers = { cookie, "content-type": "application/json" };
  const body = JSON.stringify({ title: "Reviews", label_config });
  const answer = await answered(fetch(`${address}/api/projects/`, { method: "POST", headers, body }));
  return ((await answer.json()) as { id: number }).id;
}

async function writeTable(server: MeasuredServer, tasks: number): Promise<string> {
  const file = path.join(server.data_dir, `${tasks}.csv`);
  await pipeline(Readable.from(lines(tasks)), createWriteStream(file));
  return file;
}

function* lines(tasks: number): Generator<string> {
  yield "text,source\n";
  for (let number = 0; number < tasks; number++)
    yield `"Review ${number}: as long as people write them, with a word or two more.",shop ${number % 1000}\n`;
}

async function importTasks({ address }: MeasuredServer, cookie: string, project: number, file: string): Promise<void> {
  const body = new FormData();
  body.append("file", await openAsBlob(file), "tasks.csv");
  await answered(fetch(`${address}/api/projects/${project}/import`, { method: "POST", headers: { cookie }, body }));
}

async function exportTasks({ address }: MeasuredServer, cookie: string, project: number): Promise<void> {
  const url = `${address}/api/projects/${project}/export?exportType=JSON&download_all_tasks=true`;
  const answer = await answered(fetch(url, { headers: { cookie } }));
  let bytes = 0;
  for await (const chunk of answer.body ?? []) bytes += chunk.length;
  if (bytes < importedTasks * 100) throw new Error(`The export has only ${bytes} bytes.`);
}

/** Resolves when nothing of it is left in the database. */
async function deleteProject(
  { address }: MeasuredServer,
  cookie: string,
  project: number,
  location: DatabaseLocation,
): Promise<void> {
  await answered(fetch(`${address}/api/projects/${project}/`, { method: "DELETE", headers: { cookie } }));
  const database = openDatabase(location);
  while (await database("projects").where({ id: project }).first("id")) await setTimeout(250);
  await database.destroy();
}

async function answered(asked: Promise<Response>): Promise<Response> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`${answer.url} was answered with ${answer.status}: ${await answer.text()}`);
  return answer;
}
