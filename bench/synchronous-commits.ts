import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

import { createApp } from "../src/app.ts";
import { createLogger } from "../src/common/logger.ts";
import { loadConfig } from "../src/config/config.ts";
import { migrate } from "../src/database/migrate.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { median, milliseconds } from "./median.ts";

const rounds = 15;
const savesPerRound = 100;

interface Setting {
  name: "FULL" | "NORMAL";
  saveSome: (atOnce: number) => Promise<number>;
  close: () => Promise<void>;
}

/**
 * Compares how long it takes to save an annotation by the API when SQLite waits at each commit until the disk has it
 * (`synchronous = FULL`) and when it waits only now and then (NORMAL), in turns.
 */
export async function synchronousCommits(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-bench-"));
  const settings = [await open(folder, "FULL"), await open(folder, "NORMAL")];
  for (const atOnce of [1, 20]) {
    const times = new Map(settings.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, saveSome } of settings) times.get(name)?.push(await saveSome(atOnce));
    }
    const [full = [], normal = []] = [times.get("FULL"), times.get("NORMAL")];
    const ratio = median(full.map((time, round) => time / (normal[round] ?? 1)));
    const each = `${milliseconds(median(full))} FULL, ${milliseconds(median(normal))} NORMAL`;
    console.log(`On SQLite, an annotation saved, ${atOnce} people at once: ${each}, ${ratio.toFixed(2)} times`);
  }
  for (const { close } of settings) await close();
  rmSync(folder, { recursive: true });
}

async function open(folder: string, name: Setting["name"]): Promise<Setting> {
  const database = openDatabase({ client: "sqlite3", file: path.join(folder, `${name}.sqlite3`) });
  await migrate(database);
  await database.raw(`PRAGMA synchronous = ${name}`);
  const config = { ...loadConfig({}, {}), secret_key: "bench ".repeat(10) };
  const { users, legacyTokens, projects, tasks } = createRepositories(database, config);
  const user = await users.create({ email: "ada@example.com", legacy_api_tokens_enabled: true });
  const token = (await legacyTokens.findByUser(user.id))?.token;
  const task = await tasks.create(await projects.create(1, user.id, {}), { data: "{}", meta: "{}" }, 1);
  const log = createLogger("error", process.stderr);
  const handle = (await createApp({ config, database, log })).callback();
  const server = http.createServer((request, response) => void handle(request, response)).listen(0);
  await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}/api/tasks/${task.id}/annotations/`;
  const headers = { Authorization: `Token ${token}`, "Content-Type": "application/json" };
  const save = async () => {
    const answer = await fetch(url, { method: "POST", headers, body: '{"result": []}' });
    if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  return {
    name,
    /** Returns the milliseconds for each annotation. */
    async saveSome(atOnce) {
      const started = performance.now();
      for (let saved = 0; saved < savesPerRound; saved += atOnce)
        await Promise.all(Array.from({ length: atOnce }, save));
      return (performance.now() - started) / savesPerRound;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await database.destroy();
    },
  };
}
