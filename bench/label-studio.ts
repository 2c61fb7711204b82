import path from "node:path";

import { closeDatabase } from "../src/database/close.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { addPeople } from "./add-records.ts";
import { answersPerSecond } from "./load.ts";
import type { LoadRequest } from "./load.ts";
import { median } from "./median.ts";
import type { Ratio } from "./ratios.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const warmUps = 3;
const rounds = 5;
const roundMilliseconds = 3000;
const connections = 8;

/** Times as many answers a second as Label Studio's own `start`. */
const targets = { "log-in page": 40, whoami: 40, members: 25 };

interface Subject {
  host: string;
  port: number;
  token: string;
}

/**
 * Compares the answers a second with those of a running Label Studio, in turn, with as many members as it has: at
 * LABEL_STUDIO_URL, with the legacy token of LABEL_STUDIO_TOKEN. Without these nothing is measured.
 */
export async function againstLabelStudio(): Promise<Ratio[]> {
  const { LABEL_STUDIO_URL: address, LABEL_STUDIO_TOKEN: token } = process.env;
  if (!address || !token) {
    console.log("Label Studio is compared where LABEL_STUDIO_URL and LABEL_STUDIO_TOKEN are set.");
    return [];
  }
  const { hostname: host, port } = new URL(address);
  const other: Subject = { host, port: Number(port) || 80, token };
  const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key });
  try {
    const own = await prepare(server, await countMembers(address, token));
    const ratios: Ratio[] = [];
    for (const [what, target] of Object.entries(targets)) {
      const perSecond = ({ host, port, token }: Subject) => {
        const requests = [requestFor(what, token)];
        return answersPerSecond({ host, port, requests, status: 200, connections, milliseconds: roundMilliseconds });
      };
      const rates: number[] = [];
      for (let round = -warmUps; round < rounds; round++) {
        const [mine, theirs] = [await perSecond(own), await perSecond(other)];
        console.log(`${what}: ${mine.toFixed(0)} and ${theirs.toFixed(1)} a second`);
        // The first ones compile what runs often.
        if (round >= 0) rates.push(mine / theirs);
      }
      ratios.push({
        what: `${what}: answers a second against Label Studio`,
        ratio: median(rates),
        target,
        isLeast: true,
      });
    }
    return ratios;
  } finally {
    await server.stop();
  }
}

function requestFor(what: string, token: string): LoadRequest {
  const headers = { Authorization: `Token ${token}`, Connection: "keep-alive" };
  if (what === "log-in page") return { method: "GET", path: "/user/login/" };
  if (what === "whoami") return { method: "GET", path: "/api/current-user/whoami", headers };
  return { method: "GET", path: "/api/organizations/1/memberships?page_size=30", headers };
}

async function countMembers(address: string, token: string): Promise<number> {
  const url = new URL("/api/organizations/1/memberships?page_size=1", address);
  const answer = await fetch(url, { headers: { Authorization: `Token ${token}` } });
  if (!answer.ok)
    throw new Error(`${url.href} was answered with ${answer.status}: is LABEL_STUDIO_TOKEN a legacy token?`);
  return ((await answer.json()) as { count: number }).count;
}

async function prepare(server: MeasuredServer, members: number): Promise<Subject> {
  await signUp(server);
  const database = openDatabase({ client: "sqlite3", file: path.join(server.data_dir, "label_studio.sqlite3") });
  const repositories = createRepositories(database, { secret_key, password_cost: 4 });
  await repositories.organizations.update(1, { legacy_api_tokens_enabled: true });
  await addPeople(repositories, members - 1);
  const legacy = await repositories.legacyTokens.findByUser(1);
  await closeDatabase(database);
  return { host: "127.0.0.1", port: Number(new URL(server.address).port), token: legacy?.token ?? "" };
}
