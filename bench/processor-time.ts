import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second, whatever the kernel's own clock is. */
const ticksPerSecond = 100;

/** The processor time of a process with all its threads until now, in microseconds; NaN where only Linux would tell. */
export function processorTime(pid: number): number {
  if (process.platform !== "linux") return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may have spaces.
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return (((user ?? 0) + (system ?? 0)) * 1_000_000) / ticksPerSecond;
}
