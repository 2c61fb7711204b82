import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const label_config = '<View><Image name="i" value="$image"/></View>';
const largeMegabytes = 199;
const small = { files: 300, kilobytes: 200, atOnce: 100 };

/** How fast uploads are stored and read, in the database and in a folder, and how much memory a large one takes. */
export async function uploads(): Promise<void> {
  await measure("database (SQLite)", {});
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-bench-uploads-"));
  await measure("folder", { LABEL_STUDIO_UPLOADS_DIR: folder });
  rmSync(folder, { recursive: true });
}

async function measure(place: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const server = await startServer(variables);
  const headers = { Cookie: await signUp(server) };
  const created = await fetch(`${server.address}/api/projects/`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ title: "Uploads", label_config }),
  });
  const project = (await created.json()) as { id: number };
  const send = async (names: string[], content: Uint8Array<ArrayBuffer>) => {
    const form = new FormData();
    for (const name of names) form.append("file", new Blob([content]), name);
    const answer = await fetch(`${server.address}/api/projects/${project.id}/import`, {
      method: "POST",
      headers,
      body: form,
    });
    if (answer.status !== 201) throw new Error(await answer.text());
  };
  const list = async (): Promise<string[]> => {
    const answer = await fetch(`${server.address}/api/projects/${project.id}/file-uploads?all=true`, { headers });
    return ((await answer.json()) as { file: string }[]).map(({ file }) => `${server.address}/data/${file}`);
  };
  const read = async (address: string) => (await (await fetch(address, { headers })).arrayBuffer()).byteLength;

  await send(["warm.png"], new Uint8Array(1000));
  const before = memory(server);
  const written = await seconds(() => send(["large.mp4"], new Uint8Array(largeMegabytes * 1024 * 1024)));
  const [, large = ""] = await list();
  const readBack = await seconds(() => read(large));
  const peak = memory(server);
  const [smallWritten, smallRead] = await measureSmall(send, list, read);
  console.log(
    `${place}: ${rate(largeMegabytes, written)} written and ${rate(largeMegabytes, readBack)} read of ${largeMegabytes} MB, ` +
      `memory ${before.now} MB before, at most ${peak.highest} MB; ${small.files} files of ${small.kilobytes} KB: ` +
      `${Math.round(small.files / smallWritten)} a second written, ${Math.round(small.files / smallRead)} a second read`,
  );
  await server.stop();
}

async function measureSmall(
  send: (names: string[], content: Uint8Array<ArrayBuffer>) => Promise<void>,
  list: () => Promise<string[]>,
  read: (address: string) => Promise<number>,
): Promise<[written: number, read: number]> {
  const content = new Uint8Array(small.kilobytes * 1024);
  const names = Array.from({ length: small.atOnce }, (_, index) => `small${index}.png`);
  const written = await seconds(async () => {
    for (let sent = 0; sent < small.files; sent += small.atOnce) await send(names, content);
  });
  const addresses = (await list()).slice(2);
  const readBack = await seconds(async () => {
    for (const address of addresses) await read(address);
  });
  return [written, readBack];
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function rate(megabytes: number, time: number): string {
  return `${Math.round(megabytes / time)} MB/s`;
}

/** Megabytes of the server's process, as Linux counts them. */
function memory({ pid }: MeasuredServer): { now: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { now: megabytes("VmRSS"), highest: megabytes("VmHWM") };
}
