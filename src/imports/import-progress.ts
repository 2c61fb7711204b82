import { minutesFromNow } from "../common/timestamps.ts";
import type { Import } from "../repositories/jobs/imports.ts";

interface ImportProgress {
  /** It is unfinished, and made progress lately. */
  is_running: boolean;
  /** It is unfinished without progress: no server works on it, or it failed and is retried later. */
  is_stalled: boolean;
  /** Of its current step, a whole number. */
  percent: number;
}

/** Minutes without progress until an import counts as stalled. */
const stallMinutes = 2;

/** How far an import is: files are validated by their bytes, tasks are added and deleted by their number. */
export function importProgress(row: Import): ImportProgress {
  const { state, updated_at } = row;
  const isUnfinished = state === "checking" || state === "adding" || state === "undoing";
  const isUpdated = updated_at >= minutesFromNow(-stallMinutes);
  const [done, total] = stepOf(row);
  return {
    is_running: isUnfinished && isUpdated,
    is_stalled: isUnfinished && !isUpdated,
    percent: total ? Math.max(0, Math.min(100, Math.floor((done / total) * 100))) : 0,
  };
}

function stepOf({ state, tasks_added, task_count, bytes_checked, bytes }: Import): [done: number, total: number] {
  if (state === "undoing") return [task_count - tasks_added, task_count];
  return state === "adding" ? [tasks_added, task_count] : [bytes_checked, bytes];
}
