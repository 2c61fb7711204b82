import type { Problem } from "./check-files.ts";

const atATime = 200;
const shown = 100;

/** Has the problems of an import kept, some at a time; the first hundred are also at hand. */
export function problemList(keep: (problems: Problem[]) => Promise<void>) {
  const first: Problem[] = [];
  let waiting: Problem[] = [];
  const flush = async (): Promise<void> => {
    await keep(waiting);
    waiting = [];
  };
  const add = async (problem: Problem): Promise<void> => {
    if (first.length < shown) first.push(problem);
    waiting.push(problem);
    if (waiting.length >= atATime) await flush();
  };
  return { first, add, flush };
}
