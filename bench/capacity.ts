import { startPostgres } from "../scripts/support/postgres.js";
import { parseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { addPeople, addProject } from "./add-records.ts";
import { sendLoad } from "./load.ts";
import type { LoadRequest } from "./load.ts";
import { median } from "./median.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const people = 200;
const tasks = 10_000;
const clients = 16;
const rounds = 5;
const roundSeconds = 3;
const warmUpSeconds = 5;

/** What each client asks for in turn, and the status of the answers. */
interface Question {
  name: string;
  status: number;
  requests: (task: number) => Omit<LoadRequest, "headers">;
  /** The tasks that are asked for, in this order, by the clients in turn. */
  tasks: number[];
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
    const { ofOne, ofEach } = await createTasks(postgres.url);
    const questions: Question[] = [
      { name: "People", status: 200, tasks: ofOne, requests: () => ({ method: "GET", path: "/people/" }) },
      {
        name: "the page of a task",
        status: 200,
        tasks: ofOne,
        requests: (task) => ({ method: "GET", path: `/projects/1/tasks/${task}` }),
      },
      { name: "saved annotations of one project", status: 201, tasks: ofOne, requests: annotation },
      // Nobody waits for another one's row here: the difference is what the project's numbers cost.
      { name: "saved annotations, a project for each client", status: 201, tasks: ofEach, requests: annotation },
    ];
    for (const question of questions) await compare(question, { one, other, cookies });
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

function annotation(task: number): Omit<LoadRequest, "headers"> {
  const result = [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["good"] } }];
  return { method: "POST", path: `/api/tasks/${task}/annotations/`, body: JSON.stringify({ result }) };
}

/**
 * Creates users, a project with tasks, and one for each client with as many together, and returns the ids of the tasks: those of one
 * project, and those of each in turn.
 */
async function createTasks(url: string): Promise<{ ofOne: number[]; ofEach: number[] }> {
  const database = openDatabase(parseLocation(url));
  const repositories = createRepositories(database, { secret_key, password_cost: 10 });
  await addPeople(repositories, people);
  const create = async (count: number) =>
    repositories.tasks.listIdsAfter(await addProject(repositories, count), 0, count);
  const ofOne = await create(tasks);
  const projects: number[][] = [];
  while (projects.length < clients) projects.push(await create(tasks / clients));
  await database.destroy();
  return {
    ofOne,
    ofEach: Array.from({ length: tasks }, (_, at) => projects[at % clients]?.[Math.floor(at / clients)] ?? 0),
  };
}

async function compare(
  question: Question,
  { one, other, cookies }: { one: MeasuredServer; other: MeasuredServer; cookies: string[] },
): Promise<void> {
  const alone: number[] = [];
  const both: number[] = [];
  await perSecond([one, other], question, cookies, warmUpSeconds);
  for (let round = 0; round < rounds; round++) {
    alone.push(await perSecond([one], question, cookies, roundSeconds));
    both.push(await perSecond([one, other], question, cookies, roundSeconds));
  }
  const ratio = median(both.map((count, round) => count / (alone[round] ?? 1)));
  const counts = `${median(alone).toFixed(0)} a second by one server, ${median(both).toFixed(0)} by two`;
  console.log(`On PostgreSQL, ${question.name}: ${counts}, ${ratio.toFixed(2)} times`);
}

/** Sends requests with all clients at once, spread over the servers, and returns how many are answered a second. */
async function perSecond(
  servers: MeasuredServer[],
  { requests, tasks, status }: Question,
  cookies: string[],
  seconds: number,
): Promise<number> {
  const counts = await Promise.all(
    cookies.map((cookie, client) => {
      const headers = { Cookie: cookie, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" };
      const own = tasks.filter((_, at) => at % cookies.length === client);
      return sendLoad({
        port: Number(new URL((servers[client % servers.length] as MeasuredServer).address).port),
        requests: own.map((task) => ({ ...requests(task), headers })),
        status,
        connections: 1,
        milliseconds: seconds * 1000,
      });
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}
