import { pino } from "pino";
import type { DestinationStream, Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

export type LogLevel = "debug" | "info" | "warn" | "error";

const secrets = ["config", "password", "token", "cookie", "*.password", "*.token", "*.cookie", "*.authorization"];

/** The fields of PostgreSQL's errors that quote values of the row. */
const quotedValues = ["detail", "where", "internalQuery"];

/**
 * Creates a logger that writes lines of JSON without secrets. Commands log to standard error, since standard output is for
 * their results. A stream of the process is written to by its file descriptor, so that a server goes on when no one reads its
 * log any more.
 */
export function createLogger(level: LogLevel, stream: DestinationStream & { fd?: number }): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: [...secrets, ...quotedValues.map((name) => `err.${name}`)],
    },
    stream.fd === undefined ? stream : pino.destination({ dest: stream.fd, sync: true }),
  );
}
