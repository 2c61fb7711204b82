import { createWriteStream, openAsBlob, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { median, milliseconds } from "./median.ts";
import { signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const few = 1_000;
const many = 1_000_000;
const visits = 31;
const label_config =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="good"/><Choice value="bad"/></Choices></View>';

/** Imports a million tasks, and compares the pages of that project with those of a project with a thousand tasks. */
export async function millionTasks(): Promise<void> {
  const server = await startServer();
  const cookie = await signUp(server);
  const small = await createProject(server, cookie, few);
  const started = performance.now();
  const large = await createProject(server, cookie, many);
  const seconds = (performance.now() - started) / 1000;
  console.log(`Import of ${many.toLocaleString("en")} tasks: ${seconds.toFixed(0)} s`);
  if (process.platform === "linux") console.log(`Most memory meanwhile: ${peakMegabytes(server.pid).toFixed(0)} MB`);

  const pages: [string, (project: number) => string][] = [
    ["the project's page", (project) => `/projects/${project}`],
    ["its tasks that are not labeled yet", (project) => `/projects/${project}?state=to-label`],
    ["the label page", (project) => `/projects/${project}/label`],
  ];
  for (const [name, address] of pages) {
    const times: Record<"few" | "many", number[]> = { few: [], many: [] };
    for (let visit = 0; visit < visits; visit++) {
      times.few.push(await visitTime(server.address + address(small), cookie));
      times.many.push(await visitTime(server.address + address(large), cookie));
    }
    const [before, after] = [median(times.few), median(times.many)];
    const comparison = `${milliseconds(before)} and ${milliseconds(after)}, ${(after / before).toFixed(2)} times`;
    console.log(`With ${few.toLocaleString("en")} and ${many.toLocaleString("en")} tasks, ${name}: ${comparison}`);
  }
  await server.stop();
}

/** Creates a project with this many tasks, and returns its id. */
export async function createProject(server: MeasuredServer, cookie: string, tasks: number): Promise<number> {
  const file = path.join(server.data_dir, `${tasks}.csv`);
  await pipeline(Readable.from(lines(tasks)), createWriteStream(file));
  const created = await fetch(`${server.address}/api/projects/`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({ title: "Reviews", label_config }),
  });
  const { id } = (await created.json()) as { id: number };
  const form = new FormData();
  form.append("file", await openAsBlob(file), "tasks.csv");
  const answer = await fetch(`${server.address}/api/projects/${id}/import`, {
    method: "POST",
    headers: { cookie },
    body: form,
  });
  const { task_count } = (await answer.json()) as { task_count: number };
  if (task_count !== tasks) throw new Error(`Only ${task_count} of ${tasks} tasks were imported.`);
  return id;
}

function* lines(tasks: number): Generator<string> {
  yield "text,source\n";
  for (let index = 0; index < tasks; index += 1000)
    yield Array.from(
      { length: 1000 },
      (_, line) => `"Review ${index + line}: as long as people write them, with a word or two more.",shop ${line}\n`,
    ).join("");
}

async function visitTime(url: string, cookie: string): Promise<number> {
  const started = performance.now();
  await (await fetch(url, { headers: { cookie } })).text();
  return performance.now() - started;
}

function peakMegabytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
