import type { FailureLog } from "../common/logger.ts";
import { daysFromNow } from "../common/timestamps.ts";
import type { Config } from "../config/config.ts";
import type { Repositories } from "../repositories/index.ts";

const hour = 3_600_000;

/** Deletes expired rows once an hour. Returns the function that stops it, and resolves when the last deletion has ended. */
export function startCleanup(
  {
    events,
    sessions,
    secretKeys,
    loginThrottle,
    recoveryLinks,
    taskAssignments,
    imports,
    storedFiles,
    takeOuts,
    idempotencyRecords,
  }: Repositories,
  { event_retention_days }: Pick<Config, "event_retention_days">,
  log: FailureLog,
): () => Promise<void> {
  let running = Promise.resolve();
  const cleanUp = async () => {
    await sessions.deleteExpired();
    await secretKeys.deleteUnused();
    await loginThrottle.deleteOld();
    await events.deleteBefore(daysFromNow(-event_retention_days));
    await recoveryLinks.deleteOld();
    await taskAssignments.deleteExpired();
    await idempotencyRecords.deleteOld();
    await imports.deleteOld();
    await takeOuts.deleteOld();
    await storedFiles.deleteUnneeded();
  };
  const timer = setInterval(() => {
    running = cleanUp().catch((error: unknown) => log.error({ err: error }, "housekeeping failed"));
  }, hour);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}
