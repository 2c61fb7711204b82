import { startPostgres } from "../scripts/support/postgres.js";
import { median } from "./median.ts";
import { createProject } from "./million-tasks.ts";
import { signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const tasks = 1_000_000;
const visits = 3;

const filter = (column: string, operator: string, type: string, value: unknown) => ({
  filters: { conjunction: "and", items: [{ filter: `filter:tasks:${column}`, operator, type, value }] },
});

const queries: [name: string, query: object][] = [
  ["those that are labeled", filter("is_labeled", "equal", "Boolean", true)],
  ["a field equal to a text", filter("data.source", "equal", "String", "shop 7")],
  ["a text in a field", filter("data.source", "contains", "String", "OP 77")],
  ["all in the order of a field", { ordering: ["tasks:data.text"] }],
  ["a regular expression", filter("data.source", "regex", "String", "^shop 9+$")],
];

export async function taskFiltersOnSqlite(): Promise<void> {
  const server = await startServer();
  try {
    await measure("SQLite", server);
  } finally {
    await server.stop();
  }
}

export async function taskFiltersOnPostgres(): Promise<void> {
  const postgres = await startPostgres({ durable: true });
  const server = await startServer({ DATABASE_URL: postgres.url });
  try {
    await measure("PostgreSQL", server);
  } finally {
    await server.stop();
    await postgres.stop();
  }
}

/** Prints what the first page of some lists of a million tasks takes, and how many times that of the list without a filter. */
async function measure(database: string, server: MeasuredServer): Promise<void> {
  const cookie = await signUp(server);
  const project = await createProject(server, cookie, tasks);
  const list = `${server.address}/api/tasks/?project=${project}&page_size=10`;
  const plain = await time(list, cookie);
  console.log(`${database}, the first page of ${tasks.toLocaleString("en")} tasks: ${plain.toFixed(0)} ms`);
  for (const [name, query] of queries) {
    const taken = await time(`${list}&query=${encodeURIComponent(JSON.stringify(query))}`, cookie);
    console.log(`${database}, ${name}: ${(taken / 1000).toFixed(1)} s, ${(taken / plain).toFixed(0)} times`);
  }
}

/** The median time of an answer, in milliseconds. */
async function time(address: string, cookie: string): Promise<number> {
  const times: number[] = [];
  for (let visit = 0; visit < visits; visit++) {
    const started = performance.now();
    const answer = await fetch(address, { headers: { cookie } });
    await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
    times.push(performance.now() - started);
  }
  return median(times);
}
