import type { Repositories } from "../repositories/index.ts";
import type { Problem } from "./check-files.ts";

const atATime = 200;
const shown = 100;

/** Keeps the problems of an import with it, some at a time; the first hundred are also at hand. */
export function problemList(imports: Pick<Repositories["imports"], "addProblems">, import_id: number) {
  const first: Problem[] = [];
  let waiting: Problem[] = [];
  const flush = async (): Promise<void> => {
    await imports.addProblems(import_id, waiting);
    waiting = [];
  };
  const add = async (problem: Problem): Promise<void> => {
    if (first.length < shown) first.push(problem);
    waiting.push(problem);
    if (waiting.length >= atATime) await flush();
  };
  return { first, add, flush };
}
