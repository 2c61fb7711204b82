import { createWriteStream, openAsBlob } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { loadConfig } from "../src/config/config.ts";
import type { DatabaseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { cookiesOf, label_config, secret_key } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

/** How long a deletion may take, in milliseconds. */
const deletionLimit = 600_000;

const password = "correct horse battery";

/** Creates people who can log in, and returns their emails. */
export async function addAccounts(location: DatabaseLocation, count: number): Promise<string[]> {
  const database = openDatabase(location);
  const { users } = createRepositories(database, { ...loadConfig({}, {}), secret_key });
  const emails = Array.from({ length: count }, (_, number) => `person${number}@example.com`);
  for (const email of emails) await users.create({ email, password });
  await database.destroy();
  return emails;
}

/** Returns the Cookie header of the new session. */
export async function logIn({ address }: MeasuredServer, email: string): Promise<string> {
  const body = new URLSearchParams({ email, password });
  const answer = await fetch(`${address}/user/login/`, { method: "POST", body, redirect: "manual" });
  if (answer.status !== 303) throw new Error(`The log-in of ${email} was answered with ${answer.status}.`);
  return cookiesOf(answer);
}

export async function uploadAvatar({ address }: MeasuredServer, cookie: string, image: Blob): Promise<void> {
  const form = new FormData();
  form.append("avatar", image, "face.jpg");
  await answered(fetch(`${address}/api/users/1/avatar`, { method: "POST", headers: { cookie }, body: form }));
}

/** Returns the id of a project without tasks. */
export async function createProject({ address }: MeasuredServer, cookie: string): Promise<number> {
  const headers = { cookie, "content-type": "application/json" };
  const body = JSON.stringify({ title: "Reviews", label_config });
  const answer = await answered(fetch(`${address}/api/projects/`, { method: "POST", headers, body }));
  return ((await answer.json()) as { id: number }).id;
}

/** Writes a CSV file with this many tasks. */
export async function writeTable({ data_dir }: MeasuredServer, tasks: number): Promise<string> {
  const file = path.join(data_dir, `${tasks}.csv`);
  await pipeline(Readable.from(lines(tasks)), createWriteStream(file));
  return file;
}

function* lines(tasks: number): Generator<string> {
  yield "text,source\n";
  for (let number = 0; number < tasks; number++)
    yield `"Review ${number}: as long as people write them, with a word or two more.",shop ${number % 1000}\n`;
}

export async function importTasks(
  { address }: MeasuredServer,
  cookie: string,
  project: number,
  file: string,
): Promise<void> {
  const body = new FormData();
  body.append("file", await openAsBlob(file), "tasks.csv");
  await answered(fetch(`${address}/api/projects/${project}/import`, { method: "POST", headers: { cookie }, body }));
}

/** Throws if there is less than a hundred bytes for each of these tasks. */
export async function exportTasks(
  { address }: MeasuredServer,
  cookie: string,
  project: number,
  tasks: number,
): Promise<void> {
  const url = `${address}/api/projects/${project}/export?exportType=JSON&download_all_tasks=true`;
  // Compressing it would take longer than making it.
  const answer = await answered(fetch(url, { headers: { cookie, "accept-encoding": "identity" } }));
  let bytes = 0;
  for await (const chunk of answer.body ?? []) bytes += chunk.length;
  if (bytes < tasks * 100) throw new Error(`The export has only ${bytes} bytes.`);
}

/** Resolves when nothing of it is left in the database. */
export async function deleteProject(
  { address }: MeasuredServer,
  cookie: string,
  project: number,
  location: DatabaseLocation,
): Promise<void> {
  await answered(fetch(`${address}/api/projects/${project}/`, { method: "DELETE", headers: { cookie } }));
  const database = openDatabase(location);
  const isGone = async () => (await database("projects").where({ id: project }).first("id")) === undefined;
  await waitUntil("the project is deleted", isGone, { limit: deletionLimit, interval: 250 });
  await database.destroy();
}

async function answered(asked: Promise<Response>): Promise<Response> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`${answer.url} was answered with ${answer.status}: ${await answer.text()}`);
  return answer;
}
