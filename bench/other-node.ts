import path from "node:path";

import { answersPerSecond } from "./load.ts";
import { median } from "./median.ts";
import { prepareRoutes } from "./routes.ts";
import type { Route } from "./routes.ts";
import { secret_key, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const rounds = 5;
const roundMilliseconds = 1000;
const connections = 8;
const warmUps = 4;

/** Compares what the server answers a second on the Node of OTHER_NODE, the path of a program, with this one's, in turn. */
export async function otherNode(): Promise<void> {
  const program = process.env.OTHER_NODE;
  if (!program) throw new Error("Set OTHER_NODE to the path of another version's node.");
  const servers: MeasuredServer[] = [];
  try {
    const subjects: { server: MeasuredServer; routes: Route[] }[] = [];
    for (const node of [process.execPath, program]) {
      const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key }, node);
      servers.push(server);
      subjects.push({
        server,
        routes: await prepareRoutes(server, path.join(server.data_dir, "label_studio.sqlite3")),
      });
    }
    console.log(`| route | a second: ${process.version}, ${program} | ratio |\n| --- | ---: | ---: |`);
    for (const [index, { name }] of (subjects[0]?.routes ?? []).entries()) {
      const rates: number[][] = [[], []];
      for (let round = -warmUps; round < rounds; round++)
        for (const [which, { server, routes }] of subjects.entries()) {
          const perSecond = await measure(server, routes[index]);
          if (round >= 0) rates[which]?.push(perSecond);
        }
      const [own = [], other = []] = rates;
      const ratio = median(other.map((rate, round) => rate / (own[round] ?? Number.NaN)));
      console.log(`| ${name} | ${median(own).toFixed(0)}, ${median(other).toFixed(0)} | ${ratio.toFixed(2)} |`);
    }
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function measure({ address }: MeasuredServer, route: Route | undefined): Promise<number> {
  if (!route) return Number.NaN;
  return answersPerSecond({
    port: Number(new URL(address).port),
    requests: await route.requests(),
    status: route.status ?? 200,
    connections,
    milliseconds: roundMilliseconds,
  });
}
