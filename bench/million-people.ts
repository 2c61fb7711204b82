import path from "node:path";

import { startPostgres } from "../scripts/support/postgres.js";
import { maxId } from "../src/common/ids.ts";
import { parseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { formatPosition } from "../src/forms/people.ts";
import { addManyPeople, commonFirstName, commonLastName, rareName } from "../test/support/many-people.ts";
import { median, milliseconds } from "./median.ts";
import { signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const few = 1_000;
const many = 1_000_000;
const visits = 21;

/** A server with users, and the Cookie header of a session on it. */
interface Team {
  server: MeasuredServer;
  cookie: string;
  people: number;
}

/** Compares People with a million members with People with a thousand, on SQLite and on PostgreSQL. */
export async function millionPeople(): Promise<void> {
  await compare("SQLite", async (people) => {
    const server = await startServer();
    return startTeam(server, people, path.join(server.data_dir, "label_studio.sqlite3"));
  });
  const postgres = await startPostgres();
  try {
    await compare("PostgreSQL", async (people) => {
      const url = await emptyDatabase(postgres.url, `people_${people}`);
      return startTeam(await startServer({ DATABASE_URL: url }), people, url);
    });
  } finally {
    await postgres.stop();
  }
}

async function compare(on: string, createTeam: (people: number) => Promise<Team>): Promise<void> {
  const small = await createTeam(few);
  const large = await createTeam(many);
  for (const [name, visit] of requests) {
    const times: Record<"few" | "many", number[]> = { few: [], many: [] };
    for (let each = 0; each < visits; each++) {
      times.few.push(await timeOf(() => visit(small)));
      times.many.push(await timeOf(() => visit(large)));
    }
    const [before, after] = [median(times.few), median(times.many)];
    const comparison = `${milliseconds(before)} and ${milliseconds(after)}, ${(after / before).toFixed(2)} times`;
    console.log(
      `On ${on} with ${few.toLocaleString("en")} and ${many.toLocaleString("en")} people, ${name}: ${comparison}`,
    );
  }
  await small.server.stop();
  await large.server.stop();
}

const requests: [string, (team: Team) => Promise<void>][] = [
  ["the first page", (team) => show(team, "/people/")],
  ["the last page", (team) => show(team, `/people/?before=${formatPosition({ key: "~", id: maxId, offset: 0 })}`)],
  ["the latest", (team) => show(team, "/people/?sort=-last_activity")],
  ["search for a rare name", (team) => show(team, `/people/?q=${rareName}`)],
  ["search for what all have", (team) => show(team, "/people/?q=com")],
  ["search for a last name of one in fifty", (team) => show(team, `/people/?q=${commonLastName}`)],
  ["search for a first name of one in twenty", (team) => show(team, `/people/?q=${commonFirstName}`)],
  ["the same by last activity", (team) => show(team, `/people/?q=${commonFirstName}&sort=-last_activity`)],
  ["user detail", (team) => show(team, `/people/${team.people - 5}`)],
  ["log-in", logIn],
  ["the API's first members", (team) => show(team, "/api/organizations/1/memberships")],
  [
    "the API's members in the middle",
    (team) => show(team, `/api/organizations/1/memberships?page=${team.people / 40}`),
  ],
];

async function show({ server, cookie }: Team, page: string): Promise<void> {
  const answer = await fetch(server.address + page, { headers: { cookie } });
  await answer.text();
  if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}.`);
}

async function logIn({ server }: Team): Promise<void> {
  const body = new URLSearchParams({ email: "ada@example.com", password: "correct horse battery" });
  const answer = await fetch(`${server.address}/user/login/`, { method: "POST", body, redirect: "manual" });
  if (answer.status !== 303) throw new Error(`Log-in answered ${answer.status}.`);
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function startTeam(server: MeasuredServer, people: number, database: string): Promise<Team> {
  const cookie = await signUp(server);
  await withDatabase(database, async (connection) => addManyPeople(connection, people - 1));
  return { server, cookie, people };
}

async function emptyDatabase(server: string, name: string): Promise<string> {
  await withDatabase(server, async (database) => database.raw("create database ??", [name]));
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

async function withDatabase(
  location: string,
  work: (database: ReturnType<typeof openDatabase>) => Promise<unknown>,
): Promise<void> {
  const database = openDatabase(parseLocation(location));
  try {
    await work(database);
  } finally {
    await database.destroy();
  }
}
