import { minutesFromNow } from "../common/timestamps.ts";
import type { Import } from "../repositories/jobs/imports.ts";

export interface HowFar {
  /** It is on its way, and something was heard of it lately. */
  is_running: boolean;
  /** It is on its way, but nothing happens: no server goes on with it, or it failed and is tried again later. */
  has_stopped: boolean;
  /** Of the step that it is in, a whole number. */
  percent: number;
}

const patienceMinutes = 2;

/** How far an import is: files are checked by their bytes, tasks are added by their number. */
export function importProgress(wanted: Import): HowFar {
  const { state, updated_at } = wanted;
  const isUnderWay = state === "checking" || state === "adding";
  const isHeardOf = updated_at >= minutesFromNow(-patienceMinutes);
  const [done, all] =
    state === "adding" ? [wanted.tasks_added, wanted.task_count] : [wanted.bytes_checked, wanted.bytes];
  return {
    is_running: isUnderWay && isHeardOf,
    has_stopped: isUnderWay && !isHeardOf,
    percent: all ? Math.min(100, Math.floor((done / all) * 100)) : 0,
  };
}
