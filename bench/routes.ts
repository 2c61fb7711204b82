import { copyFileSync, rmSync } from "node:fs";
import path from "node:path";

import { closeDatabase } from "../src/database/close.ts";
import { parseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { issueAccessToken } from "../src/security/jwt.ts";
import { addPeople, addProject } from "./add-records.ts";
import { sendLoad } from "./load.ts";
import type { LoadRequest } from "./load.ts";
import { median } from "./median.ts";
import { processorTime } from "./processor-time.ts";
import type { Ratio } from "./ratios.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";
import { startCeiling } from "./start-ceiling.ts";
import type { Ceiling } from "./start-ceiling.ts";

const people = 60;
const tasks = 400;
const labeled = 60;
const connections = 8;

/** How thoroughly routes are measured. */
export interface Thoroughness {
  rounds: number;
  /** Before each round, without being counted: while the others were asked, a process tidied its memory and gave it back. */
  runInMilliseconds: number;
  roundMilliseconds: number;
  /** Until the code that runs often is compiled; at most so long. */
  warmUpRequests: number;
  warmUpMilliseconds: number;
}

const thorough: Thoroughness = {
  rounds: 5,
  runInMilliseconds: 300,
  roundMilliseconds: 1000,
  warmUpRequests: 20_000,
  warmUpMilliseconds: 15_000,
};

/** Of a row that other work on the machine changes little. */
export const byProcessorTime = "of its ceiling, by processor time";

/** How many queries a page may need. */
const mostQueries = 6;

/** A request that is measured; those of a list are sent in turn. */
export interface Route {
  name: string;
  requests: () => Promise<LoadRequest[]> | LoadRequest[];
  status?: number;
  /** The least part of the ceiling's rate. */
  target: number;
  isPage?: boolean;
  /** What is another in each answer: the names of members of JSON, or of fields of forms. */
  changing?: string[];
}

/** What one of the three did in a round. */
interface Round {
  perSecond: number;
  /** Microseconds of processor time for a request. */
  time: number;
}

/**
 * Compares what the built server answers a second with the ceiling (see ceiling.ts) and with Koa alone, which sends the same bytes:
 * all three in turn, so that whatever else the machine does is shared by all. `chosen`: the beginnings of the names of some, as
 * `ROUTES=whoami,People`.
 */
export async function routes(how = thorough, chosen = process.env.ROUTES?.split(",")): Promise<Ratio[]> {
  const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key });
  const file = path.join(server.data_dir, "label_studio.sqlite3");
  const copy = path.join(server.data_dir, "ceiling.sqlite3");
  const routes = await prepareRoutes(server, file);
  await copyDatabase(file, copy);
  const ceiling = startCeiling(copy);
  try {
    const ratios: Ratio[] = [];
    console.log(
      "| route | a second: product, ceiling, Koa | µs of processor time | queries | bytes | of its ceiling |",
    );
    console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (const route of routes)
      if (!chosen || chosen.some((name) => route.name.startsWith(name)))
        ratios.push(...(await measure(route, how, server, ceiling)));
    return ratios;
  } finally {
    ceiling.stop();
    await server.stop();
  }
}

async function measure(route: Route, how: Thoroughness, server: MeasuredServer, ceilings: Ceiling): Promise<Ratio[]> {
  const { name, status = 200, target, isPage = false } = route;
  const { rounds, warmUpRequests, warmUpMilliseconds } = how;
  const requests = await route.requests();
  const ports = await ceilings.serve({ request: requests[0] as LoadRequest, status });
  const subjects = [
    { port: Number(new URL(server.address).port), pid: server.pid, status },
    { port: ports.ceiling, pid: ceilings.pid, status },
    { port: ports.bare, pid: ceilings.pid, status: 200 },
  ];
  const measured: Round[][] = [[], [], []];
  for (const subject of subjects) {
    const begun = performance.now();
    let answered = 0;
    while (answered < warmUpRequests && performance.now() - begun < warmUpMilliseconds)
      answered += await sendLoad({ ...subject, requests, connections, milliseconds: 500 });
  }
  for (let round = 0; round < rounds; round++)
    for (const [index, subject] of subjects.entries()) measured[index]?.push(await runRound(subject, requests, how));
  const [product = [], ceiling = [], bare = []] = measured;
  const ratio = (of: Round[], to: Round[], key: keyof Round) =>
    median(of.map((each, round) => each[key] / (to[round]?.[key] ?? Number.NaN)));
  const ofCeiling = ratio(product, ceiling, "perSecond");
  const figures = (key: keyof Round) =>
    [product, ceiling, bare].map((each) => median(each.map((round) => round[key])).toFixed(0)).join(", ");
  console.log(
    `| ${name} | ${figures("perSecond")} | ${figures("time")} | ${ports.queries} | ${ports.bytes} | ${(100 * ofCeiling).toFixed(0)} % |`,
  );
  const ratios: Ratio[] = [
    { what: `${name}: of its ceiling`, ratio: ofCeiling, target, isLeast: true },
    { what: `${name}: ${byProcessorTime}`, ratio: ratio(ceiling, product, "time"), target, isLeast: true },
  ];
  if (name === "whoami by legacy token") {
    const what = "whoami: processor time against Koa alone";
    ratios.push({ what, ratio: ratio(product, bare, "time"), target: 12 });
  }
  if (isPage) ratios.push({ what: `${name}: queries`, ratio: ports.queries, target: mostQueries, unit: "queries" });
  return ratios;
}

async function runRound(
  { port, pid, status }: { port: number; pid: number; status: number },
  requests: LoadRequest[],
  { runInMilliseconds, roundMilliseconds: milliseconds }: Thoroughness,
): Promise<Round> {
  await sendLoad({ port, requests, status, connections, milliseconds: runInMilliseconds });
  const [before, started] = [processorTime(pid), performance.now()];
  const answered = await sendLoad({ port, requests, status, connections, milliseconds });
  const seconds = (performance.now() - started) / 1000;
  return { perSecond: answered / seconds, time: (processorTime(pid) - before) / answered };
}

/** Fills the database, and returns what is asked of it. */
export async function prepareRoutes(server: MeasuredServer, file: string): Promise<Route[]> {
  const cookie = await signUp(server);
  const database = openDatabase(parseLocation(file));
  const repositories = createRepositories(database, { secret_key, password_cost: 4 });
  await repositories.organizations.update(1, { api_tokens_enabled: true, legacy_api_tokens_enabled: true });
  await addPeople(repositories, people);
  for (let project = 0; project < 5; project++) await addProject(repositories, tasks);
  const ids = await repositories.tasks.listIdsAfter(1, 0, tasks);
  const result = JSON.stringify([
    { from_name: "label", to_name: "text", type: "choices", value: { choices: ["good"] } },
  ]);
  for (const [index, task] of ids.slice(0, labeled).entries())
    await repositories.annotations.create(task, 1 + (index % 2), { result });
  const legacy = await repositories.legacyTokens.findByUser(1);
  const key = await repositories.apiKeys.create(1, { name: "bench", days: null, is_read_only: false });
  await closeDatabase(database);
  const created = await fetch(`${server.address}/api/token/`, { method: "POST", headers: { cookie } });
  const { token } = (await created.json()) as { token: string };

  const get = (address: string, headers?: Record<string, string>): LoadRequest[] => [
    { method: "GET", path: address, ...(headers && { headers }) },
  ];
  const whoami = (authorization: string) => get("/api/current-user/whoami", { Authorization: authorization });
  const page = (name: string, address: string, changing: string[] = []): Route => ({
    name,
    requests: () => get(address, { Cookie: cookie }),
    target: 0.5,
    isPage: true,
    changing,
  });
  const byToken = `Token ${legacy?.token}`;
  return [
    { name: "log-in page", requests: () => get("/user/login/"), target: 0.5 },
    { name: "whoami by legacy token", requests: () => whoami(byToken), target: 0.75 },
    { name: "whoami by key", requests: () => whoami(`Token ${key?.value}`), target: 0.75 },
    { name: "whoami by personal token", requests: () => whoami(`Token ${token}`), target: 0.75 },
    {
      name: "whoami by access token",
      // It lasts five minutes.
      requests: async () => whoami(`Bearer ${issueAccessToken(secret_key, 1)}`),
      target: 0.75,
    },
    {
      name: "whoami by session",
      requests: () => get("/api/current-user/whoami", { Cookie: cookie }),
      target: 0.75,
    },
    {
      name: "members",
      requests: () => get("/api/organizations/1/memberships?page_size=30", { Authorization: byToken }),
      target: 0.5,
    },
    page("home", "/"),
    page("People", "/people/"),
    page("person", "/people/2", ["form_key"]),
    page("account", "/user/account/"),
    page("projects", "/projects/"),
    page("project", "/projects/1"),
    page("task", `/projects/1/tasks/${ids[0]}`),
    page("label page", `/projects/1/tasks/${ids[labeled + 1]}/label`, ["started", "unique_id"]),
    {
      name: "tasks API, 50 rows",
      requests: () => get("/api/tasks/?project=1&page_size=50", { Authorization: byToken }),
      target: 0.5,
    },
    {
      name: "submit an annotation",
      requests: () =>
        ids.slice(labeled + 10).map((id) => ({
          method: "POST",
          path: `/api/tasks/${id}/annotations/`,
          headers: { Authorization: byToken, "Content-Type": "application/json" },
          body: `{"result":${result},"lead_time":3.5}`,
        })),
      status: 201,
      target: 0.5,
      changing: ["id", "created_at", "updated_at"],
    },
  ];
}

/** With what is written ahead of it. */
async function copyDatabase(file: string, copy: string): Promise<void> {
  const database = openDatabase(parseLocation(file));
  await database.raw("PRAGMA wal_checkpoint(TRUNCATE)");
  await closeDatabase(database);
  rmSync(copy, { force: true });
  copyFileSync(file, copy);
}
