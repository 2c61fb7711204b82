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

/** How far an import is: files are validated by their bytes, tasks are added by their number. */
export function importProgress(row: Import): ImportProgress {
  const { state, updated_at } = row;
  const isUnfinished = state === "checking" || state === "adding";
  const isUpdated = updated_at >= minutesFromNow(-stallMinutes);
  const [done, total] = state === "adding" ? [row.tasks_added, row.task_count] : [row.bytes_checked, row.bytes];
  return {
    is_running: isUnfinished && isUpdated,
    is_stalled: isUnfinished && !isUpdated,
    percent: total ? Math.min(100, Math.floor((done / total) * 100)) : 0,
  };
}
