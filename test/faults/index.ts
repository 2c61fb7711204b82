// What is lost and doubled when servers, databases, disks, clocks and clients fail: prints a table.
import { writeFileSync } from "node:fs";
import net from "node:net";
import { setTimeout } from "node:timers/promises";

import { startPostgres } from "../../scripts/support/postgres.js";
import { startClients } from "./clients.ts";
import type { Outcome } from "./clients.ts";
import { openMachine } from "./server.ts";
import type { Machine } from "./server.ts";

interface Fault {
  name: string;
  times: number;
  on: "SQLite" | "PostgreSQL";
  /** Servers that clients know. */
  servers?: number;
  /** Does it once, while clients work; returns what else went wrong. */
  happen: (machines: [Machine, ...Machine[]]) => Promise<string | undefined>;
}

const postgres = await startPostgres({ durable: true });
/** How long clients work before the next fault, in milliseconds. */
const pause = 1500;

const killed = async ([machine]: [Machine, ...Machine[]]) => {
  await machine.end("SIGKILL");
  await machine.start();
  return undefined;
};

const terminated = async ([machine]: [Machine, ...Machine[]]) => {
  const { code, milliseconds } = await machine.end("SIGTERM");
  await machine.start();
  if (code !== 0) return `exit code ${code}`;
  return milliseconds < 15_000 ? undefined : `${Math.round(milliseconds / 1000)} s until its end`;
};

const faults: Fault[] = [
  { name: "`kill -9`", times: 5, on: "SQLite", happen: killed },
  { name: "`kill -9`", times: 5, on: "PostgreSQL", happen: killed },
  { name: "SIGTERM", times: 3, on: "SQLite", happen: terminated },
  { name: "SIGTERM", times: 3, on: "PostgreSQL", happen: terminated },
  { name: "one of two servers killed", times: 3, on: "PostgreSQL", servers: 2, happen: killed },
  {
    name: "disk full for 3 s (`max_page_count`)",
    times: 2,
    on: "SQLite",
    async happen([machine]) {
      await machine.end("SIGTERM");
      // Below its size SQLite takes its size: the database can't grow.
      await machine.start({ FAULT_MAX_PAGES: "1" });
      await setTimeout(3000);
      return terminated([machine]);
    },
  },
  {
    name: "locked for 7 s by another program",
    times: 2,
    on: "SQLite",
    async happen([machine]) {
      const database = machine.openDatabase();
      await database.transaction(() => setTimeout(7000));
      await database.destroy();
      return undefined;
    },
  },
  {
    name: "database stopped for 3 s and started",
    times: 3,
    on: "PostgreSQL",
    async happen() {
      await postgres.pause();
      await setTimeout(3000);
      await postgres.resume();
      return undefined;
    },
  },
  {
    name: "clock an hour back and forth each second, for 5 s (`Date` of the process)",
    times: 1,
    on: "SQLite",
    async happen([machine]) {
      await machine.end("SIGTERM");
      await machine.start({ FAULT_CLOCK: String(3_600_000) });
      await setTimeout(5000);
      return terminated([machine]);
    },
  },
  {
    name: "1,000 idle connections and 500 with half a request, then SIGTERM",
    times: 2,
    on: "SQLite",
    async happen([machine]) {
      const open = Array.from({ length: 1500 }, (_, number) => {
        const socket = net.connect(Number(new URL(machine.url).port), "127.0.0.1").on("error", () => undefined);
        if (number % 3 === 0) socket.write("POST /api/tasks/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        return socket;
      });
      await setTimeout(3000);
      const wrong = await terminated([machine]);
      for (const socket of open) socket.destroy();
      return wrong;
    },
  },
];

const rows = ["| what was done | on | times | acknowledged | lost | doubled | other 5xx | verdict |"];
rows.push("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const row of rows) console.log(row);
let hasFailed = false;
for (const [number, fault] of faults.entries()) {
  const { acknowledged, lost, doubled, failures, wrong } = await tryFault(fault, `faults_${number}`);
  const holds = lost + doubled + failures + wrong.length === 0 && acknowledged > 0;
  if (!holds) hasFailed = true;
  const verdict = holds ? "holds" : `FAILS ${wrong.join(", ")}`.trim();
  const cells = [fault.name, fault.on, fault.times, acknowledged, lost, doubled, failures, verdict];
  rows.push(`| ${cells.join(" | ")} |`);
  console.log(rows.at(-1));
}
await postgres.stop();
if (process.argv[2]) writeFileSync(process.argv[2], `${rows.join("\n")}\n`);
process.exit(hasFailed ? 1 : 0);

async function tryFault(
  { times, on, servers = 1, happen }: Fault,
  name: string,
): Promise<Outcome & { wrong: string[] }> {
  const url = on === "PostgreSQL" ? await postgres.createDatabase(name) : undefined;
  const machines: Machine[] = [];
  const wrong: string[] = [];
  try {
    while (machines.length < servers) machines.push(await openMachine(url));
    for (const machine of machines) await machine.start();
    const clients = await startClients(machines.map((machine) => machine.url));
    for (let time = 0; time < times; time++) {
      await setTimeout(pause);
      const problem = await happen(machines as [Machine, ...Machine[]]);
      if (problem) wrong.push(problem);
    }
    const database = (machines[0] as Machine).openDatabase();
    const outcome = await clients.stop(database);
    await database.destroy();
    return { ...outcome, wrong };
  } finally {
    for (const machine of machines) {
      await machine.end("SIGTERM");
      machine.remove();
    }
  }
}
