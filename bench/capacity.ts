import http from "node:http";

import { startPostgres } from "../scripts/support/postgres.js";
import { parseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { addPeople, addProject } from "./add-records.ts";
import { median } from "./median.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const people = 200;
const tasks = 10_000;
const clients = 16;
const rounds = 5;
const roundSeconds = 3;

interface Request {
  method: "GET" | "POST";
  path: string;
  body?: string;
}

/** Compares the requests a second that one server on PostgreSQL answers with those that two answer. */
export async function capacity(): Promise<void> {
  const postgres = await startPostgres({ durable: true });
  const variables = { DATABASE_URL: postgres.url, LABEL_STUDIO_SECRET_KEY: secret_key };
  const one = await startServer(variables);
  const other = await startServer(variables);
  try {
    // A person for each client, as people don't wait for what others add to their own numbers.
    const cookies: string[] = [];
    while (cookies.length < clients) cookies.push(await signUp(one, `annotator${cookies.length}@example.com`));
    const ids = await createTasks(postgres.url);
    let next = 0;
    const requests: [string, () => Request][] = [
      ["People", () => ({ method: "GET", path: "/people/" })],
      ["the label page", () => ({ method: "GET", path: `/projects/1/tasks/${ids[next++ % ids.length]}` })],
      ["saved annotations", () => annotation(ids[next++ % ids.length])],
    ];
    for (const [name, request] of requests) await compare(name, request, { one, other, cookies });
    await printRowSizes(postgres.url);
  } finally {
    await one.stop();
    await other.stop();
    await postgres.stop();
  }
}

/** Prints the bytes on disk for each row, with its indexes. */
async function printRowSizes(url: string): Promise<void> {
  const database = openDatabase(parseLocation(url));
  for (const table of ["tasks", "annotations"]) {
    await database.raw("vacuum full ??", [table]);
    const { rows } = await database.raw("select pg_total_relation_size(?) / count(*) as bytes from ??", [table, table]);
    console.log(`On PostgreSQL, each of the ${table}, with its indexes: ${rows[0].bytes} bytes`);
  }
  await database.destroy();
}

function annotation(task: number | undefined): Request {
  const result = [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["good"] } }];
  return { method: "POST", path: `/api/tasks/${task}/annotations/`, body: JSON.stringify({ result }) };
}

/** Creates users and a project with tasks, and returns the ids of the tasks. */
async function createTasks(url: string): Promise<number[]> {
  const database = openDatabase(parseLocation(url));
  const repositories = createRepositories(database, { secret_key, password_cost: 10 });
  await addPeople(repositories, people);
  const ids = await repositories.tasks.listIdsAfter(await addProject(repositories, tasks), 0, tasks);
  await database.destroy();
  return ids;
}

async function compare(
  name: string,
  request: () => Request,
  { one, other, cookies }: { one: MeasuredServer; other: MeasuredServer; cookies: string[] },
): Promise<void> {
  const alone: number[] = [];
  const both: number[] = [];
  await perSecond([one, other], request, cookies, 1);
  for (let round = 0; round < rounds; round++) {
    alone.push(await perSecond([one], request, cookies, roundSeconds));
    both.push(await perSecond([one, other], request, cookies, roundSeconds));
  }
  const ratio = median(both.map((count, round) => count / (alone[round] ?? 1)));
  const counts = `${median(alone).toFixed(0)} a second by one server, ${median(both).toFixed(0)} by two`;
  console.log(`On PostgreSQL, ${name}: ${counts}, ${ratio.toFixed(2)} times`);
}

/** Sends requests with all clients at once, spread over the servers, and returns how many are answered a second. */
async function perSecond(
  servers: MeasuredServer[],
  request: () => Request,
  cookies: string[],
  seconds: number,
): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const end = performance.now() + seconds * 1000;
  let answered = 0;
  const client = async (cookie: string, number: number) => {
    const { address } = servers[number % servers.length] as MeasuredServer;
    while (performance.now() < end) {
      const status = await send(agent, address, request(), cookie);
      if (status >= 400) throw new Error(`A request was answered with ${status}.`);
      answered++;
    }
  };
  await Promise.all(cookies.map(client));
  agent.destroy();
  return answered / seconds;
}

function send(agent: http.Agent, address: string, { method, path, body }: Request, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, "content-type": "application/json", "sec-fetch-site": "same-origin" };
    const sentRequest = http.request(`${address}${path}`, { method, agent, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", reject);
    });
    sentRequest.on("error", reject);
    sentRequest.end(body);
  });
}
