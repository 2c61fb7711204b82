import { readlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * Lets other threads and processes go before this thread. Only Linux gives threads priorities of their own; elsewhere, and where it
 * can't be told which thread this is, nothing changes.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== "linux") return;
  try {
    const thread = Number(path.basename(readlinkSync("/proc/thread-self")));
    os.setPriority(thread, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The work is done all the same.
  }
}
