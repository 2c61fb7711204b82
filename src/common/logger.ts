import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

export type Log = Logger;

export type LogLevel = "debug" | "info" | "warn" | "error";

const secrets = ["config", "password", "token", "cookie", "*.password", "*.token", "*.cookie", "*.authorization"];

/** Where PostgreSQL's errors hold what was to be stored. */
const values = ["detail", "where", "internalQuery"];

/**
 * Writes lines of JSON. Commands log to standard error, since standard output is for their results. A stream of the process
 * is written to by its file descriptor, so that a server goes on when nobody reads its log any more.
 */
export function createLogger(level: LogLevel, stream: DestinationStream & { fd?: number }): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: [...secrets, ...values.map((name) => `err.${name}`)],
    },
    stream.fd === undefined ? stream : pino.destination({ dest: stream.fd, sync: true }),
  );
}
