import { readFileSync } from "node:fs";

import { median, milliseconds } from "./median.ts";
import { startServer } from "./server.ts";

const runs = 7;

/** Measures from the command to the first page on an empty data directory, and the memory after it (Linux only). */
export async function firstPage(): Promise<void> {
  const times: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const server = await startServer();
    await (await fetch(`${server.address}/user/signup/`)).text();
    times.push(performance.now() - started);
    if (process.platform === "linux") memory.push(residentMegabytes(server.pid));
    await server.stop();
  }
  console.log(`First page after the command, median of ${runs}: ${milliseconds(median(times))}`);
  if (memory.length) console.log(`Memory after it: ${median(memory).toFixed(0)} MB`);
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
