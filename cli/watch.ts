import type { Watching } from "../src/database/transfer/copy.ts";
import { showProgress } from "./progress.ts";
import { stopSignal } from "./stop-signal.ts";

/** Does some work with its progress shown, until it is done or told to stop. */
export async function watched<Result>(stopped: string, work: (watching: Watching) => Promise<Result>): Promise<Result> {
  const progress = showProgress();
  try {
    return await work({ tellProgress: (at) => progress.tell(at), signal: stopSignal(stopped) });
  } finally {
    progress.end();
  }
}
