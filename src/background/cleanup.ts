import type { Logger } from "../common/logger.ts";
import type { Repositories } from "../repositories/index.ts";

const hour = 3_600_000;

/** Deletes what has had its time, once an hour; gives the function that stops it. */
export function startCleanup(
  { sessions, loginThrottle, taskAssignments, imports, storedFiles }: Repositories,
  log: Logger,
): () => void {
  const tidy = async () => {
    await sessions.deleteExpired();
    await loginThrottle.deleteOld();
    await taskAssignments.deleteExpired();
    await imports.deleteOld();
    await storedFiles.deleteUnneeded();
  };
  const timer = setInterval(() => {
    tidy().catch((error: unknown) => log.error({ err: error }, "housekeeping failed"));
  }, hour);
  timer.unref();
  return () => clearInterval(timer);
}
