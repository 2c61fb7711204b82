import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import type { CeilingAnswer, CeilingPorts, CeilingTask } from "./ceiling.ts";

/** The process of bench/ceiling.ts. */
export interface Ceiling {
  pid: number;
  /** Records a request, and resolves when it is served. */
  serve(task: CeilingTask): Promise<CeilingPorts>;
  stop(): void;
}

/** Starts it on a file of SQLite, to which it writes. */
export function startCeiling(file: string): Ceiling {
  const program = path.join(import.meta.dirname, "ceiling.ts");
  const child = fork(program, [file], { cwd: path.dirname(import.meta.dirname), execArgv: ["--import", "tsx"] });
  const exited = once(child, "exit").then(([code]) => ({ problem: `The ceiling ended with ${String(code)}.` }));
  return {
    pid: child.pid ?? 0,
    async serve(task) {
      child.send(task);
      const message = once(child, "message").then(([answer]) => answer as CeilingAnswer);
      const answer = await Promise.race([message, exited]);
      if ("problem" in answer) throw new Error(answer.problem);
      return answer;
    },
    stop: () => child.disconnect(),
  };
}
