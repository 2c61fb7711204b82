import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

export type Log = Logger;

export type LogLevel = "debug" | "info" | "warn" | "error";

const secrets = ["config", "password", "token", "cookie", "*.password", "*.token", "*.cookie", "*.authorization"];

/** Where PostgreSQL's errors hold what was to be stored. */
const values = ["detail", "where", "internalQuery"];

/** Lines of JSON, on standard error so that standard output stays for what a command answers. */
export function createLogger(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: [...secrets, ...values.map((name) => `err.${name}`)],
    },
    destination,
  );
}
