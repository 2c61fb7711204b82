import type { Knex } from "knex";

import type { FailureLog, Logger } from "../common/logger.ts";
import { isUnreachable } from "./errors.ts";

/** How often a database that can't be reached is asked again, in milliseconds. */
const probeInterval = 1000;

/** Whether the database answers queries now. */
export async function isReachable(database: Knex): Promise<boolean> {
  try {
    await database.raw("select 1");
    return true;
  } catch (error) {
    if (isUnreachable(error)) return false;
    throw error;
  }
}

/** Logs failures, but not each that belongs to the same outage of the database. */
export interface OutageLog extends FailureLog {
  /**
   * Returns whether the error means that the database can't be reached. The first such error of an outage is logged, and
   * one line when the database answers again: each request fails meanwhile, so that more would fill the log.
   */
  report: (error: unknown) => boolean;
}

/** Logs the beginning and the end of each outage of a database, until `stopping`. */
export function createOutageLog(database: Knex, log: Logger, stopping: AbortSignal): OutageLog {
  let beganAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  stopping.addEventListener("abort", () => clearTimeout(timer), { once: true });

  const probeLater = (): void => {
    if (!stopping.aborted) timer = setTimeout(() => void probe(), probeInterval).unref();
  };
  const probe = async (): Promise<void> => {
    // Any other error is no answer either.
    if (!(await isReachable(database).catch(() => false))) return probeLater();
    const seconds = Math.round((Date.now() - (beganAt ?? 0)) / 1000);
    beganAt = undefined;
    log.info({ event: "database_reachable", seconds }, "the database answers again");
  };
  const report = (error: unknown): boolean => {
    if (!isUnreachable(error)) return false;
    if (beganAt === undefined) {
      beganAt = Date.now();
      log.error({ event: "database_unreachable", err: error }, "the database can't be reached");
      probeLater();
    }
    return true;
  };

  return {
    report,
    error: (fields, message) => {
      if (!report(fields.err)) log.error(fields, message);
    },
    warn: (fields, message) => {
      if (!report(fields.err)) log.warn(fields, message);
    },
  };
}
