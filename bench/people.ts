import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import type { Knex } from "knex";

import { migrate } from "../src/database/migrate.ts";
import { openDatabase } from "../src/database/open.ts";
import type { PeopleQuery } from "../src/repositories/accounts/people.ts";
import { createRepositories } from "../src/repositories/index.ts";
import type { Repositories } from "../src/repositories/index.ts";
import { addManyPeople, commonFirstName } from "../test/support/many-people.ts";
import { median, milliseconds } from "./median.ts";
import type { Ratio } from "./ratios.ts";
import { secret_key } from "./server.ts";

const few = 1_000;
const many = 300_000;
const rounds = 101;

interface Team {
  database: Knex;
  repositories: Repositories;
  people: number;
}

/** Compares what is asked of the database for lists of 300,000 people with the same for 1,000, in turn, on SQLite. */
export async function people(): Promise<Ratio[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-bench-people-"));
  const teams: Team[] = [];
  try {
    const create = async (count: number) => {
      const team = await createTeam(path.join(folder, `${count}.sqlite3`), count);
      teams.push(team);
      return team;
    };
    const both: [Team, Team] = [await create(few), await create(many)];
    const ratios: Ratio[] = [];
    for (const question of questions) ratios.push(await compare(both, question));
    return ratios;
  } finally {
    for (const { database } of teams) await database.destroy();
    rmSync(folder, { recursive: true });
  }
}

interface Question {
  what: string;
  ask: (team: Team) => Promise<unknown>;
  target: number;
}

const orders: [string, PeopleQuery["sort"]][] = [
  ["email", "email"],
  ["name", "sort_name"],
  ["last activity", "last_activity"],
];

const questions: Question[] = [
  ...orders.map(([name, sort]) => ({
    what: `Search for a common first name by ${name}`,
    ask: ({ repositories }: Team) =>
      repositories.people.list({ search: commonFirstName, sort, descending: sort === "last_activity", limit: 50 }),
    target: 1.5,
  })),
  {
    what: "Members by the API, page in the middle",
    ask: ({ repositories, people }) =>
      repositories.members.list({ active: false }, { offset: Math.floor(people / 2), limit: 20 }),
    target: 2.5,
  },
];

async function compare([small, large]: [Team, Team], { what, ask, target }: Question): Promise<Ratio> {
  const times: [number, number][] = [];
  for (let round = 0; round <= rounds; round++) {
    const both: [number, number] = [await timeOf(ask, small), await timeOf(ask, large)];
    // The first one compiles and reads what is needed each time.
    if (round > 0) times.push(both);
  }
  const [before, after] = [0, 1].map((team) => milliseconds(median(times.map((both) => both[team] ?? Number.NaN))));
  const name = `${what}, ${many.toLocaleString("en")} people against ${few.toLocaleString("en")}`;
  console.log(`${name}: ${before} and ${after}`);
  return { what: name, ratio: median(times.map(([one, other]) => other / one)), target };
}

async function timeOf(ask: Question["ask"], team: Team): Promise<number> {
  const started = performance.now();
  await ask(team);
  return performance.now() - started;
}

async function createTeam(file: string, people: number): Promise<Team> {
  const database = openDatabase({ client: "sqlite3", file });
  await migrate(database);
  const repositories = createRepositories(database, { secret_key, password_cost: 4 });
  await repositories.users.create({ email: "ada@example.com" });
  await addManyPeople(database, people - 1);
  return { database, repositories, people };
}
