// Required by a server that is measured: notes how long its event loop was kept by one piece of work at most. Writes that to
// STALL_FILE for each SIGUSR2, and begins anew.
const { openSync, readSync, readlinkSync, writeFileSync } = require("node:fs");

const interval = 5;
const bytes = Buffer.alloc(100);
const schedstat =
  process.platform === "linux" ? openSync(`/proc/${readlinkSync("/proc/thread-self")}/schedstat`) : undefined;

/** Milliseconds that a processor worked for this thread; only Linux tells. */
function processorTime() {
  if (schedstat === undefined) return performance.now();
  return Number.parseInt(bytes.toString("latin1", 0, readSync(schedstat, bytes, 0, bytes.length, 0)), 10) / 1e6;
}

let longest = 0;
let last = { at: performance.now(), time: processorTime() };
setInterval(() => {
  const next = { at: performance.now(), time: processorTime() };
  // What it waited for a processor that others had is not its work.
  longest = Math.max(longest, Math.min(next.at - last.at, next.time - last.time));
  last = next;
}, interval).unref();

process.on("SIGUSR2", () => {
  writeFileSync(process.env.STALL_FILE, String(longest));
  longest = 0;
});
