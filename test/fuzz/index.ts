// Sends generated bad requests to the built program, and prints how they were answered.
import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { median } from "../../bench/median.ts";
import { startPostgres } from "../../scripts/support/postgres.js";
import { startServer } from "../../scripts/support/server.js";
import { generateRequest } from "./generate.ts";
import type { FuzzedRequest } from "./generate.ts";
import { openClient } from "./send.ts";
import type { Answer } from "./send.ts";
import { prepareWorld } from "./world.ts";

/** How many requests get the same records and sessions: they delete and end them. */
const perRound = 2_000;

/** How long an answer may take, in milliseconds. */
const slowest = 2_000;

/** How much larger the server may be in the last quarter of so many requests than in the second, when all of it is warm. */
const growth = 1.3;
const fewestForMemory = 40_000;

const { values: options } = parseArgs({
  options: {
    requests: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    connections: { type: "string", default: "24" },
    on: { type: "string", default: "sqlite" },
  },
});
const requests = Number(options.requests);
const seed = Number(options.seed);
const connections = Number(options.connections);

const postgres = options.on === "postgresql" ? await startPostgres() : undefined;
const { url, port, pid, stop } = await startServer({ database: await postgres?.createDatabase("atelier") });
const client = openClient(port, connections);

/** Those that were slow or without an answer once, and neither when nothing else was asked. */
let repeated = 0;
let latest = 0;
const statuses = new Map<string, number>();
const slow: { milliseconds: number; what: string }[] = [];
let failed = 0;

/** Whoever breaks a request off gets no answer. */
function isInTime({ broken }: FuzzedRequest, { status, milliseconds }: Answer): boolean {
  return milliseconds <= slowest && (status !== undefined || broken !== undefined);
}

function record(index: number, request: FuzzedRequest, answer: Answer): void {
  const { status, milliseconds } = answer;
  const name = String(status ?? "broken off");
  statuses.set(name, (statuses.get(name) ?? 0) + 1);
  const what = `${request.method} ${request.target.slice(0, 60)} (request ${index}, ${status ?? "no answer"})`;
  slow.push({ milliseconds, what });
  slow.sort((a, b) => b.milliseconds - a.milliseconds).splice(5);
  if (isInTime(request, answer) && (status === undefined || status < 500)) return;
  failed++;
  if (failed > 20) return;
  console.error(`FAILED after ${Math.round(milliseconds)} ms: ${what}`);
  console.error(`  ${JSON.stringify({ ...request, body: request.body?.toString("latin1") }).slice(0, 2_000)}`);
  if (status !== undefined && status >= 500) console.error(`  ${answer.text.slice(0, 300).replaceAll("\n", " ")}`);
}

/** Of the server's process, in megabytes. */
function residentMemory(): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}

const memory: number[] = [];
const started = performance.now();
for (let first = 0; first < requests; first += perRound) {
  const world = await prepareWorld(url, first / perRound);
  const end = Math.min(requests, first + perRound);
  let next = first;
  const again: { index: number; request: FuzzedRequest; answer: Answer }[] = [];
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < end) {
        const index = next++;
        const request = generateRequest(seed, index, world);
        const answer = await client.send(request);
        if (isInTime(request, answer)) record(index, request, answer);
        else again.push({ index, request, answer });
      }
    }),
  );
  // The machine may have been busy with something else, and an answer is lost when the server ends a connection on which more is
  // sent: by itself each must be answered in time. An error that came late stays one.
  for (const { index, request, answer } of again) {
    const second = await client.send(request);
    if (isInTime(request, second)) repeated++;
    latest = Math.max(latest, answer.milliseconds);
    record(index, request, { ...second, status: Math.max(answer.status ?? 0, second.status ?? 0) || undefined });
  }
  await setTimeout(100);
  memory.push(residentMemory());
}
const seconds = (performance.now() - started) / 1000;
const health = await fetch(new URL("health", url)).then(
  ({ status }) => status,
  () => undefined,
);
client.close();
await stop();
await postgres?.stop();

const half = memory.length / 2;
const early = median(memory.slice(half / 2, half));
const late = median(memory.slice(half * 1.5));
const isFlat = requests < fewestForMemory || late <= early * growth;
const checks = { "the server answers in the end": health === 200, "its memory stays flat": isFlat };
for (const [what, holds] of Object.entries(checks)) if (!holds) console.error(`FAILED: ${what}.`);
const refused = Object.values(checks).filter((holds) => !holds).length;

console.log(
  `${requests} requests of seed ${seed} on ${options.on}, over ${connections} connections, in ${Math.round(seconds)} s`,
);
for (const [begins, name] of Object.entries({ 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx", b: "no answer" })) {
  const ofClass = [...statuses].filter(([status]) => status.startsWith(begins));
  const sum = ofClass.reduce((total, [, count]) => total + count, 0);
  console.log(`${name}: ${sum} (${ofClass.map(([status, count]) => `${status}: ${count}`).join(", ")})`);
}
for (const { milliseconds, what } of slow) console.log(`${Math.round(milliseconds)} ms: ${what}`);
console.log(
  `${repeated} were unanswered or late (${Math.round(latest)} ms at most), and neither when sent again with nothing beside.`,
);
const megabytes = (value: number) => `${Math.round(value)} MB`;
const sizes = [early, late, Math.max(...memory)].map(megabytes);
console.log(`Memory in the second quarter: ${sizes[0]}; in the last: ${sizes[1]}; at most: ${sizes[2]}.`);
console.log(`${requests + Object.keys(checks).length - failed - refused} passed, ${failed + refused} failed`);
process.exit(failed + refused > 0 ? 1 : 0);
